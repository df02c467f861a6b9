"""Published versions, kept in the process: nearly every page of a learner asks for them, and they never change."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.kept import apart, keep
from lms.curriculum.models import Course, CourseVersion, Module

WHOLE = (
    selectinload(CourseVersion.course),
    selectinload(CourseVersion.modules),
    selectinload(CourseVersion.topics),
)


def get_published(version_id: int) -> CourseVersion:
    """The version with its course, texts, modules and topics; NotFound when there is none. Once published it belongs
    to no session; before that, in the transaction that publishes it, to the one that asks."""
    try:
        return _version(version_id)
    except LookupError:
        version = db.session.get(CourseVersion, version_id)
    if version is None:
        raise NotFound
    return version


def get_module(version_id: int, code: str) -> Module:
    """One module of a version; NotFound otherwise."""
    for module in get_published(version_id).modules:
        if module.code == code:
            return module
    raise NotFound


def find_course(code: str) -> Course | None:
    """The course with this code, likewise."""
    try:
        return _course(code)
    except LookupError:
        return db.session.scalar(select(Course).where(Course.code == code))


@keep(64)
def _version(version_id: int) -> CourseVersion:
    with apart() as session:
        found = session.scalar(select(CourseVersion).where(CourseVersion.id == version_id).options(*WHOLE))
        if found is None:
            raise LookupError(version_id)
        return found


@keep(64)
def _course(code: str) -> Course:
    with apart() as session:
        found = session.scalar(select(Course).where(Course.code == code))
        if found is None:
            raise LookupError(code)
        return found

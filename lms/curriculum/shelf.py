"""Published versions, kept in the process: nearly every page of a learner asks for them, and they never change."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lms.core.errors import NotFound
from lms.core.kept import keep
from lms.curriculum.models import Course, CourseVersion, Module

WHOLE = (
    selectinload(CourseVersion.course),
    selectinload(CourseVersion.modules),
    selectinload(CourseVersion.topics),
)


def get_published(version_id: int) -> CourseVersion:
    """The version with its course, texts, modules and topics; NotFound when there is none."""
    version = _version(version_id)
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
    """The course with this code."""
    return _course(code)


@keep(64)
def _version(session: Session, version_id: int) -> CourseVersion | None:
    return session.scalar(select(CourseVersion).where(CourseVersion.id == version_id).options(*WHOLE))


@keep(64)
def _course(session: Session, code: str) -> Course | None:
    return session.scalar(select(Course).where(Course.code == code))

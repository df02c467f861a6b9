"""What each published version of a course asks for."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select

from lms.core.database.base import db
from lms.curriculum.models import CourseVersion, Module, Requirement
from lms.learning.rules import activities_of


def list_required_by_version() -> dict[int, list[str]]:
    """Activities that each course version asks for, in order, by version id."""
    codes = defaultdict(list)
    for version_id, code in db.session.execute(
        select(Module.version_id, Module.code).order_by(Module.version_id, Module.position)
    ):
        codes[version_id].append(code)
    return {
        version_id: activities_of(codes[version_id], workshop=workshop)
        for version_id, workshop in db.session.execute(select(CourseVersion.id, CourseVersion.workshop))
    }


def list_newest_versions(campaign_id: int) -> dict[tuple[str, bool], dict[int, int]]:
    """The courses that members must take and the newest version of each, by level of commission and by whether they
    are asked of late comers only: (level, late) -> course id -> version id."""
    newest = (
        select(CourseVersion.course_id, func.max(CourseVersion.number).label("number"))
        .group_by(CourseVersion.course_id)
        .subquery()
    )
    found: dict[tuple[str, bool], dict[int, int]] = defaultdict(dict)
    for level, late_days, course_id, version_id in db.session.execute(
        select(Requirement.level, Requirement.late_days, CourseVersion.course_id, CourseVersion.id)
        .join(newest, newest.c.course_id == Requirement.course_id)
        .join(
            CourseVersion,
            (CourseVersion.course_id == newest.c.course_id) & (CourseVersion.number == newest.c.number),
        )
        .where(Requirement.campaign_id == campaign_id)
        .order_by(Requirement.id)
    ):
        found[level, late_days is not None][course_id] = version_id
    return found

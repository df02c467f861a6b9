"""What the worker does about manuals."""

from __future__ import annotations

from typing import Any

from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.errors import NotFound
from lms.core.jobs.queue import Progress, every_minute, work
from lms.curriculum.models import CourseVersion
from lms.manuals import actions, printing, queries


@every_minute("manuals.ask_for_missing")
def ask_for_missing() -> None:
    """A course published since the last look gets its manuals."""
    actions.ask_for_missing(by=SYSTEM)


@work(queries.JOB)
def build(progress: Progress, params: dict[str, Any]) -> None:
    """Print one manual. Nothing is held in the database while pages are laid out, so that nobody waits for it."""
    language = str(params["language"])
    with only_reading():
        pages = printing.prepare_manual(_version(params), language)
        db.session.rollback()
    content = printing.print_manual(pages)
    actions.keep_manual(version=_version(params), language=language, content=content, by=SYSTEM)


def _version(params: dict[str, Any]) -> CourseVersion:
    version = db.session.get(CourseVersion, params["version_id"])
    if version is None:
        raise NotFound("The course version of this manual is gone.")
    return version

"""Ask for manuals and keep them."""

from __future__ import annotations

from datetime import timedelta

from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.jobs.queue import ask_for
from lms.curriculum.models import CourseVersion
from lms.manuals import queries
from lms.manuals.building import Built
from lms.manuals.models import ManualFile
from lms.manuals.rules import Format

AGAIN_AFTER = timedelta(hours=1)
"""A manual whose building failed is asked for again after this time."""


def ask_for_missing(*, by: Actor) -> int:
    """Ask for every manual that is not there; how many were asked for."""
    missing = queries.list_missing(clock.machine_time() - AGAIN_AFTER)
    for version_id, language in missing:
        ask_for(queries.JOB, by=by, version_id=version_id, language=language)
    return len(missing)


def keep_manual(*, version: CourseVersion, language: str, format: Format, built: Built, by: Actor) -> ManualFile:
    """Keep the manual of a version in a language and a format; a manual kept before is replaced."""
    stored = storage.store(built.content, name=file_name(version, language, format), media_type=format.media_type)
    row = db.session.merge(
        ManualFile(
            version_id=version.id,
            language=language,
            format=format,
            file_id=stored.id,
            pages=built.pages,
            built_at=clock.now(),
        )
    )
    db.session.flush()
    subject = f"course_version:{version.id}"
    record("manuals.built", by=by, subject=subject, language=language, format=str(format), sha256=stored.sha256)
    return row


def file_name(version: CourseVersion, language: str, format: Format) -> str:
    """The name under which people keep the file."""
    size = "" if format is Format.EPUB else f"-{format}"
    return f"{version.course.code}-v{version.number}-{language}{size}.{format.suffix}"

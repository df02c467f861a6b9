"""Build manuals and keep them."""

from __future__ import annotations

from datetime import timedelta

from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.jobs.queue import ask_for
from lms.curriculum.models import CourseVersion
from lms.manuals import printing, queries
from lms.manuals.models import ManualFile

AGAIN_AFTER = timedelta(hours=1)
"""A manual whose building failed is asked for again after this time."""


def ask_for_missing(*, by: Actor) -> int:
    """Ask for every manual that is not there; how many were asked for."""
    missing = queries.list_missing(clock.machine_time() - AGAIN_AFTER)
    for version_id, language in missing:
        ask_for(queries.JOB, by=by, version_id=version_id, language=language)
    return len(missing)


def keep_manual(*, version: CourseVersion, language: str, content: bytes, by: Actor) -> ManualFile:
    """Keep the manual of a version in a language; a manual kept before is replaced."""
    stored = storage.store(content, name=printing.file_name(version, language), media_type="application/pdf")
    row = db.session.merge(
        ManualFile(
            version_id=version.id,
            language=language,
            file_id=stored.id,
            pages=printing.count_pages(content),
            built_at=clock.now(),
        )
    )
    db.session.flush()
    record("manuals.built", by=by, subject=f"course_version:{version.id}", language=language, sha256=stored.sha256)
    return row

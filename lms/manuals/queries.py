"""Find manuals: which there should be, which are ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.jobs.models import Job
from lms.core.web.languages import LANGUAGES
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import find_course, find_newest_version, list_newest_versions
from lms.manuals.models import ManualFile

JOB = "manuals.build"


@dataclass(frozen=True)
class Manual:
    """The manual of a course's newest version: a file for each language that is ready."""

    version: CourseVersion
    files: dict[str, ManualFile]
    """language -> file"""

    @property
    def languages(self) -> list[str]:
        """The languages in which the course is written, in the usual order."""
        return languages_of(self.version)


def languages_of(version: CourseVersion) -> list[str]:
    """The languages of a course version that the interface speaks too, in the usual order."""
    written = {text.language for text in version.texts}
    return [language for language in LANGUAGES if language in written]


def list_manuals() -> list[Manual]:
    """The manual of every course, ready or not."""
    versions = list_newest_versions()
    rows = db.session.scalars(select(ManualFile).where(ManualFile.version_id.in_([one.id for one in versions]))).all()
    return [
        Manual(version, {row.language: row for row in rows if row.version_id == version.id}) for version in versions
    ]


def get_newest(name: str) -> CourseVersion:
    """The version whose manual has this name (the course's code); NotFound otherwise."""
    course = find_course(name)
    version = find_newest_version(course.id) if course else None
    if version is None:
        raise NotFound(f"There is no manual '{name}'. A manual has the name of a published course.")
    return version


def get_file(name: str, language: str) -> ManualFile:
    """The newest manual with this name in this language; NotFound while it is not ready."""
    found = db.session.get(ManualFile, (get_newest(name).id, language))
    if found is None:
        raise NotFound
    return found


def list_missing(asked_since: datetime) -> list[tuple[int, str]]:
    """(version id, language) of every manual that is not there and was not asked for since that moment."""
    jobs: Sequence[Job] = db.session.scalars(
        select(Job).where(Job.kind == JOB, (Job.created_at >= asked_since) | Job.state.in_(["queued", "running"]))
    ).all()
    asked = {(job.params["version_id"], job.params["language"]) for job in jobs}
    return [
        (manual.version.id, language)
        for manual in list_manuals()
        for language in manual.languages
        if language not in manual.files and (manual.version.id, language) not in asked
    ]

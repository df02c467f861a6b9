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
from lms.curriculum.queries import find_course, find_newest_version, get_course, list_newest_versions, list_versions
from lms.manuals.models import ManualFile
from lms.manuals.rules import Format

JOB = "manuals.build"


@dataclass(frozen=True)
class Manual:
    """The manual of a course version: a file for each language and format that is ready."""

    version: CourseVersion
    files: dict[tuple[str, str], ManualFile]
    """(language, format) -> file"""
    progress: dict[str, Job]
    """language -> the job that builds what is missing, while there is one"""

    @property
    def languages(self) -> list[str]:
        """The languages in which the course is written, in the usual order."""
        return languages_of(self.version)

    def in_language(self, language: str) -> list[ManualFile]:
        """The files that are ready in a language, in the usual order of formats."""
        return [self.files[language, format] for format in Format if (language, format) in self.files]

    def lacks(self, language: str) -> bool:
        """Whether a format is not ready in a language."""
        return len(self.in_language(language)) < len(Format)

    def percent_of(self, language: str) -> int:
        """How far the building of a language is, in per cent."""
        job = self.progress.get(language)
        return job.done * 100 // job.total if job and job.total else 0


def languages_of(version: CourseVersion) -> list[str]:
    """The languages of a course version that the interface speaks too, in the usual order."""
    written = {text.language for text in version.texts}
    return [language for language in LANGUAGES if language in written]


def list_manuals() -> list[Manual]:
    """The manual of every course, ready or not."""
    return _manuals(list_newest_versions())


def list_earlier(name: str) -> list[Manual]:
    """The manuals of a course's earlier versions that were made, the newest first; NotFound without the course."""
    newest = get_newest(name)
    versions = [version for version in list_versions(newest.course_id) if version.id != newest.id]
    return [manual for manual in _manuals(versions) if manual.files]


def get_newest(name: str) -> CourseVersion:
    """The version whose manual has this name (the course's code); NotFound otherwise."""
    course = find_course(name)
    version = find_newest_version(course.id) if course else None
    if version is None:
        raise NotFound(f"There is no manual '{name}'. A manual has the name of a published course.")
    return version


def get_file(name: str, language: str, format: str = Format.A4, number: int | None = None) -> ManualFile:
    """The manual with this name in this language and format, of one version or of the newest; NotFound while it is not
    ready."""
    versions = list_versions(get_course(name).id)
    version = next((one for one in versions if number in (None, one.number)), None)
    found = find_file(version.id, language, format) if version else None
    if found is None:
        raise NotFound
    return found


def find_file(version_id: int, language: str, format: str) -> ManualFile | None:
    """A manual that is ready."""
    return db.session.get(ManualFile, (version_id, language, format))


def list_missing(asked_since: datetime) -> list[tuple[int, str]]:
    """(version id, language) of every manual that lacks a format and was not asked for since that moment."""
    jobs: Sequence[Job] = db.session.scalars(
        select(Job).where(Job.kind == JOB, (Job.created_at >= asked_since) | Job.state.in_(["queued", "running"]))
    ).all()
    asked = {(job.params["version_id"], job.params["language"]) for job in jobs}
    return [
        (manual.version.id, language)
        for manual in list_manuals()
        for language in manual.languages
        if manual.lacks(language) and (manual.version.id, language) not in asked
    ]


def _manuals(versions: Sequence[CourseVersion]) -> list[Manual]:
    rows = db.session.scalars(select(ManualFile).where(ManualFile.version_id.in_([one.id for one in versions]))).all()
    jobs = db.session.scalars(select(Job).where(Job.kind == JOB, Job.state == "running")).all()
    return [
        Manual(
            version,
            {(row.language, row.format): row for row in rows if row.version_id == version.id},
            {job.params["language"]: job for job in jobs if job.params["version_id"] == version.id},
        )
        for version in versions
    ]

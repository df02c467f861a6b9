"""What the worker does about manuals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.documents import storage
from lms.core.errors import NotFound
from lms.core.jobs.queue import Progress, every_minute, work
from lms.curriculum.models import CourseVersion
from lms.manuals import actions, queries
from lms.manuals.apart import build_apart
from lms.manuals.book import Book
from lms.manuals.reading import read_book
from lms.manuals.rules import Format, expected_pages

TOLD_EVERY = 10
"""So many pages are laid out between two words about progress."""


@every_minute("manuals.ask_for_missing")
def ask_for_missing() -> None:
    """A course published since the last look gets its manuals."""
    actions.ask_for_missing(by=SYSTEM)


@work(queries.JOB, slow=True)
def build_missing(progress: Progress, params: dict[str, Any]) -> None:
    """Build a manual in every format that is not there. Each is committed when it is ready, so that what was begun goes
    on where it stopped. Nothing is held in the database while pages are laid out: nobody waits."""
    language = str(params["language"])
    with only_reading():
        version = _version(params)
        ready = {format for format in Format if queries.find_file(version.id, language, format)}
        book = read_book(version, language)
        db.session.rollback()
    missing = [format for format in Format if format not in ready]
    for format in missing:
        laid_out = _telling(progress, book, missing.index(format), len(missing))
        built = build_apart(book, format, a5=_a5(params, language, format), laid_out=laid_out)
        actions.keep_manual(version=_version(params), language=language, format=format, built=built, by=SYSTEM)
        db.session.commit()
    progress(len(missing) * 100, len(missing) * 100)


def _telling(progress: Progress, book: Book, done: int, total: int) -> Callable[[int], None]:
    """What tells how far the work is, in hundredths of each file."""
    pages = expected_pages(sum(len(chapter.html) for chapter in book.chapters))
    progress(done * 100, total * 100)

    def laid_out(page: int) -> None:
        if page % TOLD_EVERY == 0:
            progress(done * 100 + min(95, page * 100 // pages), total * 100)

    return laid_out


def _a5(params: dict[str, Any], language: str, format: Format) -> bytes | None:
    """The A5 pages, when a booklet is to be made of them."""
    if format is not Format.BOOKLET:
        return None
    with only_reading():
        found = queries.find_file(_version(params).id, language, Format.A5)
        content = storage.read(found.file_id)[1] if found else None
        db.session.rollback()
    return content


def _version(params: dict[str, Any]) -> CourseVersion:
    version = db.session.get(CourseVersion, params["version_id"])
    if version is None:
        raise NotFound("The course version of this manual is gone.")
    return version

"""Read imports, and the questions of a course as files say them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.bank.models import Draft
from lms.bank.rules import OPEN
from lms.core.database.base import db, get_row
from lms.exchange.formats.shapes import Raw
from lms.exchange.models import ImportedDraft, QuestionImport
from lms.exchange.rules import ImportState, is_untouched
from lms.questions.models import Question, QuestionVersion
from lms.questions.queries import newest_versions
from lms.questions.rules import usage_data

MOST = 50
"""Imports on one page."""


def get_import(import_id: int) -> QuestionImport:
    """The import; NotFound when there is none."""
    return get_row(QuestionImport, import_id)


def list_imports(before: int | None = None) -> Sequence[QuestionImport]:
    """Some imports, the newest first: those older than the import `before`."""
    chosen = select(QuestionImport).order_by(QuestionImport.id.desc()).limit(MOST)
    chosen = chosen.options(joinedload(QuestionImport.course))
    return db.session.scalars(chosen if before is None else chosen.where(QuestionImport.id < before)).all()


def find_applied(one: QuestionImport) -> QuestionImport | None:
    """Another import of the very same file for the same course, of which there are drafts."""
    return db.session.scalar(
        select(QuestionImport)
        .where(
            QuestionImport.checksum == one.checksum,
            QuestionImport.course_id == one.course_id,
            QuestionImport.language == one.language,
            QuestionImport.state == ImportState.APPLIED,
            QuestionImport.id != one.id,
        )
        .limit(1)
    )


def list_drafts(import_id: int) -> Sequence[ImportedDraft]:
    """The drafts of an import that were not dropped, in the order of the file."""
    return db.session.scalars(
        select(ImportedDraft)
        .join(Draft, Draft.id == ImportedDraft.draft_id)
        .where(ImportedDraft.import_id == import_id, Draft.state != "dropped")
        .options(joinedload(ImportedDraft.draft))
        .order_by(ImportedDraft.place)
    ).all()


def count_touched(drafts: Sequence[ImportedDraft]) -> int:
    """How many of these drafts are not as they were made."""
    return sum(not is_untouched(one.draft.state, one.draft.revision) for one in drafts)


def taken_ids(course_id: int, code: str) -> set[str]:
    """The ids that questions of a course have, and drafts that are being written for it."""
    keys = {full.partition("/")[2] for full in newest_versions(code)}
    heads = db.session.scalars(select(Draft.head).where(Draft.course_id == course_id, Draft.state.in_(OPEN)))
    return keys | {str(head.get("id", "")) for head in heads}


def list_questions(course: str, *, topic: str = "", kind: str = "") -> list[Raw]:
    """The newest version of every question of a course that is not withdrawn, as a pack says it."""
    withdrawn = set(
        db.session.scalars(
            select(Question.id).where(Question.code.startswith(f"{course}/"), Question.withdrawn_at.is_not(None))
        )
    )
    found = sorted(newest_versions(course).items())
    return [
        raw_of(code, version)
        for code, version in found
        if version.question_id not in withdrawn and topic in ("", version.topic) and kind in ("", version.kind)
    ]


def raw_of(code: str, version: QuestionVersion) -> Raw:
    """A question as a pack says it."""
    head = {"id": code.partition("/")[2], "kind": version.kind, "topic": version.topic, "use": version.use}
    usage = usage_data(version.difficulty, version.valid_from, version.valid_until)
    return {**head, "source": list(version.source), **usage, **version.body}

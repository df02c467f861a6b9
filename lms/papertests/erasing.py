"""Erase documents of papers, which hold names, and what was keyed in and never confirmed. Sheets stay: they hold no
name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update

from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys, count_done
from lms.core.documents.removing import remove_with_documents
from lms.learning.models import Enrolment
from lms.papertests.models import PaperPrint, PaperSheet

NOTHING: dict[str, object] = {"draft": {}, "drafted_at": None}


def count_papers(person_ids: Sequence[int]) -> int:
    """How many documents name these people, or hold what they wrote and nobody confirmed."""
    return len(_list_prints_of(person_ids)) + len(_list_drafts_of(person_ids))


def erase_papers(person_ids: Sequence[int]) -> int:
    """Erase documents that name these people, and what was keyed in of their papers and never confirmed; how many."""
    drafts = _list_drafts_of(person_ids)
    return _remove_prints(_list_prints_of(person_ids)) + (_empty(drafts) if drafts else 0)


def _sheets_of(person_ids: Sequence[int]) -> ColumnElement[bool]:
    own = select(Enrolment.id).where(Enrolment.person_id.in_(person_ids))
    return PaperSheet.enrolment_id.in_(own)


def _list_prints_of(person_ids: Sequence[int]) -> Keys:
    """Prints in which one of these people's named sheets stands."""
    own = select(PaperSheet.id, PaperSheet.commission_id).where(_sheets_of(person_ids), ~PaperSheet.spare)
    sheets = dict(db.session.execute(own).tuples().all())
    if not sheets:
        return []
    near = select(PaperPrint.id, PaperPrint.sheets).where(PaperPrint.commission_id.in_(set(sheets.values())))
    return [found for found, listed in db.session.execute(near) if not sheets.keys().isdisjoint(listed)]


def _list_drafts_of(person_ids: Sequence[int]) -> Keys:
    wanted = select(PaperSheet.id).where(_sheets_of(person_ids), PaperSheet.drafted_at.is_not(None))
    return db.session.scalars(wanted).all()


def _remove_prints(ids: Keys) -> int:
    return remove_with_documents(PaperPrint, ids)


def _empty(ids: Keys) -> int:
    return count_done(update(PaperSheet).where(PaperSheet.id.in_(ids)).values(NOTHING))


def _is_left(before: datetime) -> ColumnElement[bool]:
    return and_(PaperSheet.drafted_at.is_not(None), PaperSheet.drafted_at <= before)


OLD_PRINTS = DueRows(PaperPrint.id, lambda before: PaperPrint.asked_at <= before, _remove_prints)
LEFT_DRAFTS = DueRows(PaperSheet.id, _is_left, _empty)
"""What was keyed in and left; with a confirmed one nothing is left."""

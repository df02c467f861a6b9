"""Print papers, and declare void what will never be keyed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.assessment.drawing import draw_questions, seen_by
from lms.assessment.helping import with_extra
from lms.assessment.queries import list_seen
from lms.assessment.rules_time import AttemptSettings
from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope, may_reach
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.errors import NotFound, Refused
from lms.core.jobs.queue import ask_for
from lms.core.web.languages import LANGUAGES, _, current_language
from lms.learning.models import Enrolment
from lms.papertests import queries
from lms.papertests.errors import PapersOut
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.permissions import check_not_own, check_waiting, find_named_hindrance
from lms.papertests.queries import Seated
from lms.papertests.roles import HANDLERS
from lms.papertests.rules import MOST_AT_ONCE, MOST_SPARE, Because, new_number
from lms.questions.uses import Use
from lms.workshops.listing import list_rows
from lms.workshops.models import Workshop
from lms.workshops.permissions import check_may_manage

PRINT = "papertests.print"
"""The job that lays papers out."""


@dataclass(frozen=True)
class Wanted:
    """Which papers are to be printed."""

    commission: Commission
    course_id: int
    enrolment_ids: tuple[int, ...]
    spare: int = 0
    language: str = "kk"
    """Of the spare ones."""
    workshop: Workshop | None = None
    again: bool = False
    """Print the same paper once more for whoever has one out."""


def print_sheets(*, wanted: Wanted, by: Scope) -> PaperPrint:
    """The document that the worker lays out: a paper for each person, the one they have out where there is one, and
    spare ones. PapersOut when some have one out and it was not asked for again, Refused when somebody may have none or
    too many are wanted, NotFound for people of another branch."""
    _check_place(wanted, by)
    _check_numbers(wanted)
    people = _list_allowed(wanted, by)
    out = queries.find_waiting([one.enrolment.id for one in people])
    if out and not wanted.again:
        raise PapersOut(
            [(one.person.full_name, out[one.enrolment.id].shown) for one in people if one.enrolment.id in out]
        )
    for one in people:
        if one.enrolment.id not in out:
            _check_may_have(one, wanted)
    sheets = [out.get(one.enrolment.id) or _make_named(one, wanted, by) for one in people]
    sheets += [_make_spare(wanted, by) for _ in range(wanted.spare)]
    db.session.flush()
    return _ask(wanted, sheets, people, len(out), by)


def void_sheet(*, sheet: PaperSheet, because: Because, by: Scope) -> None:
    """Have a sheet never be keyed in; what was keyed of it is forgotten. Refused when it was keyed in or is void."""
    check_not_own(by, sheet.enrolment)
    db.session.refresh(sheet, with_for_update=True)
    check_waiting(sheet)
    sheet.voided_at, sheet.voided_by_id, sheet.voided_because = clock.now(), by.account_id, because.value
    sheet.draft, sheet.drafted_at = {}, None
    record(
        "papertests.voided", by=by, subject=subject_of(sheet), sheet=sheet.id, code=sheet.shown, because=because.value
    )


def keep_print(*, paper_print_id: int, content: bytes) -> None:
    """Keep the document of papers that was asked for."""
    asked = db.session.get_one(PaperPrint, paper_print_id)
    name = f"papers-{asked.id}.pdf"
    asked.document_id = storage.store(content, name=name, media_type="application/pdf").id
    db.session.flush()


def subject_of(sheet: PaperSheet) -> str:
    """Under what an act on a sheet is recorded: whose it is, or the commission of a spare one."""
    return f"person:{sheet.enrolment.person_id}" if sheet.enrolment else f"commission:{sheet.commission_id}"


def _check_place(wanted: Wanted, by: Scope) -> None:
    if wanted.workshop is not None:
        check_may_manage(by, wanted.workshop)
    elif not may_reach(by, wanted.commission.id, *HANDLERS):
        raise NotFound


def _check_numbers(wanted: Wanted) -> None:
    if not 0 <= wanted.spare <= MOST_SPARE:
        raise Refused(_("From 0 to %(most)s spare papers can be printed at once.", most=MOST_SPARE))
    if not wanted.enrolment_ids and not wanted.spare:
        raise Refused(_("Choose for whom to print, or how many spare papers."))
    if len(wanted.enrolment_ids) + wanted.spare > MOST_AT_ONCE:
        raise Refused(_("Print at most %(most)s papers at once. Choose fewer people.", most=MOST_AT_ONCE))
    if wanted.language not in LANGUAGES:
        raise Refused(_("Choose the language of the spare papers."))


def _list_allowed(wanted: Wanted, by: Scope) -> Sequence[Seated]:
    """Those for whom it is printed, held until the end, so that nobody gets two papers."""
    held = select(Enrolment.id).where(Enrolment.id.in_(wanted.enrolment_ids)).order_by(Enrolment.id)
    db.session.execute(held.with_for_update(key_share=True))
    people = queries.list_chosen(wanted.enrolment_ids)
    campaign = get_open_campaign().id
    guests = {one.person.id for one in list_rows(wanted.workshop)} if wanted.workshop else set()
    for one in people:
        check_not_own(by, one.enrolment)
        other = one.enrolment.course_id != wanted.course_id or one.enrolment.campaign_id != campaign
        if other or not (one.person.id in guests or may_reach(by, one.commission.id, *HANDLERS)):
            raise NotFound
    if len(people) != len(set(wanted.enrolment_ids)):
        raise NotFound
    return people


def _check_may_have(one: Seated, wanted: Wanted) -> None:
    sentence = find_named_hindrance(one.enrolment, one.commission.time_zone, moment_of(wanted.workshop))
    if sentence:
        raise Refused(sentence)


def moment_of(workshop: Workshop | None) -> datetime:
    """When what is printed now will be written on at the earliest that matters: at the workshop, or now."""
    return max(clock.now(), workshop.starts_at) if workshop else clock.now()


def _make_named(one: Seated, wanted: Wanted, by: Scope) -> PaperSheet:
    enrolment = one.enrolment
    settings = with_extra(enrolment)
    met = list_seen(enrolment.id) | queries.list_met(enrolment.id)
    sheet = _make(wanted, enrolment.version_id, settings, met, by)
    sheet.enrolment_id, sheet.language = enrolment.id, one.person.language
    sheet.large = queries.needs_large(enrolment, one.commission.time_zone)
    return sheet


def _make_spare(wanted: Wanted, by: Scope) -> PaperSheet:
    version = queries.get_newest(wanted.course_id)
    sheet = _make(wanted, version.id, AttemptSettings.model_validate(version.test), set(), by)
    sheet.spare, sheet.language = True, wanted.language
    return sheet


def _make(wanted: Wanted, version_id: int, settings: AttemptSettings, met: set[int], by: Scope) -> PaperSheet:
    sheet = PaperSheet(
        number=_free_number(),
        campaign_id=get_open_campaign().id,
        course_id=wanted.course_id,
        version_id=version_id,
        commission_id=wanted.commission.id,
        workshop_id=wanted.workshop.id if wanted.workshop else None,
        questions=list(draw_questions(version_id, settings.blueprint, Use.TEST, seen_by(version_id, settings, met))),
        printed_at=clock.now(),
        printed_by_id=by.account_id,
    )
    db.session.add(sheet)
    return sheet


def _free_number() -> str:
    """A number that no sheet has, of hundreds of millions; should two draw the same at once, the database refuses."""
    with db.session.no_autoflush:
        while db.session.scalar(select(PaperSheet.id).where(PaperSheet.number == (number := new_number()))):
            pass
    return number


def _ask(wanted: Wanted, sheets: Sequence[PaperSheet], people: Sequence[Seated], again: int, by: Scope) -> PaperPrint:
    asked = PaperPrint(
        commission_id=wanted.commission.id,
        workshop_id=wanted.workshop.id if wanted.workshop else None,
        sheets=[one.id for one in sheets],
        asked_by_id=by.account_id,
        asked_at=clock.now(),
    )
    db.session.add(asked)
    db.session.flush()
    asked.job_id = ask_for(PRINT, by=by, paper_print_id=asked.id, language=current_language()).id
    record(
        "papertests.printed",
        by=by,
        subject=f"commission:{wanted.commission.id}",
        people=[one.person.id for one in people],
        count=len(sheets),
        spare=wanted.spare,
        again=again,
    )
    return asked


def ask_to_print_again(*, asked: PaperPrint, by: Scope) -> None:
    """Have the worker lay out a document once more that failed; harmless when it is there."""
    if asked.document_id is None:
        asked.job_id = ask_for(PRINT, by=by, paper_print_id=asked.id, language=current_language()).id
        db.session.flush()

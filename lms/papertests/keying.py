"""Key in what was written on a sheet: a draft first, compared with the paper, then one result for good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.assessment.models import Attempt
from lms.assessment.on_paper import Written, correct_paper_attempt, record_paper_attempt
from lms.assessment.papers import NO_ANSWER, Asked
from lms.assessment.queries import list_counted
from lms.assessment.rules_time import OnPaper
from lms.commissions.permissions import Scope, get_seat_reached
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.text import tidy
from lms.core.web.languages import _
from lms.learning.models import Enrolment
from lms.papertests import queries
from lms.papertests.actions import subject_of
from lms.papertests.models import PaperSheet
from lms.papertests.permissions import (
    check_day,
    check_may_key,
    check_not_own,
    check_waiting,
    end_of,
    find_named_hindrance,
    may_correct,
)
from lms.papertests.roles import HANDLERS
from lms.papertests.rules import State
from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import FormData, Response
from lms.questions.refusals import say_refusal

LONGEST_REASON = 300


@dataclass(frozen=True)
class Keyed:
    """What was keyed in of a sheet: answers by place, fit or not, and the day."""

    answers: Mapping[int, Response]
    written_on: date | None


def list_asked(sheet: PaperSheet) -> list[Asked]:
    """The questions of a sheet in order, as they stand on it."""
    return [
        Asked(one["position"], one["topic"], one["question_version_id"], json.dumps(one["order"]))
        for one in sheet.questions
    ]


def read_fields(sheet: PaperSheet, form: FormData, prefix_of: Any) -> dict[int, Response]:
    """What the fields of a page say, by place, fit or not; places left blank are not in it."""
    said = {asked.position: asked.read(form, prefix_of(asked.position)) for asked in list_asked(sheet)}
    return {position: response for position, response in said.items() if response}


def answers_of(sheet: PaperSheet) -> dict[int, Response]:
    """What stands in the fields of a sheet: the draft; where there is none, what counts of one that was keyed in."""
    if sheet.draft:
        return {int(position): response for position, response in sheet.draft["answers"].items()}
    if sheet.attempt_id is None:
        return {}
    return counted_of(sheet)


def counted_of(sheet: PaperSheet) -> dict[int, Response]:
    """The answers that count of a sheet that was keyed in."""
    found = list_counted(sheet.attempt_id or 0)
    return {position: answer.response for position, answer in found.items() if answer.response}


def save_draft(*, sheet: PaperSheet, keyed: Keyed, by: Scope) -> None:
    """Keep what was keyed in so far. Refused for a sheet that was keyed in (unless the reader may correct it) or is
    void, Forbidden for one's own."""
    db.session.refresh(sheet, with_for_update=True)
    check_may_key(by, sheet)
    sheet.draft = {"answers": {str(position): dict(said) for position, said in sorted(keyed.answers.items())}}
    if sheet.state is State.WAITING:
        sheet.written_on = keyed.written_on
    sheet.drafted_at = clock.now()
    db.session.flush()


def choose_person(*, sheet: PaperSheet, enrolment: Enrolment, by: Scope) -> None:
    """Say whose name stands on a spare sheet. Refused when they have a paper of their own out; NotFound for somebody of
    another branch or course; Forbidden for oneself."""
    check_not_own(by, enrolment)
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    db.session.refresh(sheet, with_for_update=True)
    check_waiting(sheet)
    get_seat_reached(by, enrolment.person_id, *HANDLERS)
    if not sheet.spare or enrolment.course_id != sheet.course_id or enrolment.campaign_id != sheet.campaign_id:
        raise NotFound
    own = queries.find_waiting([enrolment.id]).get(enrolment.id)
    if own is not None and own.id != sheet.id:
        raise Refused(
            _(
                "%(name)s has a paper of their own that has not come back: No. %(number)s. Key that one in, or declare "
                "it void first.",
                name=enrolment.person.full_name,
                number=own.shown,
            )
        )
    sheet.enrolment_id = enrolment.id
    db.session.flush()
    db.session.refresh(sheet)


def find_faults(sheet: PaperSheet) -> dict[int, str]:
    """What does not fit of the answers keyed in, a sentence for each place."""
    answers, faults = answers_of(sheet), {}
    for asked in list_asked(sheet):
        try:
            asked.check(answers.get(asked.position, NO_ANSWER))
        except BadResponse as refusal:
            faults[asked.position] = say_refusal(refusal)
    return faults


def digest_of(sheet: PaperSheet) -> str:
    """What tells whether what was read back is still what is confirmed."""
    told = [sheet.enrolment_id, sheet.attempt_id, sheet.written_on.isoformat() if sheet.written_on else "", sheet.draft]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def find_keying_hindrance(sheet: PaperSheet, zone: str) -> str:
    """Why what was keyed in cannot be confirmed now, in a sentence; empty when it can."""
    if sheet.enrolment is None:
        return _("Say first whose name stands on this paper.")
    if sheet.written_on is None:
        return _("Type the day that stands on the paper.")
    try:
        check_day(sheet, sheet.written_on, zone)
    except Refused as refusal:
        return refusal.sentence
    return find_named_hindrance(sheet.enrolment, zone, end_of(sheet.written_on, zone))


def confirm(*, sheet: PaperSheet, digest: str, by: Scope) -> Attempt:
    """The attempt of a sheet, once what was keyed in has been compared with the paper: of two people at once, one makes
    it. `digest`: of what was read back. Refused, with what was keyed in kept, when it was changed meanwhile, when the
    person may have no attempt, or when the sheet was keyed in or is void."""
    if sheet.enrolment_id is not None:
        enrolment = db.session.get_one(Enrolment, sheet.enrolment_id)
        db.session.refresh(enrolment, with_for_update={"key_share": True})  # no attempt begins meanwhile
    db.session.refresh(sheet, with_for_update=True)
    check_not_own(by, sheet.enrolment)
    check_waiting(sheet)
    _check_unchanged(sheet, digest)
    zone = zone_of(sheet)
    hindrance = find_keying_hindrance(sheet, zone) or next(iter(find_faults(sheet).values()), "")
    if hindrance or sheet.enrolment is None or sheet.written_on is None:
        raise Refused(hindrance)
    attempt = record_paper_attempt(enrolment=sheet.enrolment, written=_written(sheet, sheet.written_on), by=by)
    sheet.attempt_id, sheet.keyed_at, sheet.keyed_by_id = attempt.id, clock.now(), by.account_id
    sheet.draft, sheet.drafted_at = {}, None
    record(
        "papertests.keyed_in",
        by=by,
        subject=subject_of(sheet),
        sheet=sheet.id,
        attempt=attempt.id,
        code=sheet.shown,
        on=sheet.written_on.isoformat(),
    )
    return attempt


def correct(*, sheet: PaperSheet, digest: str, reason: str, by: Scope) -> None:
    """Have a sheet that was keyed in wrongly count as it is written. Refused without a reason, when nothing differs, or
    when it was changed meanwhile; Forbidden for who may not."""
    reason = tidy(reason)[:LONGEST_REASON]
    db.session.refresh(sheet, with_for_update=True)
    check_not_own(by, sheet.enrolment)
    if not may_correct(by, sheet):
        raise Forbidden(_("Only an officer corrects a paper that was keyed in, while the campaign is open."))
    _check_unchanged(sheet, digest)
    answers = answers_of(sheet)
    faults = find_faults(sheet)
    if faults:
        raise Refused(next(iter(faults.values())))
    if not list_changes(sheet):
        raise Refused(_("Nothing differs from what was keyed in, so there is nothing to correct."))
    if not reason:
        raise Refused(_("Say why it is corrected."))
    attempt = db.session.get_one(Attempt, sheet.attempt_id)
    because = _("The paper was keyed in wrongly; corrected, the test is not passed.")
    correct_paper_attempt(attempt=attempt, answers=answers, language=sheet.language, because=because, by=by)
    sheet.draft, sheet.drafted_at = {}, None
    record(
        "papertests.corrected",
        by=by,
        subject=subject_of(sheet),
        values={"reason": ("", reason)},
        sheet=sheet.id,
        attempt=attempt.id,
        code=sheet.shown,
    )


def list_changes(sheet: PaperSheet) -> list[int]:
    """The places at which a correction differs from what counts."""
    stands, said = counted_of(sheet), answers_of(sheet)
    return [asked.position for asked in list_asked(sheet) if stands.get(asked.position) != said.get(asked.position)]


def zone_of(sheet: PaperSheet) -> str:
    """The time zone in which the days of a sheet are counted: that of the commission for which it was printed."""
    return sheet.commission.time_zone


def _written(sheet: PaperSheet, written_on: date) -> Written:
    return Written(
        paper=OnPaper(number=sheet.shown, on=written_on.isoformat()),
        version_id=sheet.version_id,
        language=sheet.language,
        questions=sheet.questions,
        answers=answers_of(sheet),
    )


def _check_unchanged(sheet: PaperSheet, digest: str) -> None:
    if digest != digest_of(sheet):
        raise Refused(_("Somebody has changed what was keyed in meanwhile. Compare it with the paper again."))

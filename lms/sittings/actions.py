"""Open a room for a test, run it, close it; begin a test in it; remark on an attempt."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms.assessment.actions import start_attempt
from lms.assessment.models import Attempt
from lms.assessment.queries import find_open, list_attempts
from lms.assessment.rules import is_up
from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.text import tidy
from lms.core.web.languages import _
from lms.curriculum.models import Course
from lms.curriculum.queries import find_newest_version
from lms.learning.models import Enrolment
from lms.sittings import queries, rules, words
from lms.sittings.errors import WrongRoom
from lms.sittings.models import Sitting, SittingAttempt, SittingRemark
from lms.sittings.permissions import check_may_open, check_may_run
from lms.workshops.models import Workshop
from lms.workshops.permissions import check_may_manage
from lms.workshops.rules import State as WorkshopState


@dataclass(frozen=True)
class Plan:
    """What whoever opens a room decides."""

    course_id: int
    commission_id: int
    place: str
    hours: int


def open_sitting(*, plan: Plan, workshop: Workshop | None = None, by: Scope) -> Sitting:
    """A room that is open from now on, supervised by whoever opens it; the same one when the button is pressed twice.
    At a workshop it is for those whom the workshop's organiser looks after. Forbidden outside the own branch, Refused
    with a sentence when something is missing."""
    commission_id = plan.commission_id if workshop is None else workshop.organiser_id
    _check_plan(plan, commission_id, workshop, by)
    now = clock.now()
    sitting = Sitting(
        campaign_id=get_open_campaign().id,
        course_id=plan.course_id,
        commission_id=commission_id,
        workshop_id=workshop.id if workshop else None,
        supervisor_id=by.person_id,
        place=tidy(plan.place),
        code="",
        opened_at=now,
        closes_at=rules.closes_at(now, plan.hours),
    )
    db.session.execute(select(Commission.id).where(Commission.id == commission_id).with_for_update(key_share=True))
    same = queries.find_same(sitting, now)
    if same is not None:
        return same
    sitting.code = _draw_code()
    db.session.add(sitting)
    db.session.flush()
    record("sittings.opened", by=by, subject=_subject(sitting), course=plan.course_id, commission=commission_id)
    return sitting


def renew_code(*, sitting: Sitting, by: Scope) -> str:
    """A new code; the old one stops at once. Refused when the room is closed."""
    _hold_open(sitting, by)
    sitting.code = _draw_code()
    record("sittings.code_renewed", by=by, subject=_subject(sitting))
    return sitting.code


def lengthen_sitting(*, sitting: Sitting, minutes: int, by: Scope) -> None:
    """Have the code of an open room work so many minutes longer; Refused when it is closed, or would be open for too
    long."""
    _hold_open(sitting, by)
    if not 0 < minutes <= rules.MOST_MORE:
        raise Refused(_("From 1 to %(n)s minutes more can be given at once.", n=rules.MOST_MORE))
    later = rules.lengthened(sitting.window, minutes)
    if later <= sitting.closes_at:
        raise Refused(
            _("A room is open for %(n)s hours at most. Open a new one when this one closes.", n=rules.MOST_HOURS)
        )
    sitting.closes_at = later
    record("sittings.lengthened", by=by, subject=_subject(sitting), minutes=minutes)


def close_sitting(*, sitting: Sitting, by: Scope) -> bool:
    """Have the code begin nothing any more; whoever has begun goes on. False when that was done, or the time was up,
    before."""
    check_may_run(by, sitting)
    db.session.refresh(sitting, with_for_update=True)
    if sitting.closed_at is not None:
        return False
    was_open = sitting.window.is_open(clock.now())
    sitting.closed_at = clock.now()
    if was_open:
        record("sittings.closed", by=by, subject=_subject(sitting))
    return was_open


def remark(*, sitting: Sitting, attempt: Attempt, kind: str, note: str, by: Scope) -> SittingRemark:
    """A remark on an attempt in this room, for people to judge: nothing follows from it. The same again at once, as a
    button pressed twice makes it, is the one that is there. Refused when it says nothing, Forbidden on one's own
    attempt."""
    if attempt.person_id == by.person_id:
        raise Forbidden(_("Nobody supervises their own test."))
    check_may_run(by, sitting)
    note = tidy(note)
    if kind not in rules.REMARKS:
        raise Refused(_("Choose what you saw."))
    if kind == "other" and not note:
        raise Refused(_("Say in a few words what it was."))
    if len(note) > rules.LONGEST_NOTE:
        raise Refused(_("This is too long. Take at most %(n)s signs.", n=rules.LONGEST_NOTE))
    if (same := queries.find_same_remark(attempt.id, kind, note, since=clock.now() - rules.AT_ONCE)) is not None:
        return same
    made = SittingRemark(attempt_id=attempt.id, kind=kind, note=note, made_by_id=by.account_id, made_at=clock.now())
    db.session.add(made)
    db.session.flush()
    record("sittings.remarked", by=by, subject=f"attempt:{attempt.id}", person=attempt.person_id, sitting=sitting.id)
    return made


def begin_in_room(*, enrolment: Enrolment, typed: str, by: Scope) -> Attempt:
    """The attempt begun with the code of a room, noted as taken there; the one that is going on when there is one,
    which needs no code. NotFound for an enrolment of somebody else, WrongRoom with a sentence when the code begins
    nothing, MayNotStart when something else stands in the way."""
    if enrolment.person_id != by.person_id:
        raise NotFound
    db.session.refresh(enrolment, with_for_update={"key_share": True})  # pressed twice: the second sees the first
    going_on = find_open(list_attempts(enrolment.id))
    if going_on is not None and not is_up(going_on.started_at, going_on.deadline, clock.now()):
        return going_on
    sitting = _find_room(enrolment, typed)
    attempt = start_attempt(enrolment=enrolment, by=by, in_room=True)
    db.session.add(SittingAttempt(attempt_id=attempt.id, sitting_id=sitting.id))
    record("sittings.begun", by=by, subject=f"attempt:{attempt.id}", sitting=sitting.id)
    return attempt


def _find_room(enrolment: Enrolment, typed: str) -> Sitting:
    """The room whose code was typed, held as it is; WrongRoom unless it is open for this enrolment."""
    code = rules.read_code(typed)
    sitting = queries.hold_by_code(code) if code else None
    fault = rules.find_fault(_facts(sitting, enrolment) if sitting else None)
    if sitting is None or fault is not None:
        raise WrongRoom(words.fault_sentence(fault or rules.Fault.WRONG))
    return sitting


def _facts(sitting: Sitting, enrolment: Enrolment) -> rules.Facts:
    wanted = enrolment.campaign_id, enrolment.course_id
    return rules.Facts(
        is_open=sitting.window.is_open(clock.now()),
        same_course=(sitting.campaign_id, sitting.course_id) == wanted,
        in_branch=queries.is_covered(sitting, enrolment.person_id),
        supervises=sitting.supervisor_id == enrolment.person_id,
    )


def _check_plan(plan: Plan, commission_id: int, workshop: Workshop | None, by: Scope) -> None:
    check_may_open(by, commission_id)
    if workshop is not None:
        check_may_manage(by, workshop)
        if workshop.state == WorkshopState.CANCELLED:
            raise Refused(_("This workshop was cancelled. Open the room without it."))
    if db.session.get(Course, plan.course_id) is None or find_newest_version(plan.course_id) is None:
        raise Refused(_("Choose a course."))
    if not 0 < len(tidy(plan.place)) <= rules.LONGEST_PLACE:
        raise Refused(_("Say where it is, in %(n)s signs at most: the school and the room.", n=rules.LONGEST_PLACE))
    if not 1 <= plan.hours <= rules.MOST_HOURS:
        raise Refused(_("A room is open from 1 to %(n)s hours.", n=rules.MOST_HOURS))


def _hold_open(sitting: Sitting, by: Scope) -> None:
    """The room, held to be changed; Refused unless it is open."""
    check_may_run(by, sitting)
    db.session.refresh(sitting, with_for_update=True)
    if not sitting.window.is_open(clock.now()):
        raise Refused(_("This room is closed. Open a new one; whoever has begun goes on without it."))


def _draw_code() -> str:
    """A code that no room has which was not closed."""
    while queries.holds_code(code := rules.new_code()):
        pass
    return code


def _subject(sitting: Sitting) -> str:
    return f"sitting:{sitting.id}"

"""Take attendance: tick by tick, repeating is harmless, of two ticks the later one stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from lms.cascade.actions import forget_training, record_training
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import OVERSEERS, Scope, may_reach
from lms.commissions.queries import held_on
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.web.languages import _, day_and_time, speaking
from lms.learning.actions import complete_activity, take_back_activity
from lms.learning.models import Enrolment
from lms.learning.queries import find_enrolment, rests_on
from lms.learning.revising import withdraw_activity
from lms.learning.rules import WORKSHOP
from lms.people.models import Person
from lms.workshops import listing, rules, words
from lms.workshops.closing import check_campaign_is_open
from lms.workshops.events import AttendanceTakenBack, CertificateAsked, WorkshopAttended
from lms.workshops.models import Attendance, Workshop, WorkshopGuest
from lms.workshops.permissions import check_may_manage, list_withdrawers


@dataclass(frozen=True)
class Outcome:
    """What stands for a person after a tick."""

    person_id: int
    present: bool | None
    """None: nothing is recorded."""
    sentence: str = ""
    """Why the tick was refused, for the trainer; empty when it was taken, or when another one stands."""
    note: str = ""
    """What the trainer should know: what followed from the tick, or what somebody else had ticked."""
    taken: bool = True
    """Whether the tick is what stands now; not when another one was kept."""
    certificate_id: int | None = None
    """The certificate that keeps it, for somebody who may withdraw it."""
    asked: Commission | None = None
    """Where to ask for the certificate to be withdrawn, for somebody who may not."""


def record_attendance(*, workshop: Workshop, marks: list[rules.Mark], by: Scope) -> list[Outcome]:
    """What stands for each person of `marks`. Who was there is trained by the workshop's trainer, and has done the
    workshop of the course where the course asks for one. Refused as a whole while attendance cannot be taken, and once
    the campaign of the workshop is closed."""
    check_may_manage(by, workshop)
    check_campaign_is_open(workshop)
    db.session.execute(select(Workshop.id).where(Workshop.id == workshop.id).with_for_update(key_share=True))
    _check_time(workshop)
    kept = listing.list_attendance(workshop.id)
    seats = list_seats(workshop, [mark.person_id for mark in marks])
    outcomes = []
    for mark in sorted(marks, key=lambda one: (one.person_id, one.rest, one.at)):
        if mark.person_id in kept or mark.person_id in seats:
            taken = _take(workshop, _set_right(workshop, mark), kept, seats.get(mark.person_id), by)
            outcomes.append(_with_early_note(workshop, mark, taken))
        else:
            outcomes.append(Outcome(mark.person_id, None, _not_expected(workshop, mark.person_id)))
    db.session.flush()
    return outcomes


def _check_time(workshop: Workshop) -> None:
    if workshop.state == rules.State.CANCELLED:
        raise Refused(_("This workshop was cancelled, so nobody can be ticked."))
    if not rules.may_take_attendance(workshop.state, workshop.starts_at, clock.now()):
        opens = day_and_time(workshop.starts_at - rules.ATTENDANCE_OPENS, workshop.time_zone)
        raise Refused(_("Attendance can be taken from %(moment)s.", moment=opens))


def _set_right(workshop: Workshop, mark: rules.Mark) -> rules.Mark:
    if mark.rest:
        return replace(mark, at=rules.rest_counts_from(workshop.starts_at))
    return replace(mark, at=rules.counted_from(mark.at, workshop.starts_at))


def _with_early_note(workshop: Workshop, mark: rules.Mark, outcome: Outcome) -> Outcome:
    """The outcome, with a word on a tick that seemed to be from before the workshop."""
    early = rules.counted_from(mark.at, workshop.starts_at) != mark.at
    if not early or mark.rest or outcome.sentence or not outcome.taken:
        return outcome
    return replace(outcome, note=_joined(words.early_sentence(workshop), outcome.note))


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _not_expected(workshop: Workshop, person_id: int) -> str:
    """Why somebody cannot be ticked who has no seat in the branch of the organiser; named if they had one."""
    branch = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == workshop.organiser_id)
    left = db.session.scalars(
        select(Appointment)
        .where(Appointment.person_id == person_id, Appointment.commission_id.in_(branch))
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
        .limit(1)
    ).first()
    return words.left_sentence(left) if left else _("This person does not belong to your branch.")


def list_seats(workshop: Workshop, person_ids: list[int]) -> dict[int, Commission]:
    """Person id -> the commission in which they sat on the day of the workshop (or sit now, if in none), of those whose
    commission lies in the branch of the organiser, and of guests. Others are left out."""
    on = rules.to_local(workshop.starts_at, workshop.time_zone).date()
    branch = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == workshop.organiser_id)
    guests = select(WorkshopGuest.person_id).where(WorkshopGuest.workshop_id == workshop.id)
    rows = db.session.execute(
        select(Appointment, Commission)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(
            Appointment.person_id.in_(person_ids),
            or_(Appointment.commission_id.in_(branch), Appointment.person_id.in_(guests)),
            or_(held_on(on), Appointment.ends_on.is_(None)),
        )
        .order_by(Appointment.starts_on.desc())
    )
    return {seat.person_id: commission for seat, commission in sorted(rows.tuples(), key=lambda row: _held(row[0], on))}


def _held(seat: Appointment, on: date) -> bool:
    return seat.starts_on <= on and (seat.ends_on is None or seat.ends_on > on)


def _take(
    workshop: Workshop, mark: rules.Mark, kept: dict[int, Attendance], seat: Commission | None, by: Scope
) -> Outcome:
    row = kept.get(mark.person_id)
    if row is not None and (mark.rest or not rules.stands(row.marked_at, mark.at, clock.now())):
        note = "" if row.present == mark.present else words.other_stays_sentence(workshop, row, by.account_id)
        return Outcome(mark.person_id, row.present, note=note, taken=False)
    if row is not None and row.present == mark.present:
        row.marked_at = mark.at
        return Outcome(mark.person_id, row.present)
    note = ""
    if row is not None and rules.overrules_unseen(mark.seen, row.present):
        note = words.overruled_sentence(workshop, row, by.account_id)
    if row is not None and row.present:
        refused = _count_out(workshop, row, by)
        if refused.sentence:
            return refused
        note = _joined(refused.note, note)
    kept[mark.person_id] = _write(workshop, mark, row, seat, by)
    if mark.present:
        _count_in(workshop, mark.person_id, by)
    return Outcome(mark.person_id, mark.present, note=note)


def _write(
    workshop: Workshop, mark: rules.Mark, row: Attendance | None, seat: Commission | None, by: Scope
) -> Attendance:
    if row is None:
        row = Attendance(workshop_id=workshop.id, person_id=mark.person_id)
        row.category = rules.category_of(seat.level if seat else None)
        row.commission_id = seat.id if seat else None
        db.session.add(row)
    row.present, row.marked_at = mark.present, mark.at
    row.recorded_by_id, row.recorded_at = by.account_id, clock.now()
    db.session.flush()
    record(
        "workshops.attendance_recorded",
        by=by,
        subject=f"workshop:{workshop.id}",
        person=mark.person_id,
        present=mark.present,
    )
    return row


def _count_in(workshop: Workshop, person_id: int, by: Scope) -> None:
    record_training(
        campaign_id=workshop.campaign_id,
        course_id=workshop.course_id,
        trainer_id=workshop.trainer_id,
        learner_id=person_id,
        trained_at=workshop.ends_at,
        by=by,
    )
    enrolment = _find_asking(workshop, person_id)
    if enrolment is not None:
        minutes = int((workshop.ends_at - workshop.starts_at).total_seconds() // 60)
        on = rules.to_local(workshop.starts_at, workshop.time_zone).date().isoformat()
        details = {"minutes": minutes, "on": on}
        complete_activity(enrolment=enrolment, activity=WORKSHOP, by=by, details=details)
    publish(WorkshopAttended(**_told(workshop, person_id, by)))


def _told(workshop: Workshop, person_id: int, by: Scope) -> dict[str, Any]:
    """What other rooms are told of somebody at a workshop."""
    return {
        "workshop_id": workshop.id,
        "campaign_id": workshop.campaign_id,
        "course_id": workshop.course_id,
        "person_id": person_id,
        "held_at": workshop.starts_at,
        "by": by,
    }


def _count_out(workshop: Workshop, row: Attendance, by: Scope) -> Outcome:
    """Take back what followed from having been there, or say with a sentence why this cannot be done."""
    person_id, note = row.person_id, ""
    enrolment = _find_asking(workshop, person_id)
    if enrolment is not None and not listing.attended_another(workshop, person_id):
        db.session.refresh(enrolment, with_for_update={"key_share": True})
        if rests_on(enrolment, WORKSHOP):
            held = CertificateAsked(enrolment.id)
            publish(held)
            if not _may_fall(row, held, by):
                return _kept_by(held, enrolment.person, by)
            with speaking(enrolment.person.language):
                reason = words.mistake_sentence(workshop)
            withdraw_activity(enrolment=enrolment, activity=WORKSHOP, reason=reason, by=by)
            note = words.fell_sentence(held.number) if held.number else ""
        else:
            take_back_activity(enrolment=enrolment, activity=WORKSHOP, by=by)
    if not listing.attended_another(workshop, person_id, trainer_id=workshop.trainer_id):
        forget_training(
            campaign_id=workshop.campaign_id,
            course_id=workshop.course_id,
            trainer_id=workshop.trainer_id,
            learner_id=person_id,
            by=by,
        )
    publish(AttendanceTakenBack(**_told(workshop, person_id, by)))
    return Outcome(person_id, False, note=note)


def _may_fall(row: Attendance, held: CertificateAsked, by: Scope) -> bool:
    """Whether a tick may go although a completed course rests on it: its certificate goes too, or is gone already."""
    own = by.account_id is not None and row.recorded_by_id == by.account_id
    return held.certificate_id is None or rules.may_fall(
        own=own, recorded_at=row.recorded_at, now=clock.now(), printed=held.printed
    )


def _kept_by(held: CertificateAsked, holder: Person, by: Scope) -> Outcome:
    """That a tick stays because of a certificate: where it can be withdrawn, or whom to ask."""
    may_withdraw = may_reach(by, held.commission_id, *OVERSEERS) if held.commission_id else by.everything
    if may_withdraw and holder.id != by.person_id:
        sentence = words.withdraw_first_sentence(holder.full_name, held.number)
        return Outcome(holder.id, True, sentence, certificate_id=held.certificate_id)
    commission, people = list_withdrawers(held.commission_id)
    sentence = words.ask_to_withdraw_sentence(holder.full_name, held.number, people)
    return Outcome(holder.id, True, sentence, asked=commission)


def _find_asking(workshop: Workshop, person_id: int) -> Enrolment | None:
    """The person's enrolment on the workshop's course, if that course asks for a workshop."""
    enrolment = find_enrolment(person_id, workshop.campaign_id, workshop.course_id)
    return enrolment if enrolment is not None and enrolment.version.workshop else None

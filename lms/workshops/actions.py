"""Schedule, change and cancel workshops; renew the address of a calendar."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.campaigns.models import Campaign
from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import Scope, may_reach
from lms.commissions.queries import find_seat_of
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.core.web.languages import LANGUAGES, _
from lms.curriculum.models import Course
from lms.people.models import Person
from lms.workshops import listing, queries, rules, words
from lms.workshops.closing import check_campaign_is_open
from lms.workshops.models import CalendarKey, Workshop, WorkshopGuest
from lms.workshops.needing import asks, ends_in_time, find_needs
from lms.workshops.permissions import (
    SCHEDULERS,
    check_may_lead,
    check_may_manage,
    check_may_schedule,
    find_organiser_id,
)


def schedule_workshop(*, plan: rules.Plan, by: Scope) -> Workshop:
    """A new workshop in the open campaign, organised by the scheduler's nearest commission above all those invited.
    Refused with a sentence when something is missing, the course asks for no workshop or someone would have to be in
    two places; Forbidden when a commission lies outside the scheduler's branch."""
    campaign = _lock_campaign()
    _check_course(plan.course_id)
    slot = _check(plan, campaign, workshop_id=None, by=by)
    now = clock.now()
    workshop = Workshop(
        campaign_id=campaign.id,
        sequence=0,
        state=rules.State.SCHEDULED,
        created_by_id=by.account_id,
        created_at=now,
        changed_at=now,
    )
    _write(workshop, plan, slot, by)
    db.session.add(workshop)
    db.session.flush()
    record("workshops.scheduled", by=by, subject=f"workshop:{workshop.id}", commissions=sorted(plan.commission_ids))
    return workshop


def change_workshop(*, workshop: Workshop, plan: rules.Plan, by: Scope) -> Workshop:
    """The workshop as `plan` says; calendars see the change. Refused when it is cancelled, attendance was taken or the
    campaign is closed."""
    check_may_manage(by, workshop)
    campaign = _lock_campaign()
    check_campaign_is_open(workshop)
    _check_open(workshop)
    if plan.course_id != workshop.course_id:
        _check_course(plan.course_id)
    slot = _check(plan, campaign, workshop_id=workshop.id, by=by)
    before = _state_of(workshop)
    _write(workshop, plan, slot, by)
    after = _state_of(workshop)
    changed = sorted(name for name in before if before[name] != after[name])
    if not changed:
        return workshop
    _raise_sequence(workshop)
    record("workshops.changed", by=by, subject=f"workshop:{workshop.id}", fields=changed)
    return workshop


def cancel_workshop(*, workshop: Workshop, by: Scope) -> None:
    """Call the workshop off; it stays visible as cancelled. Refused when it is cancelled, attendance was taken or the
    campaign is closed."""
    check_may_manage(by, workshop)
    check_campaign_is_open(workshop)
    _check_open(workshop)
    workshop.state = rules.State.CANCELLED
    _raise_sequence(workshop)
    record("workshops.cancelled", by=by, subject=f"workshop:{workshop.id}")


def give_seat(*, workshop: Workshop, person: Person, by: Scope) -> list[Workshop]:
    """A seat at a workshop for one person, whose commission need not be invited; giving it twice changes nothing. It
    takes the place of other seats of their own that were given for a workshop of the same course to come, which are
    answered. Refused when the workshop is cancelled, over or full, is of a course whose workshop the person does not
    need, or does not end before election day; Forbidden when the person is not in the giver's care."""
    seat = _check_in_care(person, by)
    check_campaign_is_open(workshop)
    _check_of_use(workshop, seat)
    db.session.execute(select(Workshop.id).where(Workshop.id == workshop.id).with_for_update(key_share=True))
    if workshop.state == rules.State.CANCELLED or workshop.ends_at <= clock.now():
        raise Refused(_("This workshop is over or was cancelled. Choose another one."))
    if db.session.get(WorkshopGuest, (workshop.id, person.id)) is not None:
        return []
    if listing.count_taken(workshop) >= workshop.seats:
        raise Refused(_("Every seat of this workshop is promised. Choose another one."))
    given = WorkshopGuest(workshop_id=workshop.id, person_id=person.id, given_by_id=by.account_id, given_at=clock.now())
    db.session.add(given)
    db.session.flush()
    record("workshops.seat_given", by=by, subject=f"workshop:{workshop.id}", person=person.id)
    former = [
        one
        for one in queries.list_given_seats(person.id, clock.now())
        if one.course_id == workshop.course_id and one.id != workshop.id
    ]
    for one in former:
        give_seat_back(workshop=one, person=person, by=by)
    return former


def give_seat_back(*, workshop: Workshop, person: Person, by: Scope) -> None:
    """Take a person's own seat at a workshop back; it is free for others. Refused when there is none or the workshop is
    over; Forbidden when the person is not in the care of `by`."""
    _check_in_care(person, by)
    held = db.session.get(WorkshopGuest, (workshop.id, person.id))
    if held is None:
        raise Refused(_("This person has no seat of their own at that workshop. Nothing has changed."))
    if workshop.ends_at <= clock.now():
        raise Refused(_("This workshop is over, so the seat stays as it was."))
    db.session.delete(held)
    db.session.flush()
    record("workshops.seat_given_back", by=by, subject=f"workshop:{workshop.id}", person=person.id)


def _check_in_care(person: Person, by: Scope) -> Appointment:
    seat = find_seat_of(person.id)
    if seat is None or not may_reach(by, seat.commission_id, *SCHEDULERS):
        raise Forbidden(_("This person is not in your branch. Ask the officer who looks after them."))
    return seat


def _check_of_use(workshop: Workshop, seat: Appointment) -> None:
    if workshop.course_id not in find_needs(seat).courses:
        raise Refused(_("This person does not need a workshop of this course. Choose one of a course that they take."))
    if not ends_in_time(workshop, get_open_campaign().election_on):
        raise Refused(_("This workshop does not end before election day. Choose an earlier one."))


def renew_calendar_key(*, person_id: int, by: Scope) -> CalendarKey:
    """A fresh secret for the person's own calendar address; the old address stops working."""
    if by.person_id != person_id:
        raise Forbidden(_("Only the person can change the own calendar address."))
    row = queries.find_calendar_key(person_id)
    if row is None:
        row = CalendarKey(person_id=person_id, key="")
        db.session.add(row)
    row.key = secrets.token_urlsafe(24)
    db.session.flush()
    record("workshops.calendar_key_renewed", by=by, subject=f"person:{person_id}")
    return row


def _lock_campaign() -> Campaign:
    """The open campaign, held so that two workshops cannot be put on the same time side by side."""
    campaign = get_open_campaign()
    db.session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(key_share=True))
    return campaign


def _check(plan: rules.Plan, campaign: Campaign, *, workshop_id: int | None, by: Scope) -> rules.Slot:
    """The plan's moments, once everything about it holds."""
    _check_values(plan)
    check_may_schedule(by, plan.commission_ids)
    check_may_lead(by, plan.trainer_id, plan.commission_ids)
    try:
        slot = rules.slot_of(plan, workshop_id)
    except rules.NoSuchTime as gap:
        raise Refused(words.gap_sentence(plan)) from gap
    expected = listing.count_expected(plan.commission_ids, min(plan.day, clock.today(plan.time_zone)))
    fault = rules.find_fault(
        plan, slot, called_on=campaign.called_on, election_on=campaign.election_on, expected=expected
    )
    if fault is not None:
        raise Refused(words.fault_sentence(fault, seats=plan.seats, expected=expected))
    clashes = rules.find_clashes(slot, queries.list_slots(slot))
    if clashes:
        raise Refused(words.clash_sentence(clashes[0]))
    return slot


def _check_course(course_id: int) -> None:
    if db.session.get(Course, course_id) is None:
        raise Refused(_("Choose a course."))
    if not asks(course_id):
        raise Refused(_("This course has no workshop among its steps. Choose another course."))


def _check_values(plan: rules.Plan) -> None:
    if plan.language not in LANGUAGES:
        raise Refused(_("Choose the language of the workshop."))
    try:
        ZoneInfo(plan.time_zone)
    except (KeyError, ValueError, OSError) as unknown:
        raise Refused(_("Choose a time zone from the list.")) from unknown
    if plan.link and (urlsplit(plan.link).scheme not in ("http", "https") or not urlsplit(plan.link).netloc):
        raise Refused(_("The link must begin with https:// (or http://). Copy it whole."))


def _check_open(workshop: Workshop) -> None:
    if workshop.state == rules.State.CANCELLED:
        raise Refused(_("This workshop was cancelled. Schedule a new one."))
    if listing.count_present([workshop.id]):
        raise Refused(_("Attendance was taken already, so the workshop stays as it is."))


def _write(workshop: Workshop, plan: rules.Plan, slot: rules.Slot, by: Scope) -> None:
    organiser_id = find_organiser_id(by, plan.commission_ids)
    if organiser_id is None:
        raise Forbidden(_("These commissions lie in different branches. Schedule one workshop for each branch."))
    workshop.course_id, workshop.trainer_id, workshop.organiser_id = plan.course_id, plan.trainer_id, organiser_id
    workshop.starts_at, workshop.ends_at, workshop.time_zone = slot.starts_at, slot.ends_at, plan.time_zone
    workshop.place, workshop.link = plan.place, plan.link
    workshop.seats, workshop.language = plan.seats, plan.language
    workshop.invited = list(db.session.scalars(select(Commission).where(Commission.id.in_(plan.commission_ids))))


def _state_of(workshop: Workshop) -> dict[str, object]:
    names = (
        "course_id",
        "trainer_id",
        "organiser_id",
        "starts_at",
        "ends_at",
        "time_zone",
        "place",
        "link",
        "seats",
        "language",
    )
    state: dict[str, object] = {name: getattr(workshop, name) for name in names}
    state["commissions"] = {one.id for one in workshop.invited}
    return state


def _raise_sequence(workshop: Workshop) -> None:
    workshop.sequence += 1
    workshop.changed_at = clock.now()
    db.session.flush()

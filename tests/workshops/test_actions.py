"""Scheduling, changing, cancelling; who came, and what follows from it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.cascade.models import Training
from lms.certificates.actions import note_printed, note_taken, withdraw_certificate
from lms.certificates.models import Certificate
from lms.commissions.actions import end_appointments
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Office, Role
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.learning.queries import list_done
from lms.workshops import actions, listing, queries
from lms.workshops.attendance import Outcome, record_attendance
from lms.workshops.models import Attendance, Workshop
from lms.workshops.rules import Mark, Way
from tests.factories.commissions import make_member, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.progress import do, enrolment_of
from tests.factories.workshops import (
    ZONE,
    Setting,
    here,
    make_setting,
    make_workshop,
    make_workshop_today,
    plan_of,
)


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country, a course, a trainer."""
    return make_setting()


def test_a_trainer_schedules_for_the_own_branch(setting: Setting) -> None:
    workshop = make_workshop(setting)
    assert workshop.organiser_id == setting.country.district.id
    assert workshop.starts_at.hour == 10
    assert [one.id for one in workshop.invited] == [setting.country.precinct.id]
    assert db.session.scalar(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)) == "workshops.scheduled"


def test_the_organiser_is_the_nearest_commission_with_a_role(setting: Setting) -> None:
    country = setting.country
    officer = make_officer(country.region)
    plan = plan_of(setting, trainer_id=officer.person_id, commission_ids=frozenset({country.precinct.id}))
    assert actions.schedule_workshop(plan=plan, by=scope(officer)).organiser_id == country.region.id
    wide = plan_of(
        setting, day=plan.day + timedelta(days=1), commission_ids={country.precinct.id, country.sister_precinct.id}
    )
    assert actions.schedule_workshop(plan=wide, by=SYSTEM).organiser_id == country.region.id


def test_nobody_schedules_outside_the_branch(setting: Setting) -> None:
    foreign = frozenset({setting.country.precinct.id, setting.country.sister_precinct.id})
    with pytest.raises(Forbidden, match="not in your branch"):
        make_workshop(setting, commission_ids=foreign)
    with pytest.raises(Forbidden):
        make_workshop(setting, by=make_officer(setting.country.sister_district))
    with pytest.raises(Forbidden):
        make_workshop(setting, by=make_member(setting.country.precinct))


def test_an_officer_names_a_trainer_of_the_branch_and_a_trainer_only_themselves(setting: Setting) -> None:
    officer = make_officer(setting.country.region)
    make_workshop(setting, by=officer)
    stranger = make_officer(setting.country.sister_district, Role.TRAINER)
    with pytest.raises(Forbidden, match="does not train"):
        make_workshop(setting, by=officer, trainer_id=stranger.person_id)
    with pytest.raises(Forbidden, match="own workshops"):
        make_workshop(setting, trainer_id=stranger.person_id)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"commission_ids": frozenset()}, "No commission"),
        ({"ends": time(14)}, "ends before"),
        ({"seats": 0}, "seats"),
        ({"place": ""}, "where it takes place"),
        ({"link": "javascript:alert(1)"}, "link must begin"),
        ({"link": "meet.example"}, "link must begin"),
        ({"time_zone": "Mars/Base"}, "time zone"),
        ({"time_zone": "../etc"}, "time zone"),
        ({"language": "xx"}, "language"),
        ({"course_id": 0}, "course"),
        ({"day": date(2031, 3, 30)}, "after election day"),
    ],
)
def test_a_faulty_plan_is_refused_with_a_sentence(setting: Setting, changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        make_workshop(setting, **changes)
    assert queries.count_workshops(SYSTEM, past=False, now=clock.now()) == 0


def test_a_course_without_a_workshop_among_its_steps_is_refused(setting: Setting) -> None:
    short = make_course(id="short", workshop=False)
    with pytest.raises(Refused, match="no workshop among its steps"):
        make_workshop(setting, course_id=short.course_id)
    workshop = make_workshop(setting)
    plan = plan_of(setting, course_id=short.course_id)
    with pytest.raises(Refused, match="no workshop among its steps"):
        actions.change_workshop(workshop=workshop, plan=plan, by=scope(setting.trainer))


def test_a_time_that_does_not_exist_is_refused(setting: Setting) -> None:
    with pytest.raises(Refused, match="does not exist"):
        make_workshop(setting, day=date(2026, 3, 29), starts=time(2, 30), time_zone="Europe/Berlin")


def test_nobody_is_put_in_two_places(setting: Setting) -> None:
    first = make_workshop(setting)
    with pytest.raises(Refused, match=f"trainer leads workshop No. {first.id}"):
        make_workshop(setting, starts=time(16), commission_ids=frozenset({setting.country.second_precinct.id}))
    officer = make_officer(setting.country.district)
    with pytest.raises(Refused, match=f"PEC No. 17: invited to workshop No. {first.id}"):
        make_workshop(setting, by=officer, trainer_id=officer.person_id, starts=time(16))
    make_workshop(setting, starts=time(17), ends=time(18))
    actions.cancel_workshop(workshop=first, by=scope(setting.trainer))
    make_workshop(setting)


def test_more_people_than_seats_are_refused(setting: Setting) -> None:
    for _one in range(3):
        make_member(setting.country.precinct)
    with pytest.raises(Refused, match="3 people are invited and there are 2 seats"):
        make_workshop(setting, seats=2)


def test_a_change_raises_the_sequence_and_no_change_does_not(setting: Setting) -> None:
    workshop = make_workshop(setting)
    by = scope(setting.trainer)
    actions.change_workshop(workshop=workshop, plan=plan_of(setting), by=by)
    assert workshop.sequence == 0
    actions.change_workshop(workshop=workshop, plan=plan_of(setting, starts=time(16)), by=by)
    assert (workshop.sequence, workshop.starts_at.hour) == (1, 11)
    other = frozenset({setting.country.second_precinct.id})
    actions.change_workshop(workshop=workshop, plan=plan_of(setting, commission_ids=other), by=by)
    assert (workshop.sequence, [one.id for one in workshop.invited]) == (2, list(other))


def test_only_the_own_trainer_and_officers_change(setting: Setting) -> None:
    workshop = make_workshop(setting)
    colleague = make_officer(setting.country.district, Role.TRAINER)
    for stranger in (colleague, make_officer(setting.country.sister_district), make_member(setting.country.precinct)):
        with pytest.raises(Forbidden):
            actions.cancel_workshop(workshop=workshop, by=scope(stranger))
        with pytest.raises(Forbidden):
            record_attendance(workshop=workshop, marks=[], by=scope(stranger))
    actions.cancel_workshop(workshop=workshop, by=scope(make_officer(setting.country.region)))
    assert (workshop.state, workshop.sequence) == ("cancelled", 1)
    with pytest.raises(Refused, match="was cancelled"):
        actions.change_workshop(workshop=workshop, plan=plan_of(setting), by=scope(setting.trainer))


def test_who_came_is_trained_and_has_done_the_workshop(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    workshop = make_workshop_today(setting)
    for _again in range(2):
        outcomes = record_attendance(workshop=workshop, marks=[here(member)], by=scope(setting.trainer))
        assert [(one.person_id, one.present, one.sentence) for one in outcomes] == [(member.person_id, True, "")]
    assert list_done(enrolment_of(member).id) == {"workshop"}
    links = db.session.execute(select(Training.trainer_id, Training.learner_id)).all()
    assert links == [(setting.trainer.person_id, member.person_id)]
    row = db.session.scalars(select(Attendance)).one()
    assert (row.category, row.commission_id) == ("pec", setting.country.precinct.id)
    recorded = select(func.count()).where(AuditEntry.action == "workshops.attendance_recorded")
    assert db.session.scalar(recorded) == 1


def test_a_course_that_asks_for_no_workshop_counts_none(app: Flask) -> None:
    setting = make_setting()
    workshop = make_workshop_today(setting)
    make_course(workshop=False, summary=dict.fromkeys(("kk", "ru", "en"), "no workshop now"), change="material")
    member = make_member(setting.country.precinct)
    record_attendance(workshop=workshop, marks=[here(member)], by=scope(setting.trainer))
    assert list_done(enrolment_of(member).id) == set()
    assert db.session.scalar(select(func.count(Training.id))) == 1


def test_a_wrong_tick_is_corrected_with_all_that_followed(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    workshop = make_workshop_today(setting)
    record_attendance(workshop=workshop, marks=[here(member)], by=scope(setting.trainer))
    record_attendance(workshop=workshop, marks=[here(member, present=False)], by=scope(setting.trainer))
    assert list_done(enrolment_of(member).id) == set()
    assert db.session.scalar(select(func.count(Training.id))) == 0
    assert listing.count_present([workshop.id]) == {}


def test_what_another_workshop_gave_stays(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    first = make_workshop_today(setting)
    second = make_workshop_today(setting, starts=time(18), ends=time(19))
    for workshop in (first, second):
        record_attendance(workshop=workshop, marks=[here(member)], by=scope(setting.trainer))
    record_attendance(workshop=second, marks=[here(member, present=False)], by=scope(setting.trainer))
    assert list_done(enrolment_of(member).id) == {"workshop"}
    assert db.session.scalar(select(func.count(Training.id))) == 1


@pytest.fixture
def certified(setting: Setting) -> tuple[Account, Workshop]:
    """A member to whom the tick at a workshop, the last step of the course, brought the certificate."""
    member = make_member(setting.country.precinct)
    do(member, "module:opening", "module:count", "test")
    workshop = make_workshop_today(setting)
    record_attendance(workshop=workshop, marks=[here(member)], by=scope(setting.trainer))
    return member, workshop


def untick(certified: tuple[Account, Workshop], by: Account) -> Outcome:
    """What somebody is answered who says that the member was not there."""
    member, workshop = certified
    (told,) = record_attendance(workshop=workshop, marks=[here(member, present=False)], by=scope(by))
    return told


def certificate_of(member: Account) -> Certificate:
    return db.session.scalars(select(Certificate).where(Certificate.person_id == member.person_id)).one()


def test_the_tick_by_mistake_that_brought_the_certificate_is_taken_back(
    setting: Setting, certified: tuple[Account, Workshop]
) -> None:
    member, workshop = certified
    certificate = certificate_of(member)
    told = untick(certified, setting.trainer)
    assert (told.present, told.sentence) == (False, "")
    assert certificate.number in told.note
    assert enrolment_of(member).completed_at is None
    assert list_done(enrolment_of(member).id) == {"module:opening", "module:count", "test"}
    assert certificate.withdrawn_at is not None
    assert f"№ {workshop.id}" in certificate.withdrawn_because
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "certificates.withdrawn")).one()
    assert entry.account_id == setting.trainer.id
    record_attendance(workshop=workshop, marks=[here(member)], by=scope(setting.trainer))
    assert certificate.withdrawn_at is None


def test_the_tick_stays_when_the_certificate_was_printed(setting: Setting, certified: tuple[Account, Workshop]) -> None:
    officer = make_officer(setting.country.district)
    officer.person.surname = "Сұраңызов"
    note_printed(commission=setting.country.district, count=1, by=scope(officer))
    told = untick(certified, setting.trainer)
    assert told.present is True
    assert "Сұраңызов" in told.sentence
    assert certificate_of(certified[0]).number in told.sentence
    assert told.asked == setting.country.district
    by_officer = untick(certified, officer)
    assert by_officer.certificate_id == certificate_of(certified[0]).id
    withdraw_certificate(certificate=certificate_of(certified[0]), reason="Decision 7", by=scope(officer))
    assert untick(certified, setting.trainer).present is False
    assert certificate_of(certified[0]).withdrawn_because == "Decision 7"


def test_a_print_from_before_keeps_no_certificate(setting: Setting) -> None:
    note_printed(commission=setting.country.district, count=1, by=scope(make_officer(setting.country.district)))
    member = make_member(setting.country.precinct)
    do(member, "module:opening", "module:count", "test")
    workshop = make_workshop_today(setting)
    record_attendance(workshop=workshop, marks=[here(member)], by=scope(setting.trainer))
    assert untick((member, workshop), setting.trainer).present is False


def test_the_tick_stays_when_the_holder_has_taken_the_certificate(
    setting: Setting, certified: tuple[Account, Workshop]
) -> None:
    for _again in range(2):
        note_taken(certificate=certificate_of(certified[0]), by=scope(certified[0]))
    assert untick(certified, setting.trainer).present is True
    taken = select(func.count()).where(AuditEntry.action == "certificates.taken")
    assert db.session.scalar(taken) == 1


def test_somebody_elses_tick_and_one_of_yesterday_stay_with_the_certificate(
    setting: Setting, certified: tuple[Account, Workshop]
) -> None:
    colleague = make_officer(setting.country.region)
    told = untick(certified, colleague)
    assert told.present is True
    assert told.certificate_id == certificate_of(certified[0]).id
    row = listing.list_attendance(certified[1].id)[certified[0].person_id]
    row.recorded_at -= timedelta(hours=25)
    assert untick(certified, setting.trainer).present is True


def test_a_tick_that_brought_nothing_is_taken_back_from_who_had_finished_before(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    enrolment_of(member).completed_at = clock.now() - timedelta(days=9)
    workshop = make_workshop_today(setting)
    for present in (True, False):
        (told,) = record_attendance(workshop=workshop, marks=[here(member, present)], by=scope(setting.trainer))
        assert (told.present, told.sentence) == (present, "")
    assert enrolment_of(member).completed_at is not None


def test_a_tick_from_before_the_workshop_counts_from_its_start_and_is_told(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    workshop = make_workshop_today(setting)
    by = scope(setting.trainer)
    (told,) = record_attendance(workshop=workshop, marks=[here(member, ago=timedelta(days=30))], by=by)
    assert (told.present, told.sentence) == (True, "")
    assert "clock" in told.note
    kept = listing.list_attendance(workshop.id)[member.person_id]
    assert kept.marked_at == workshop.starts_at - timedelta(minutes=15)


def test_who_has_left_today_is_named(setting: Setting) -> None:
    member = make_member(setting.country.precinct, surname="Кеткенова")
    seat = find_seat_of(member.person_id)
    assert seat is not None
    seat.starts_on -= timedelta(days=30)
    end_appointments(appointments=[seat], on=clock.today(ZONE) - timedelta(days=2), by=SYSTEM)
    (told,) = record_attendance(workshop=make_workshop_today(setting), marks=[here(member)], by=scope(setting.trainer))
    assert told.present is None
    assert "Кеткенова" in told.sentence
    assert "№ 17" in told.sentence or "No. 17" in told.sentence


def test_of_two_ticks_the_later_stands_whichever_comes_first(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    workshop = make_workshop_today(setting)
    by = scope(setting.trainer)
    record_attendance(workshop=workshop, marks=[here(member, ago=timedelta(minutes=5))], by=by)
    late = record_attendance(workshop=workshop, marks=[here(member, present=False, ago=timedelta(minutes=50))], by=by)
    assert [(one.present, one.sentence) for one in late] == [(True, "")]
    marks = [here(member, present=False), here(member, present=True, ago=timedelta(minutes=1))]
    record_attendance(workshop=workshop, marks=marks, by=by)
    assert listing.list_attendance(workshop.id)[member.person_id].present is False


def test_the_category_is_that_of_the_day(setting: Setting) -> None:
    """Who sat in the precinct on the day and has moved up since was there as a precinct member."""
    member = make_member(setting.country.precinct)
    seat = find_seat_of(member.person_id)
    assert seat is not None
    seat.starts_on -= timedelta(days=30)
    workshop = make_workshop_today(setting)
    end_appointments(appointments=[seat], on=clock.today(), by=SYSTEM)
    official = make_member(setting.country.district, Office.CHAIR)
    record_attendance(workshop=workshop, marks=[here(member), here(official)], by=scope(setting.trainer))
    kept = listing.list_attendance(workshop.id)
    assert (kept[member.person_id].category, kept[official.person_id].category) == ("pec", "tec")


def test_nobody_of_another_branch_is_ticked(setting: Setting) -> None:
    foreign = make_member(setting.country.sister_precinct)
    uninvited = make_member(setting.country.second_precinct)
    workshop = make_workshop_today(setting)
    outcomes = record_attendance(
        workshop=workshop,
        marks=[here(foreign), here(uninvited), Mark(10**9, True, clock.now())],
        by=scope(setting.trainer),
    )
    assert {one.person_id: one.present for one in outcomes} == {
        foreign.person_id: None,
        uninvited.person_id: True,
        10**9: None,
    }
    assert foreign.person_id not in listing.list_attendance(workshop.id)


def test_attendance_waits_for_the_day_and_keeps_the_workshop_as_it_is(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    with pytest.raises(Refused, match="can be taken from"):
        record_attendance(workshop=make_workshop(setting), marks=[here(member)], by=scope(setting.trainer))
    soon = make_workshop(setting, starts=time(9), ends=time(10))
    soon.starts_at = clock.now() + timedelta(minutes=16)
    db.session.flush()
    with pytest.raises(Refused, match="can be taken from"):
        record_attendance(workshop=soon, marks=[here(member)], by=scope(setting.trainer))
    soon.starts_at = clock.now() + timedelta(minutes=14)
    assert record_attendance(workshop=soon, marks=[here(member)], by=scope(setting.trainer))[0].present
    held = make_workshop_today(setting)
    record_attendance(workshop=held, marks=[here(member)], by=scope(setting.trainer))
    with pytest.raises(Refused, match="Attendance was taken"):
        actions.cancel_workshop(workshop=held, by=scope(setting.trainer))


def test_the_list_holds_those_invited_and_those_who_came(setting: Setting) -> None:
    chair = make_member(setting.country.precinct, Office.CHAIR, surname="Яблокова")
    member = make_member(setting.country.precinct, surname="Абаева")
    uninvited = make_member(setting.country.second_precinct, surname="Вторая")
    workshop = make_workshop_today(setting)
    seat = find_seat_of(member.person_id)
    assert seat is not None
    for account in (chair, member, uninvited):
        held = find_seat_of(account.person_id)
        assert held is not None
        held.starts_on -= timedelta(days=30)
    record_attendance(workshop=workshop, marks=[here(uninvited)], by=scope(setting.trainer))
    rows = listing.list_rows(workshop)
    assert [(row.person.surname, row.present) for row in rows] == [
        ("Яблокова", None),
        ("Абаева", None),
        ("Вторая", True),
    ]
    assert [row.way is not Way.CAME for row in rows] == [True, True, False]
    make_member(setting.country.second_precinct, surname="Вторых")
    make_member(setting.country.sister_precinct, surname="Вторник")
    for typed in ("втор", "vtoryh", "Айгүл втор", "Вторфх"):
        assert [row.person.surname for row in listing.list_named(workshop, typed)] == ["Вторых"], typed
    assert listing.list_named(workshop, "%") == []


def test_a_person_sees_the_own_workshops(setting: Setting) -> None:
    member, other = make_member(setting.country.precinct), make_member(setting.country.second_precinct)
    workshop = make_workshop(setting)
    cancelled = make_workshop(setting, starts=time(18), ends=time(19))
    actions.cancel_workshop(workshop=cancelled, by=scope(setting.trainer))
    own = queries.list_own(member.person_id, clock.now())
    assert [(one.workshop.id, one.leads, one.present) for one in own] == [
        (workshop.id, False, None),
        (cancelled.id, False, None),
    ]
    assert own[0].title["ru"]
    assert queries.list_own(other.person_id, clock.now()) == []
    assert all(one.leads for one in queries.list_own(setting.trainer.person_id, clock.now()))
    assert queries.list_own(member.person_id, clock.now() + timedelta(days=30)) == []


def test_a_calendar_key_is_the_persons_own_and_is_renewed(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    first = actions.renew_calendar_key(person_id=member.person_id, by=scope(member)).key
    second = actions.renew_calendar_key(person_id=member.person_id, by=scope(member)).key
    assert first != second
    assert len(second) >= 32
    with pytest.raises(Forbidden):
        actions.renew_calendar_key(person_id=member.person_id, by=scope(setting.trainer))

"""The quick figures of a desk and its call lists are those that somebody would get who looks at every person, one by
one: on a tree and with people that chance has made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.accounts.actions import keep_code, revoke_codes
from lms.accounts.models import Account, OneTimeCode
from lms.assessment.models import Attempt
from lms.campaigns.queries import get_open_campaign
from lms.commissions.actions import end_appointments
from lms.commissions.models import Appointment, Commission, Seat
from lms.commissions.permissions import SYSTEM, scope_of
from lms.commissions.reshaping import close_commission
from lms.commissions.rules import Level, Office, Role, Territory
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion, Requirement
from lms.home.actions import note_contact
from lms.home.calls import Asked, CallList
from lms.home.desk import count_called, desk_of
from lms.home.models import ContactAttempt
from lms.home.rules import LATE_AFTER, QUIET_AFTER, Outcome, Want
from lms.home.tasks import count_waiting
from lms.learning.models import CompletedActivity, Enrolment, LateStart
from lms.workshops.models import Attendance, Workshop, WorkshopCommission
from tests.factories.commissions import Country, commission, give_phone, make_country, make_member, precinct
from tests.factories.commissions import make_officer as officer
from tests.factories.curriculum import make_course
from tests.factories.progress import do, finish
from tests.home.test_views import READ, make_attempt, make_workshop

OFFICES = (Office.CHAIR, Office.SECRETARY, *(5 * [Office.MEMBER]))
AGES = (timedelta(hours=3), QUIET_AFTER + timedelta(hours=1), LATE_AFTER + timedelta(hours=1))


@dataclass
class Story:
    """What chance made of a country."""

    chance: Random
    country: Country
    short: CourseVersion
    """What is asked of those who come late."""

    def tell(self) -> None:
        """Make it."""
        country = self.country
        units = [country.region, country.sister_region, country.district, country.sister_district]
        units += [
            commission(country.sister_region, Level.TEC, Territory.DISTRICT, f"District {number}")
            for number in range(self.chance.randrange(3))
        ]
        places = [country.precinct, country.second_precinct, country.sister_precinct]
        places += [precinct(self.chance.choice(units), 100 + number) for number in range(self.chance.randrange(4, 9))]
        for place in [*units, *places]:
            for office in self.chance.sample(OFFICES, self.chance.randrange(5)):
                self._member(place, office)
        for place in self.chance.sample(places, 3):
            self._workshop(place)
        self._leave(self.chance.choice(places))
        db.session.commit()

    def _member(self, place: Commission, office: Office) -> None:
        chance = self.chance
        account = make_member(place, office, surname=chance.choice(("Серікова", "Ахметов", "Ли")))
        if chance.random() < 0.6:
            give_phone(account, f"+7701{account.id:07d}")
        self._way_in(account)
        chance.choice((self._waits, self._reads, self._reads, self._is_tested, self._is_tested, finish))(account)
        if chance.random() < 0.25:
            self._comes_late(account, Level(place.level))
        if chance.random() < 0.3:
            self._is_called(account)

    def _way_in(self, account: Account) -> None:
        if self.chance.random() < 0.6:
            return
        account.password_hash = None
        if self.chance.random() < 0.6:
            over = self.chance.choice((-AGES[0], AGES[2]))
            keep_code(account=account, code=str(account.id), expires_at=clock.now() + over)
        if self.chance.random() < 0.2:
            revoke_codes(account)

    def _waits(self, account: Account) -> None:
        enrolment = do(account)
        enrolment.started_at = None
        enrolment.enrolled_at = clock.now() - self.chance.choice(AGES)

    def _reads(self, account: Account) -> None:
        done = self.chance.choice(((), READ[:1], READ, (*READ, "workshop"), (*READ, "test")))
        do(account, *done, at=clock.now() - self.chance.choice(AGES))

    def _is_tested(self, account: Account) -> None:
        self._reads(account)
        enrolment = do(account)
        for number in range(1, self.chance.randrange(2, 5)):
            state = self.chance.choice(("submitted", "submitted", "open"))
            make_attempt(
                enrolment, number=number, state=state, started_at=clock.now() - self.chance.choice(AGES),
                submitted_at=None if state == "open" else clock.now(),
            )  # fmt: skip
            if state == "open":
                break

    def _comes_late(self, account: Account, level: Level) -> None:
        """The short course alone is asked of them, whatever they were enrolled in before."""
        enrolment, short = do(account), self.short
        before = (enrolment.course_id, enrolment.version_id)
        db.session.add(
            LateStart(
                campaign_id=enrolment.campaign_id, person_id=account.person_id, level=level.value, since=clock.today()
            )
        )  # fmt: skip
        enrolment.course_id, enrolment.version_id = short.course_id, short.id
        db.session.flush()
        if self.chance.random() < 0.5:
            row = {"campaign_id": enrolment.campaign_id, "person_id": account.person_id}
            course_id, version_id = before
            db.session.add(
                Enrolment(course_id=course_id, version_id=version_id, enrolled_at=clock.now() - AGES[2], **row)
            )
            db.session.flush()

    def _is_called(self, account: Account) -> None:
        seat = db.session.scalars(select(Appointment).where(Appointment.person_id == account.person_id)).one()
        outcomes = (Outcome.REACHED, Outcome.NO_ANSWER, Outcome.PUT_BACK)
        for outcome in self.chance.choices(outcomes, k=self.chance.randrange(1, 3)):
            note_contact(seat=seat, campaign_id=get_open_campaign().id, outcome=outcome, by=SYSTEM)

    def _workshop(self, place: Commission) -> None:
        where = db.session.get_one(Commission, place.parent_id)
        starts_at = clock.now() + self.chance.choice((-timedelta(days=2), timedelta(days=2)))
        workshop = make_workshop(place, officer(where, Role.TRAINER), starts_at, where)
        for seat in seats_below(place):
            if self.chance.random() < 0.4:
                db.session.add(
                    Attendance(
                        workshop_id=workshop.id, person_id=seat.person_id, present=self.chance.random() < 0.7,
                        category="pec", commission_id=place.id, recorded_by_id=None, recorded_at=clock.now(),
                    )
                )  # fmt: skip

    def _leave(self, place: Commission) -> None:
        end_appointments(appointments=seats_below(place), on=clock.today(), by=SYSTEM)
        close_commission(commission=place, on=clock.today(), by=SYSTEM)


@pytest.fixture(params=range(2))
def country(app: Flask, request: pytest.FixtureRequest) -> Country:
    """A country as chance made it, counted by the worker."""
    made = make_country()
    make_course()
    short = make_course(id="short")
    db.session.execute(update(Requirement).where(Requirement.course_id == short.course_id).values(late_days=5))
    Story(Random(request.param), made, short).tell()
    count_waiting()
    db.session.commit()
    return made


def is_in(place: Commission, top: Commission) -> bool:
    """Whether a commission is another one or lies below it."""
    here: Commission | None = place
    while here is not None and here.id != top.id:
        here = db.session.get(Commission, here.parent_id) if here.parent_id else None
    return here is not None


def seats_below(top: Commission) -> list[Appointment]:
    """The seats held in a branch now."""
    held = db.session.scalars(select(Appointment).where(Appointment.ends_on.is_(None)).order_by(Appointment.id))
    return [seat for seat in held if seat.commission.closed_on is None and is_in(seat.commission, top)]


def count_free(top: Commission) -> int:
    """The seats of a branch that nobody holds."""
    held = {seat.seat_id for seat in seats_below(top)}
    places = {one.id: one for one in db.session.scalars(select(Commission).where(Commission.closed_on.is_(None)))}
    seats = [one for one in db.session.scalars(select(Seat)) if one.commission_id in places]
    return sum(one.id not in held for one in seats if is_in(places[one.commission_id], top))


@dataclass
class Person:
    """Somebody who must take the course, and everything that is known of them."""

    seat: Appointment
    account: Account
    enrolment: Enrolment
    done: list[CompletedActivity]
    attempts: list[Attempt]

    @property
    def is_open(self) -> bool:
        """Whether the course is not finished."""
        return self.enrolment.completed_at is None

    def did(self, activity: str) -> bool:
        """Whether a step is done."""
        return any(one.activity == activity for one in self.done)

    def has_slip(self) -> bool:
        """Whether some slip works."""
        codes = db.session.scalars(select(OneTimeCode).where(OneTimeCode.account_id == self.account.id))
        return any(not one.used_at and not one.revoked_at and one.expires_at > clock.now() for one in codes)

    def is_quiet(self) -> bool:
        """Whether nothing has happened for days since the beginning."""
        since = clock.now() - QUIET_AFTER
        moments = [*(one.completed_at for one in self.done), *(one.started_at for one in self.attempts)]
        begun = self.enrolment.started_at is not None and self.enrolment.started_at < since
        return begun and not self.did("test") and all(moment < since for moment in moments)

    def tries(self) -> tuple[bool, bool, bool]:
        """Whether a test was ended, whether one is open, whether the last one that is allowed was begun."""
        allowed = self.enrolment.version.test["attempts"]
        states = {one.state for one in self.attempts}
        return bool(states - {"open"}), "open" in states, any(one.number >= allowed for one in self.attempts)

    def missed(self) -> bool:
        """Whether a workshop of the own commission was held, and the step is open."""
        invited = db.session.scalars(
            select(Workshop).join(WorkshopCommission).where(WorkshopCommission.commission_id == self.seat.commission_id)
        )
        course = self.enrolment.course_id
        held = [
            one
            for one in invited
            if one.course_id == course and one.ends_at < clock.now() and one.starts_at.date() >= self.seat.starts_on
        ]
        came = select(Attendance.person_id).where(
            Attendance.present, Attendance.workshop_id.in_([one.id for one in held])
        )
        return not self.did("workshop") and db.session.scalars(came).first() is not None


PLAIN: dict[Want, Callable[[Person], bool]] = {
    Want.MISSING: lambda one: one.is_open,
    Want.NEVER: lambda one: one.account.password_hash is None,
    Want.WITHOUT_SLIP: lambda one: one.account.password_hash is None and not one.has_slip(),
    Want.NOT_BEGUN: lambda one: one.is_open and one.enrolment.started_at is None,
    Want.LATE: lambda one: (
        one.is_open and one.enrolment.started_at is None and one.enrolment.enrolled_at < clock.now() - LATE_AFTER
    ),
    Want.QUIET: lambda one: one.is_open and one.is_quiet(),
    Want.FAILED: lambda one: one.is_open and not one.did("test") and one.tries() == (True, False, False),
    Want.USED_UP: lambda one: one.is_open and not one.did("test") and one.tries()[0] and used_up(one),
    Want.MISSED: lambda one: one.is_open and one.missed(),
    Want.NO_PHONE: lambda one: one.is_open and not one.account.person.phone,
}


def used_up(one: Person) -> bool:
    """Whether the last attempt that is allowed has ended."""
    allowed = one.enrolment.version.test["attempts"]
    return any(attempt.number >= allowed and attempt.state != "open" for attempt in one.attempts)


def everybody_below(top: Commission) -> Iterator[Person]:
    """Those who must take the course."""
    for seat in seats_below(top):
        account = db.session.scalars(select(Account).where(Account.person_id == seat.person_id)).one()
        late = select(LateStart).where(LateStart.person_id == seat.person_id)
        is_late = db.session.scalars(late).one_or_none() is not None
        asked = select(Requirement.course_id).where(Requirement.late_days.is_not(None) == is_late)
        own = select(Enrolment).where(Enrolment.person_id == seat.person_id, Enrolment.course_id.in_(asked))
        enrolment = db.session.scalars(own).one_or_none()
        if enrolment is not None:
            done = db.session.scalars(select(CompletedActivity).where(CompletedActivity.enrolment_id == enrolment.id))
            attempts = db.session.scalars(select(Attempt).where(Attempt.enrolment_id == enrolment.id))
            yield Person(seat, account, enrolment, list(done), list(attempts))


def list_put_off(today: date) -> dict[int, Commission]:
    """People who were called and come back on the list later, and where they sat when they were called."""
    last = {one.person_id: one for one in db.session.scalars(select(ContactAttempt).order_by(ContactAttempt.id))}
    return {
        person: db.session.get_one(Commission, one.commission_id) for person, one in last.items() if one.until > today
    }


def test_every_figure_and_every_list_is_what_a_plain_count_says(country: Country) -> None:
    campaign, today = get_open_campaign().id, clock.today("Asia/Almaty")
    put_off, listed = list_put_off(today), 0
    above = (country.central, country.region, country.sister_region, country.district)
    for top in (*above, country.precinct, country.second_precinct, country.sister_precinct):
        people = list(everybody_below(top))
        at = top if top in above else db.session.get_one(Commission, top.parent_id)
        scope = scope_of(officer(at, Role.CEC_ADMINISTRATOR if top is country.central else Role.TERRITORIAL_OFFICER))
        desk = desk_of(scope, top, campaign)
        assert desk.must == len(people)
        assert desk.vacant == count_free(top), top.code
        assert count_called(top.id, campaign, today) == sum(is_in(place, top) for place in put_off.values())
        for want, belongs in PLAIN.items():
            expected = {one.seat.person_id for one in people if belongs(one)}
            assert desk.count(want) == len(expected), (top.code, want)
            few = desk_of(scope, top, campaign, [want])
            assert few.count(want) == len(expected), (top.code, want)
            for called in (False, True):
                found = CallList(scope, Asked(top, campaign, want, today, called=called), few)
                all_of_them = [member.person_id for member in found.all(10_000)]
                assert set(all_of_them) == {one for one in expected if (one in put_off) is called}, (top.code, want)
                assert len(all_of_them) == len(set(all_of_them))
                assert list_forwards(found) == all_of_them
                assert list_backwards(found) == all_of_them
                listed += len(all_of_them)
    assert listed > 50, "chance made too few people to show anything"


def list_forwards(found: CallList) -> list[int]:
    """Everyone, page by page."""
    pages = [found.page_from(None)]
    while pages[-1].next:
        pages.append(found.page_from(pages[-1].next))
    return [member.person_id for page in pages for member in page.people]


def list_backwards(found: CallList) -> list[int]:
    """Everyone, page by page from the end."""
    pages = [found.page_before(None)]
    while pages[-1].previous:
        pages.append(found.page_before(pages[-1].previous))
    return [member.person_id for page in pages[::-1] for member in page.people]


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a few people, so that lists have several."""
    monkeypatch.setattr("lms.home.calls.ON_ONE_PAGE", 7)

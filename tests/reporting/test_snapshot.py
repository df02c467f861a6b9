"""Pages above the precincts read a snapshot: half a minute old at most, at once for who acts; precincts are live."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from lms.accounts.models import Account
from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import SYSTEM, Scope
from lms.core import clock
from lms.core.database import engine
from lms.core.database.base import db
from lms.learning.actions import complete_activity
from lms.learning.models import Enrolment
from lms.reporting import snapshot
from lms.reporting.actions import rebuild_counters
from lms.reporting.models import CompletionRound
from lms.reporting.queries import Counted, count_by_child
from lms.reporting.rules import Figures
from tests.factories.commissions import Country, make_country, make_member, scope
from tests.factories.curriculum import make_course
from tests.factories.progress import enrolment_of

ALL_STEPS = ("module:opening", "module:count", "test", "workshop")


@pytest.fixture
def country(app: Flask) -> Country:
    """Two members in one precinct; counted at this moment."""
    country = make_country()
    make_course()
    make_member(country.precinct)
    make_member(country.precinct)
    rebuild_counters(campaign_id=get_open_campaign().id, by=SYSTEM)
    db.session.commit()
    return country


def learner(place: Commission) -> Account:
    """A member of a commission."""
    person = db.session.scalars(select(Appointment.person_id).where(Appointment.commission_id == place.id)).first()
    return db.session.scalars(select(Account).where(Account.person_id == person)).one()


def complete(account: Account, by: Scope) -> None:
    """Do the whole course."""
    for activity in ALL_STEPS:
        complete_activity(enrolment=enrolment_of(account), activity=activity, by=by)
    db.session.commit()


def page(place: Commission) -> Counted:
    """What a commission's page is made of, as a request reads it."""
    with engine.only_reading():
        return count_by_child(SYSTEM, place, get_open_campaign().id, since=clock.today())


def finished(place: Commission) -> int:
    """How many have finished there, as its page says."""
    return Figures.total([row.figures for row in page(place).rows]).finished


def test_a_members_own_act_is_live_below_and_waits_half_a_minute_above(country: Country) -> None:
    member = learner(country.precinct)
    complete(member, scope(member))
    assert (finished(country.precinct), finished(country.district)) == (1, 1)
    assert (finished(country.region), finished(country.central)) == (0, 0)
    with time_machine.travel(clock.now() + timedelta(seconds=31), tick=False):
        assert (finished(country.region), finished(country.central)) == (1, 1)


def test_what_an_officer_does_is_shown_at_once(country: Country) -> None:
    complete(learner(country.precinct), SYSTEM)
    assert (finished(country.region), finished(country.central)) == (1, 1)
    make_member(country.precinct)
    db.session.commit()
    assert Figures.total([row.figures for row in page(country.central).rows]).must == 3


def test_the_page_says_when_territories_were_counted(country: Country) -> None:
    made = db.session.scalars(select(CompletionRound.as_of)).one()
    assert page(country.central).as_of == made
    assert page(country.district).as_of is None
    with time_machine.travel(clock.now() + timedelta(seconds=40), tick=False):
        assert page(country.central).as_of == clock.now()


def test_it_ages_while_the_clock_of_a_demo_stands_still(country: Country) -> None:
    before = page(country.central).as_of
    with clock.pretending(clock.now() - timedelta(days=1000)):
        assert page(country.central).as_of == before
        with time_machine.travel(before + timedelta(seconds=31), tick=False):
            assert page(country.central).as_of == before + timedelta(seconds=31)


def test_a_database_that_only_reads_keeps_its_last_snapshot(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object, **_more: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("cannot execute UPDATE in a read-only transaction"))

    made = page(country.central).as_of
    complete(learner(country.precinct), SYSTEM)
    monkeypatch.setattr(snapshot, "_make_again", refuse)
    assert page(country.central).as_of == made
    assert finished(country.central) == 0


def test_only_what_changed_is_counted_again(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[int]] = []
    again = snapshot.count_units
    monkeypatch.setattr(snapshot, "count_units", lambda *words: (seen.append(words[2]), again(*words))[1])
    complete(learner(country.precinct), SYSTEM)
    page(country.central)
    page(country.central)
    assert seen == [{country.district.id}]


def test_training_begins_with_the_first_enrolment(country: Country) -> None:
    campaign_id = get_open_campaign().id
    first = db.session.scalars(select(Enrolment.enrolled_at).order_by(Enrolment.enrolled_at)).first()
    assert snapshot.find_begin(db.session(), campaign_id) == first
    db.session.execute(update(CompletionRound).values(began_at=None))
    assert snapshot.find_begin(db.session(), campaign_id) == first

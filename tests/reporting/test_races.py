"""Counters and snapshot on real connections: many in one precinct at the same moment, readers beside writers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update

from lms.campaigns.queries import get_open_campaign
from lms.commissions.actions import end_appointments
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.database import engine
from lms.core.database.base import db
from lms.core.database.engine import quick_transaction
from lms.learning.actions import complete_activity
from lms.learning.models import Enrolment
from lms.reporting import snapshot, units
from lms.reporting.actions import rebuild_counters
from lms.reporting.models import CompletionChange, CompletionCounter, CompletionRound
from lms.reporting.queries import count_by_child
from lms.reporting.recount import find_drift
from lms.reporting.rules import Figures
from tests.factories.commissions import make_country, make_member, precinct
from tests.factories.crowd import at_once
from tests.factories.curriculum import make_course

ALL_STEPS = ("module:opening", "module:count", "test", "workshop")
CROWD = 7


@pytest.fixture(scope="module")
def central(real_app: Flask) -> int:
    """The central commission of the small country."""
    with real_app.app_context():
        country = make_country()
        make_course()
        rebuild_counters(campaign_id=get_open_campaign().id, by=SYSTEM)
        db.session.commit()
        return country.central.id


def make_crowd(app: Flask, number: int) -> tuple[int, list[int]]:
    """A new precinct with its members: its id, and their enrolments."""
    with app.app_context():
        district = db.session.scalars(select(Commission).where(Commission.level == "tec")).all()[2]
        place = precinct(district, number)
        people = [make_member(place).person_id for _ in range(CROWD)]
        db.session.commit()
        return place.id, list(db.session.scalars(select(Enrolment.id).where(Enrolment.person_id.in_(people))))


def complete(app: Flask, enrolment_id: int) -> None:
    """One person does everything, in one transaction."""
    with app.app_context():
        for activity in ALL_STEPS:
            complete_activity(enrolment=db.session.get_one(Enrolment, enrolment_id), activity=activity, by=SYSTEM)
        db.session.commit()


def leave(app: Flask, enrolment_id: int) -> None:
    """One person leaves the seat."""
    with app.app_context():
        person = db.session.get_one(Enrolment, enrolment_id).person_id
        seat = db.session.scalars(select(Appointment).where(Appointment.person_id == person)).one()
        end_appointments(appointments=[seat], on=clock.today(), by=SYSTEM)
        db.session.commit()


def recount(app: Flask) -> None:
    """Everything is counted again meanwhile."""
    with app.app_context():
        rebuild_counters(campaign_id=get_open_campaign().id, by=SYSTEM)
        db.session.commit()


def drift(app: Flask) -> list[str]:
    """What does not agree once all is quiet."""
    with app.app_context():
        snapshot.refresh(get_open_campaign().id, now=True)
        db.session.commit()
        return find_drift(get_open_campaign().id, since=clock.today() - timedelta(days=6))[1]


def counter(app: Flask, place_id: int) -> tuple[int, int]:
    """must and finished."""
    with app.app_context():
        row = db.session.scalars(select(CompletionCounter).where(CompletionCounter.commission_id == place_id)).one()
        return row.must, row.finished


def test_all_of_one_precinct_complete_at_the_same_moment(real_app: Flask, central: int) -> None:
    for number in (101, 102):
        place, enrolments = make_crowd(real_app, number)
        at_once(*(partial(complete, real_app, one) for one in enrolments))
        assert counter(real_app, place) == (CROWD, CROWD)
    assert drift(real_app) == []


def test_completing_leaving_and_recounting_at_the_same_moment(real_app: Flask, central: int) -> None:
    place, enrolments = make_crowd(real_app, 103)
    leaving, staying = enrolments[:3], enrolments[2:]  # one completes and leaves
    works: list[Callable[[], Any]] = [partial(leave, real_app, one) for one in leaving]
    works += [partial(complete, real_app, one) for one in staying]
    at_once(*works, partial(recount, real_app))
    assert counter(real_app, place) == (CROWD - 3, CROWD - 3)
    assert drift(real_app) == []


def read_country(app: Flask, central_id: int) -> Figures:
    """The page of the country, as a request reads it."""
    with app.app_context(), engine.only_reading():
        central = db.session.get_one(Commission, central_id)
        counted = count_by_child(SYSTEM, central, get_open_campaign().id, since=clock.today())
        return Figures.total([row.figures for row in counted.rows])


def test_one_of_many_readers_makes_the_snapshot(real_app: Flask, central: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _place, enrolments = make_crowd(real_app, 104)
    complete(real_app, enrolments[0])
    made: list[int] = []
    count_units = units.count_units
    monkeypatch.setattr(snapshot, "count_units", lambda *words: (made.append(1), count_units(*words))[1])
    with real_app.app_context():
        db.session.execute(update(CompletionRound).values(as_of=clock.now() - timedelta(seconds=31)))
        db.session.commit()
    found = at_once(*(partial(read_country, real_app, central) for _ in range(8)))
    assert len(made) == 1
    assert read_country(real_app, central).must == max(figures.must for figures in found)
    with real_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CompletionChange)) == 0


def test_the_first_readers_of_all_count_once(real_app: Flask, central: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with real_app.app_context():
        for table in (CompletionChange, CompletionCounter, CompletionRound):
            db.session.execute(delete(table))
        db.session.commit()
    made: list[int] = []
    again = snapshot.rebuild
    monkeypatch.setattr(snapshot, "rebuild", lambda *words: (made.append(1), again(*words))[1])
    found = at_once(*(partial(read_country, real_app, central) for _ in range(6)))
    assert len(made) == 1
    assert len(set(found)) == 1
    assert drift(real_app) == []


def test_a_reader_does_not_wait_for_one_who_writes(real_app: Flask, central: int) -> None:
    before = read_country(real_app, central)
    with real_app.app_context():
        db.session.execute(update(CompletionRound).values(as_of=clock.now() - timedelta(seconds=31)))
        db.session.commit()
        campaign_id = get_open_campaign().id
        db.session.rollback()
        # another holds SQLite's one write lock, or PostgreSQL's row of the round
        db.session.execute(select(CompletionRound).where(CompletionRound.campaign_id == campaign_id).with_for_update())
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("UPDATE completion_round SET recounted_on = recounted_on"))
        (seen,) = at_once(partial(read_country, real_app, central))
        db.session.rollback()
    assert seen == before


def test_a_write_that_can_be_left_out_does_not_wait(real_app: Flask, central: int) -> None:
    with real_app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("SQLite has one writer")
        db.session.execute(text("UPDATE completion_round SET recounted_on = recounted_on"))
        with quick_transaction() as connection:
            assert connection is None
        db.session.rollback()
        with quick_transaction() as connection:
            assert connection is not None
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == engine.BUSY_TIMEOUT * 1000

"""Who is ready, and what will be on the eve of the election."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.commissions.rules import Office
from lms.learning.rules import State
from lms.reporting.rules import (
    Figures,
    Forecast,
    Lacking,
    Missing,
    Order,
    Outlook,
    Readiness,
    Unread,
    forecast,
    forecast_together,
    is_ready,
    lacking,
    missing_of,
    pace_days,
    pace_hours,
    readiness,
    sort_key,
    state_of,
)

TODAY = date(2026, 11, 8)
ELECTION = date(2026, 11, 20)
EVE = date(2026, 11, 19)
REQUIRED = ["module:a", "module:b", "test", "workshop"]


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        (Figures(), Readiness.EMPTY),
        (Figures(must=7), Readiness.NOT_BEGUN),
        (Figures(must=7, begun=1), Readiness.BEGUN),
        (Figures(must=7, finished=6), Readiness.BEGUN),
        (Figures(must=7, finished=7), Readiness.READY),
    ],
)
def test_a_commission_is_ready_when_everyone_in_it_has_finished(figures: Figures, state: Readiness) -> None:
    assert readiness(figures) == state


def test_what_is_missing_and_not_begun_follows() -> None:
    figures = Figures(must=10, begun=3, finished=5, precincts=4, ready=1)
    assert (figures.missing, figures.not_begun, figures.precincts_not_ready) == (5, 2, 3)
    assert figures + figures == Figures(20, 6, 10, 0, 8, 2)


@pytest.mark.parametrize(
    ("figures", "today", "expected"),
    [
        (Figures(), TODAY, Forecast(Outlook.EMPTY)),
        (Figures(must=5, finished=5), ELECTION, Forecast(Outlook.READY)),
        (Figures(must=5, finished=4, lately=4), ELECTION, Forecast(Outlook.OVER, None, 1)),
        (Figures(must=5, finished=4), TODAY, Forecast(Outlook.STANDING, None, 1)),
        # 7 in 7 days: one a day, 5 left: five days
        (Figures(must=20, finished=15, lately=7), TODAY, Forecast(Outlook.IN_TIME, date(2026, 11, 13))),
        # 10 left at one a day: the 18th, one day to spare
        (Figures(must=20, finished=10, lately=7), TODAY, Forecast(Outlook.JUST, date(2026, 11, 18))),
        # 11 left: the 19th itself is in time
        (Figures(must=20, finished=9, lately=7), TODAY, Forecast(Outlook.JUST, EVE)),
        # 13 left: 11 will be done by the 19th, 2 will not
        (Figures(must=20, finished=7, lately=7), TODAY, Forecast(Outlook.LATE, date(2026, 11, 21), 2)),
        # one a week: one of three by the eve
        (Figures(must=20, finished=17, lately=1), TODAY, Forecast(Outlook.LATE, date(2026, 11, 29), 2)),
        # on the eve itself nobody more is promised
        (Figures(must=20, finished=19, lately=7), EVE, Forecast(Outlook.LATE, date(2026, 11, 20), 1)),
    ],
)
def test_the_forecast_goes_on_at_the_pace_of_the_last_week(figures: Figures, today: date, expected: Forecast) -> None:
    assert forecast(figures, hours=168, today=today, election_on=ELECTION) == expected


@pytest.mark.parametrize(
    ("must", "finished", "leaders", "percent", "ready"),
    [
        (7, 7, 2, 100, True),
        (7, 6, 2, 100, False),
        (7, 6, 2, 80, True),
        (7, 5, 2, 67, True),
        (7, 4, 2, 67, False),
        (7, 7, 1, 1, False),
        (0, 0, 0, 1, False),
    ],
)
def test_a_precinct_is_ready_with_its_leaders_and_a_share_of_its_members(
    must: int, finished: int, leaders: int, percent: int, ready: bool
) -> None:
    assert is_ready(must=must, finished=finished, leaders=leaders, percent=percent) is ready


SLOW, QUICK = Figures(must=20, finished=7, lately=7, precincts=2), Figures(must=20, finished=15, lately=7, precincts=2)
DONE, STANDING = Figures(must=5, finished=5, precincts=1, ready=1), Figures(must=5, precincts=1)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([SLOW, QUICK], Forecast(Outlook.LATE, date(2026, 11, 21), 2)),
        ([SLOW, SLOW, DONE], Forecast(Outlook.LATE, date(2026, 11, 21), 4)),
        ([QUICK, DONE], Forecast(Outlook.IN_TIME, date(2026, 11, 13))),
        # one that stands still does not make the whole stand still
        ([QUICK, STANDING], Forecast(Outlook.LATE, None, 5)),
        ([STANDING, STANDING], Forecast(Outlook.STANDING, None, 10)),
        ([DONE, DONE], Forecast(Outlook.READY)),
        ([DONE, Figures(precincts=3)], Forecast(Outlook.LEADERLESS)),
        ([DONE, Figures(must=5, finished=5, precincts=1)], Forecast(Outlook.LEADERLESS)),
        # the seats of a commission itself are too few for a pace of their own
        ([QUICK, Figures(must=7, finished=6)], Forecast(Outlook.IN_TIME, date(2026, 11, 14))),
        ([], Forecast(Outlook.EMPTY)),
    ],
)
def test_a_quick_territory_does_not_hide_a_late_one(units: list[Figures], expected: Forecast) -> None:
    assert forecast_together(units, hours=168, today=TODAY, election_on=ELECTION) == expected


@pytest.mark.parametrize(
    ("began", "days"),
    [(None, 7), (TODAY, 1), (TODAY - timedelta(days=3), 4), (TODAY - timedelta(days=40), 7)],
)
def test_the_pace_is_taken_over_a_week_or_since_training_began(began: date | None, days: int) -> None:
    assert pace_days(began, TODAY) == days


@pytest.mark.parametrize(("days", "hour", "hours"), [(7, 23, 167), (7, 0, 144), (1, 9, 24), (2, 9, 33)])
def test_a_day_that_has_only_begun_does_not_slow_the_pace(days: int, hour: int, hours: int) -> None:
    assert pace_hours(days, hour) == hours


CHAIR, SECRETARY, MEMBER = Office.CHAIR, Office.SECRETARY, Office.MEMBER


@pytest.mark.parametrize(
    ("seated", "percent", "lack"),
    [
        ([], 100, Lacking(nobody=(CHAIR, SECRETARY))),
        ([(CHAIR, True), (SECRETARY, True)], 100, Lacking()),
        ([(CHAIR, True), (SECRETARY, True), (MEMBER, False)], 100, Lacking(people=1)),
        ([(CHAIR, True), (SECRETARY, True), (MEMBER, False)], 60, Lacking()),
        ([(CHAIR, False), (SECRETARY, True), (MEMBER, True)], 60, Lacking(unfinished=(CHAIR,))),
        ([(CHAIR, False), (MEMBER, False), (MEMBER, False)], 70, Lacking((SECRETARY,), (CHAIR,), 2)),
        ([(CHAIR, True), (SECRETARY, False)], 100, Lacking(unfinished=(SECRETARY,))),
    ],
)
def test_what_a_precinct_lacks(seated: list[tuple[Office, bool]], percent: int, lack: Lacking) -> None:
    assert lacking(seated, percent) == lack
    finished = [office for office, done in seated if done]
    leaders = len({CHAIR, SECRETARY} & set(finished))
    ready = is_ready(must=len(seated), finished=len(finished), leaders=leaders, percent=percent)
    assert lacking(seated, percent).nothing is ready


def test_in_the_morning_the_forecast_is_that_of_the_evening() -> None:
    evening = Figures(must=40, finished=20, lately=7)
    morning = Figures(must=40, finished=20, lately=6)
    later = forecast(morning, hours=pace_hours(7, 0), today=TODAY, election_on=ELECTION)
    assert later == forecast(evening, hours=168, today=TODAY, election_on=ELECTION)


@pytest.mark.parametrize(
    ("done", "missing"),
    [
        ([], Missing((Unread(7, "a"), Unread(7, "b")), 2, test=True, workshop=True)),
        (["module:a"], Missing((Unread(7, "b"),), 2, test=True, workshop=True)),
        (["module:a", "module:b", "test"], Missing((), 2, test=False, workshop=True)),
        (REQUIRED, Missing((), 2)),
    ],
)
def test_what_a_person_has_yet_to_do(done: list[str], missing: Missing) -> None:
    assert missing_of(7, REQUIRED, done) == missing
    assert missing_of(7, REQUIRED, done).nothing == (done == REQUIRED)


@pytest.mark.parametrize(
    ("finished", "begun", "state"),
    [(True, True, State.FINISHED), (False, True, State.BEGUN), (False, False, State.NOT_BEGUN)],
)
def test_the_state_of_a_person(finished: bool, begun: bool, state: State) -> None:
    assert state_of(finished=finished, begun=begun) is state


def test_every_order_has_a_key() -> None:
    for order in Order:
        sort_key(order)(Figures(), Forecast(Outlook.LATE, short=3))

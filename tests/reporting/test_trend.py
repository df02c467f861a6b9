"""The line of a branch: its points, where it leads, and the words on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from lms.reporting.rules import Figures, Forecast, Outlook
from lms.reporting.trend import TrendDay, trend_of
from lms.reporting.units import count_since, day_of, sum_days
from lms.reporting.words import late_words, outlook_sentence, trend_sentence

BEGAN, TODAY, ELECTION = date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 10)
COUNTS = {date(2026, 11, 2): 10, date(2026, 11, 4): 20, date(2026, 11, 5): 10}
TOTAL = Figures(must=80, begun=5, finished=40, lately=40)


def line(counts: dict[date, int] = COUNTS, found: Forecast | None = None, **dates: date) -> object:
    """The line of eighty people."""
    found = found or Forecast(Outlook.IN_TIME, date(2026, 11, 9))
    when = {"began": BEGAN, "today": TODAY, "election_on": ELECTION, **dates}
    trend = trend_of(counts, TOTAL, found, **when)
    assert trend is not None
    return trend


def test_the_line_adds_up_day_by_day_to_election_day() -> None:
    trend = line()
    assert trend.days == [
        TrendDay(date(2026, 11, 1), 0, 0),
        TrendDay(date(2026, 11, 2), 10, 10),
        TrendDay(date(2026, 11, 3), 0, 10),
        TrendDay(date(2026, 11, 4), 20, 30),
        TrendDay(date(2026, 11, 5), 10, 40),
    ]
    assert trend.line == "0,1000 100,1000 200,875 300,875 400,625 500,500"
    assert trend.area == trend.line + " 500,1000"
    assert trend.ahead == "500,500 900,0"  # everyone on the 9th
    assert (trend.so_far, trend.today_at, trend.has_room_for_today, trend.last) == (40, 50, True, ELECTION)


def test_what_was_finished_in_the_campaign_before_counts_on_the_first_day() -> None:
    earlier = {date(2025, 10, 31): 5, date(2025, 12, 1): 2, **COUNTS}
    trend = trend_of(
        earlier, TOTAL, Forecast(Outlook.STANDING), began=BEGAN, today=TODAY, election_on=ELECTION, called_on=BEGAN
    )
    assert trend is not None
    assert trend.days[0] == TrendDay(BEGAN, 7, 7)
    assert (len(trend.days), trend.so_far) == (5, 47)


@pytest.mark.parametrize(("days", "words"), [(1, "in the last day,"), (3, "in the last 3 days,")])
def test_days_are_counted_in_words(app: Flask, days: int, words: str) -> None:
    standing = Forecast(Outlook.STANDING, None, 5)
    assert f"Nobody finished {words}" in outlook_sentence(standing, days=days, lately=0, election_on=ELECTION)
    late = outlook_sentence(Forecast(Outlook.LATE, None, 5), days=days, lately=2, election_on=ELECTION)
    assert f"2 people finished {words[:-1]}." in late


@pytest.mark.parametrize(("today", "words"), [(TODAY, "will not make it by 9 November"), (ELECTION, "did not make it")])
def test_from_election_day_on_nobody_will_make_it(app: Flask, today: date, words: str) -> None:
    assert late_words(2, election_on=ELECTION, today=today) == f"territories {words}"


@pytest.mark.parametrize("length", [7, 29, 30, 31, 97])
def test_today_stands_where_the_line_ends(length: int) -> None:
    trend = line(election_on=BEGAN + timedelta(days=length - 1))
    assert trend.line.rsplit(" ", 1)[-1].startswith(f"{trend.today_x},")
    assert trend.today_at == trend.today_x / 10


@pytest.mark.parametrize(
    ("found", "ahead"),
    [
        (Forecast(Outlook.LATE, date(2026, 11, 12), 20), "500,500 900,250"),  # sixty on the eve
        (Forecast(Outlook.STANDING, None, 40), ""),
        (Forecast(Outlook.READY), ""),
    ],
)
def test_the_line_leads_where_the_pace_leads(found: Forecast, ahead: str) -> None:
    assert line(found=found).ahead == ahead


def test_after_the_election_it_ends_today_and_leads_nowhere() -> None:
    trend = line(today=date(2026, 11, 12), found=Forecast(Outlook.OVER, None, 40))
    assert (trend.last, trend.today_at, trend.ahead, trend.so_far) == (date(2026, 11, 12), 100, "", 40)


def test_what_lies_outside_the_days_is_not_lost() -> None:
    early, later = BEGAN - timedelta(days=3), TODAY + timedelta(days=2)
    trend = line({early: 5, later: 7})
    assert (trend.days[0].on, trend.days[-1].on, trend.so_far) == (early, TODAY, 12)


def test_nobody_who_must_has_no_line() -> None:
    assert trend_of({}, Figures(), Forecast(Outlook.EMPTY), began=BEGAN, today=TODAY, election_on=ELECTION) is None


@pytest.mark.parametrize(
    ("found", "figures", "sentence"),
    [
        (
            Forecast(Outlook.IN_TIME, date(2026, 11, 9)),
            Figures(must=70_957, finished=62_310),
            (
                "62\u202f310 of 70\u202f957 have finished; "
                "at the pace of the last 7 days all will have finished on 9 November."
            ),
        ),
        (
            Forecast(Outlook.LATE, date(2026, 11, 12), 1_200),
            Figures(must=70_957, finished=1),
            (
                "1 of 70\u202f957 has finished; "
                "at the pace of the last 7 days 1\u202f200 will not have finished by 9 November."
            ),
        ),
        (
            Forecast(Outlook.STANDING, None, 40),
            Figures(must=9, finished=2),
            "2 of 9 have finished; too few finished lately for a day to be named.",
        ),
        (
            Forecast(Outlook.OVER, None, 40),
            Figures(must=9, finished=2),
            "2 of 9 have finished; the time for training is over.",
        ),
        (Forecast(Outlook.READY), Figures(must=9, finished=9), "All 9 have finished."),
    ],
)
def test_one_sentence_says_what_the_line_shows(found: Forecast, figures: Figures, sentence: str) -> None:
    assert trend_sentence(figures, found, days=7, election_on=ELECTION) == sentence


def test_series_that_begin_on_different_days_are_added_by_day() -> None:
    series = [(date(2026, 11, 2), [1, 0, 2]), (None, []), (date(2026, 11, 1), [5])]
    sums = sum_days(series)
    assert {day: count for day, count in sums.items() if count} == {
        date(2026, 11, 1): 5, date(2026, 11, 2): 1, date(2026, 11, 4): 2,
    }  # fmt: skip
    assert sum_days([(None, [])]) == {}


@pytest.mark.parametrize(("since", "count"), [(date(2026, 10, 1), 6), (date(2026, 11, 3), 5), (date(2026, 12, 1), 0)])
def test_who_finished_since_a_day(since: date, count: int) -> None:
    assert count_since(date(2026, 11, 2), [1, 2, 3], since) == count
    assert count_since(None, [], since) == 0


def test_an_hour_belongs_to_the_day_that_it_is_there() -> None:
    hour = 1_793_736_000 // 3600  # 3 November 2026, 20:00 UTC
    assert (day_of(hour, "Asia/Almaty"), day_of(hour, "UTC")) == (date(2026, 11, 4), date(2026, 11, 3))

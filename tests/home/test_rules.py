"""What comes next, what was typed, and when somebody who was called comes back on the list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.assessment.rules import Hindrance
from lms.home.rules import (
    Cursor,
    Next,
    Outcome,
    is_news,
    may_try_on,
    next_of,
    phone_part,
    read_cursor,
    read_day,
    until_of,
    without_day,
)


@pytest.mark.parametrize(
    ("step", "hindrance", "has_date", "expected"),
    [
        (None, None, True, Next.DONE),
        ("module", None, False, Next.READ),
        ("test", None, False, Next.TEST),
        ("test", Hindrance.OPEN, False, Next.GO_ON),
        ("test", Hindrance.WAIT, True, Next.WAIT),
        ("test", Hindrance.USED_UP, True, Next.USED_UP),
        ("workshop", None, True, Next.COME),
        ("workshop", None, False, Next.NO_DATE),
    ],
)
def test_one_thing_comes_next(step: str | None, hindrance: Hindrance | None, has_date: bool, expected: Next) -> None:
    assert next_of(step, hindrance=hindrance, has_date=has_date) is expected


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+7 701 444 91 82", "7014449182"),
        ("8 (701) 444-91-82", "7014449182"),
        ("+7701444", "701444"),
        ("9182", "9182"),
        ("182", ""),
        ("Қайрат", ""),
    ],
)
def test_a_phone_is_read_with_or_without_its_beginning(typed: str, digits: str) -> None:
    assert phone_part(typed) == digits


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("20.11.2026", date(2026, 11, 20)),
        ("Бейнеу 20.11", date(2026, 11, 20)),
        ("2026-11-20", date(2026, 11, 20)),
        ("29 ноября", date(2026, 11, 29)),
        ("29 ноября 2025", date(2025, 11, 29)),
        ("27 November", date(2026, 11, 27)),
        ("November 27", date(2026, 11, 27)),
        ("27 қараша", date(2026, 11, 27)),
        ("27 қарашада", date(2026, 11, 27)),
        ("2025 жылғы 27 қараша", date(2025, 11, 27)),
        ("27 nov", date(2026, 11, 27)),
        ("1 мая", date(2026, 5, 1)),
        ("семинар 3 дек. Бейнеу", date(2026, 12, 3)),
        ("31 ноября", None),
        ("17 Майлыбаев", None),
        ("17 Мартук", None),
        ("УИК 17", None),
        ("31.02.2026", None),
        ("KZ-12-03", None),
        ("17", None),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, expected: date | None) -> None:
    assert read_day(typed, date(2026, 11, 30)) == expected


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("29 ноября Бейнеу", "Бейнеу"),
        ("29.11 Бейнеу", "Бейнеу"),
        ("2026 жылғы 27 қараша мектеп", "мектеп"),
        ("Бейнеу", "Бейнеу"),
    ],
)
def test_beside_a_day_other_words_are_read(typed: str, rest: str) -> None:
    assert without_day(typed) == rest


TODAY = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("outcome", "try_on", "until"),
    [
        (Outcome.REACHED, None, date(2026, 11, 11)),
        (Outcome.REACHED, date(2026, 11, 20), date(2026, 11, 20)),
        (Outcome.NO_ANSWER, None, date(2026, 11, 11)),
        (Outcome.NO_ANSWER, date(2026, 11, 14), date(2026, 11, 14)),
        (Outcome.NO_ANSWER, TODAY, TODAY),
        (Outcome.PUT_BACK, date(2026, 11, 20), TODAY),
    ],
)
def test_who_was_called_comes_back_on_a_day(outcome: Outcome, try_on: date | None, until: date) -> None:
    assert until_of(outcome, today=TODAY, try_on=try_on) == until


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (1, True), (30, True), (31, False)])
def test_a_call_is_not_put_off_for_ever(days: int, may: bool) -> None:
    assert may_try_on(TODAY + timedelta(days=days), TODAY) is may


@pytest.mark.parametrize(
    ("written", "cursor"),
    [("17-3", Cursor(17, 3)), ("end", None), ("", None), ("17", None), ("x-1", None), ("17--3", None)],
)
def test_a_place_in_a_list_is_read_from_its_address(written: str, cursor: Cursor | None) -> None:
    assert read_cursor(written) == cursor
    assert cursor is None or str(cursor) == written


@pytest.mark.parametrize(
    ("seen", "newest", "news"), [(0, 0, False), (0, 5, True), (5, 5, False), (5, 7, True), (None, 7, False)]
)
def test_a_call_noted_after_the_page_was_shown_is_news(seen: int | None, newest: int, news: bool) -> None:
    assert is_news(seen, newest) is news

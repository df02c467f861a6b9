"""Of whom only the short courses are asked, by all that the rule looks at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.learning.rules import comes_late, takes_short

ELECTION = date(2026, 11, 20)


@pytest.mark.parametrize(("before", "late"), [(8, False), (7, True), (3, True), (0, True)])
def test_the_last_days_are_counted_from_election_day(before: int, late: bool) -> None:
    assert comes_late(ELECTION - timedelta(days=before), ELECTION, 7) is late


@pytest.mark.parametrize(
    ("was_late", "comes_late", "goes_on", "has_finished", "short"),
    [
        (False, False, False, False, False),
        (False, True, False, False, True),  # new, or back with the usual course unfinished
        (False, True, True, False, False),  # another office, or another place on the same day
        (False, True, False, True, False),  # what is finished counts
        (False, True, True, True, False),
        (True, False, False, False, True),  # asked once, it stays
        (True, True, False, False, True),
        (True, True, True, False, True),
        (True, True, False, True, False),  # finished the usual one after all
        (True, False, True, True, False),
    ],
)
def test_of_whom_the_short_course_is_asked(
    was_late: bool, comes_late: bool, goes_on: bool, has_finished: bool, short: bool
) -> None:
    assert takes_short(was_late=was_late, comes_late=comes_late, goes_on=goes_on, has_finished=has_finished) is short

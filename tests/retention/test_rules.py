"""The law of terms and of erasing, case by case."""

from __future__ import annotations

import pytest

from lms.retention.rules import Facts, Hindrance, Term, find_hindrance
from lms.retention.schedule import SCHEDULE
from lms.retention.words import WORDS


@pytest.mark.parametrize(
    ("days", "allowed"), [(0, False), (6, False), (7, True), (90, True), (730, True), (731, False)]
)
def test_bounds(days: int, allowed: bool) -> None:
    assert Term(90, 7, 730).allows(days) is allowed


@pytest.mark.parametrize(
    ("facts", "hindrance"),
    [
        (Facts(), None),
        (Facts(has_seat=True), Hindrance.SEAT),
        (Facts(has_role=True), Hindrance.ROLE),
        (Facts(is_at_test=True), Hindrance.TEST),
        (Facts(is_in_roster=True), Hindrance.ROSTER),
        (Facts(is_erased=True), Hindrance.ERASED),
        (Facts(has_seat=True, has_role=True, is_at_test=True), Hindrance.SEAT),
        (Facts(is_erased=True, has_seat=True), Hindrance.ERASED),
    ],
)
def test_what_hinders_erasing(facts: Facts, hindrance: Hindrance | None) -> None:
    assert find_hindrance(facts) is hindrance


def test_every_category_has_words_and_a_term_within_its_bounds() -> None:
    assert [one.code for one in SCHEDULE] == list(WORDS)
    assert all(one.term.allows(one.term.usual) for one in SCHEDULE)

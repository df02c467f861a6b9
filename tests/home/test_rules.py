"""What comes next, and which names a search means."""

from __future__ import annotations

import pytest

from lms.assessment.rules import Hindrance
from lms.home.rules import Next, next_of, sounds_like


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
    ("words", "fits"),
    [
        (["Қайрат"], True),
        (["кайрат"], True),
        (["абдир", "кай"], True),
        (["омар"], True),
        (["айрат"], False),
        (["кайрат", "асанов"], False),
    ],
)
def test_names_are_found_without_kazakh_letters(words: list[str], fits: bool) -> None:
    assert sounds_like(["Әбдіров", "Қайрат", "Омарұлы"], words) is fits

"""What every scheme of identity numbers has, and what can be wrong with a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NumberFault(StrEnum):
    """What is wrong with an identity number as it was written."""

    MISSING = "identity number missing"
    SHAPE = "identity number is not 12 digits"
    CHECK_DIGIT = "identity number fails its check digit"
    NO_SUCH_DAY = "identity number names no real day"
    NOT_14_DIGITS = "identity number is not 14 digits"
    NO_BIRTH_DATE = "identity number names no birth date"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the identity numbers of a country are made."""

    name: str
    length: int
    """Digits."""
    find_fault: Callable[[str, bool], NumberFault | None]
    """What is wrong with some signs, which need not be digits; the second value says whether demo numbers are meant."""
    find_birth_date: Callable[[str], date | None]
    """The birth date in a number, demo numbers included; None when it holds none."""
    restore_zeros: Callable[[str, bool], str | None]
    """A number with the zeros that a spreadsheet dropped in front, or None when it cannot be told."""
    is_odd: Callable[[str], bool]
    """Whether a good number is of a kind that is seldom and may be a slip: it is taken, and that is said."""
    invent: Callable[[str, int], str | None]
    """The demo number with the birth date of a good number and this serial (0 to 9999); None when there is none."""


def is_row_of_digits(text: str, length: int) -> bool:
    """Whether `text` is so many plain digits."""
    return len(text) == length and text.isascii() and text.isdigit()

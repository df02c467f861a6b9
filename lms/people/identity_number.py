"""The individual identification number (ЖСН, ИИН): its shape, check digit, birth date, and how it is shown.

Demo installations accept demo numbers only: the same shape with a check digit moved by five, so that no demo number
can be the number of a living person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

from lms.core.text import tidy

LENGTH = 12
DEMO_SHIFT = 5
_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
_INSIDE_NUMBER = re.compile(r"[\s.-]")


class NumberFault(StrEnum):
    """What is wrong with an identity number as it was written."""

    MISSING = "identity number missing"
    SHAPE = "identity number is not 12 digits"
    CHECK_DIGIT = "identity number fails its check digit"
    NO_SUCH_DAY = "identity number names no real day"


class NumberMended(StrEnum):
    """What was put right in an identity number."""

    LEADING_ZERO = "identity number lost its leading zero (restored)"
    SPACED_NUMBER = "identity number written with a space"


@dataclass(frozen=True, slots=True)
class Written:
    """An identity number as it was written: the good number, or what is wrong with it; and what was put right."""

    number: str = ""
    fault: NumberFault | None = None
    mended: NumberMended | None = None


def read(written: str, *, demo: bool, may_have_lost_zeros: bool = False) -> Written:
    """The identity number behind `written`; blanks, dots and dashes inside do not matter. `may_have_lost_zeros`: it was
    kept as a plain number, so zeros in front may be gone."""
    text = tidy(written).lstrip("'")
    digits = _INSIDE_NUMBER.sub("", text.removesuffix(".0"))
    if not digits:
        return Written(fault=NumberFault.MISSING)
    if may_have_lost_zeros and digits.isascii() and digits.isdigit():
        restored = restore_zeros(digits, demo=demo)
        if restored:
            return Written(restored, mended=NumberMended.LEADING_ZERO)
    if not has_shape(digits):
        return Written(fault=NumberFault.SHAPE)
    if not check_digit_holds(digits, demo=demo):
        return Written(fault=NumberFault.CHECK_DIGIT)
    if names_no_real_day(digits):
        return Written(fault=NumberFault.NO_SUCH_DAY)
    return Written(digits, mended=NumberMended.SPACED_NUMBER if digits != text else None)


def find_check_digit(first_eleven: str, *, demo: bool = False) -> int | None:
    """The twelfth digit that belongs to eleven digits, or None when such a number is never assigned."""
    digits = list(map(int, first_eleven))
    rest = _weighed(digits, _FIRST_WEIGHTS)
    if rest == 10:
        rest = _weighed(digits, _SECOND_WEIGHTS)
    if rest == 10:
        return None
    return (rest + DEMO_SHIFT) % 10 if demo else rest


def has_shape(number: str) -> bool:
    """Whether `number` is twelve plain digits."""
    return len(number) == LENGTH and number.isascii() and number.isdigit()


def check_digit_holds(number: str, *, demo: bool = False) -> bool:
    """Whether `number` is twelve digits and the last one belongs to the others (in the demo scheme if `demo`)."""
    if not has_shape(number):
        return False
    return find_check_digit(number[:11], demo=demo) == ord(number[11]) - 48


def find_birth_date(number: str) -> date | None:
    """The birth date in a number, or None: the seventh digit names no century (foreigners), or there is no such day."""
    century = _CENTURIES.get(number[6]) if has_shape(number) else None
    if century is None:
        return None
    try:
        return date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return None


def names_no_real_day(number: str) -> bool:
    """Whether the seventh digit names a century and yet the first six are no day of it."""
    return has_shape(number) and number[6] in _CENTURIES and find_birth_date(number) is None


def restore_zeros(digits: str, *, demo: bool = False, most: int = 3) -> str | None:
    """`digits` with the zeros that a spreadsheet dropped in front: up to `most`, and only if the check digit holds."""
    lost = LENGTH - len(digits)
    if not 0 < lost <= most:
        return None
    number = digits.zfill(LENGTH)
    if not check_digit_holds(number, demo=demo) or names_no_real_day(number):
        return None
    return number


def masked(number: str) -> str:
    """The number as it may be shown: the last four digits only."""
    return f"•••• •••• {number[-4:]}"


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    products: Iterable[int] = map(mul, digits, weights)
    return sum(products) % 11

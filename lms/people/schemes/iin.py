"""The individual identification number of Kazakhstan (ЖСН, ИИН): 12 digits, a birth date first, a check digit last.

Demo numbers have the same shape with a check digit moved by five, so that none can be the number of a living person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import mul

from lms.people.schemes.shape import NumberFault, Scheme, is_row_of_digits

LENGTH = 12
DEMO_SHIFT = 5
_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
MOST_LOST = 3
"""Zeros that a number may begin with."""


def find_fault(text: str, demo: bool) -> NumberFault | None:
    """The first thing that is wrong with a number; None when it is good. A birth date that cannot be says more than a
    last digit that does not fit."""
    if not has_shape(text):
        return NumberFault.SHAPE
    if names_no_real_day(text):
        return NumberFault.NO_SUCH_DAY
    return None if check_digit_holds(text, demo=demo) else NumberFault.CHECK_DIGIT


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
    return is_row_of_digits(number, LENGTH)


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


def is_odd(number: str) -> bool:
    """Whether the seventh digit names no century, as it may be in numbers of foreigners."""
    return has_shape(number) and number[6] not in _CENTURIES


def restore_zeros(digits: str, *, demo: bool = False, most: int = MOST_LOST) -> str | None:
    """`digits` with the zeros that a spreadsheet dropped in front: up to `most`, and only if the check digit holds."""
    lost = LENGTH - len(digits)
    if not 0 < lost <= most:
        return None
    number = digits.zfill(LENGTH)
    return None if find_fault(number, demo) else number


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    products: Iterable[int] = map(mul, digits, weights)
    return sum(products) % 11


def _restore(digits: str, demo: bool) -> str | None:
    return restore_zeros(digits, demo=demo)


def _invent(like: str, serial: int) -> str | None:
    first = f"{like[:7]}{serial:04d}"
    digit = find_check_digit(first, demo=True)
    return None if digit is None else f"{first}{digit}"


IIN = Scheme("iin", LENGTH, find_fault, find_birth_date, _restore, is_odd, _invent)

"""The personal identification number of Kyrgyzstan (ПИН): 14 digits. The first tells the sex, the next eight the birth
date as DDMMYYYY, five more tell people apart. No rule of a check digit is known, so length and date are all that can be
checked.

Demo numbers carry a birth year 300 years later: nobody who lives is born then, whatever the other digits mean.
"""

from __future__ import annotations

from datetime import date

from lms.core import clock
from lms.people.schemes.shape import NumberFault, Scheme, is_row_of_digits

LENGTH = 14
DEMO_YEARS = 300
EARLIEST = 1880
MOST_LOST = 2
"""Zeros that a number may begin with: the first digit, and that of a day below the tenth."""


def find_fault(text: str, demo: bool) -> NumberFault | None:
    """The first thing that is wrong with a number; None when it is good."""
    if not is_row_of_digits(text, LENGTH):
        return NumberFault.NOT_14_DIGITS
    born = find_birth_date(text)
    if born is None or is_demo(text) is not demo or born.year < EARLIEST or born > clock.today():
        return NumberFault.NO_BIRTH_DATE
    return None


def is_demo(number: str) -> bool:
    """Whether fourteen digits are those of a demo number: born in a year that is yet to come for centuries."""
    return int(number[5:9]) >= EARLIEST + DEMO_YEARS


def find_birth_date(number: str) -> date | None:
    """The birth date in a number, that of a demo number moved back; None when there is no such day."""
    if not is_row_of_digits(number, LENGTH):
        return None
    try:
        return date(int(number[5:9]) - DEMO_YEARS * is_demo(number), int(number[3:5]), int(number[1:3]))
    except ValueError:
        return None


def is_odd(number: str) -> bool:
    """Whether a number begins neither with 1 nor with 2, as people's numbers do: a zero that was put back in front may
    stand for a digit that is missing further on, and no check digit would tell."""
    return number[:1] not in ("1", "2")


def restore_zeros(digits: str, demo: bool) -> str | None:
    """`digits` with the zeros that a spreadsheet dropped in front, only if a birth date comes of it."""
    if not 0 < LENGTH - len(digits) <= MOST_LOST:
        return None
    number = digits.zfill(LENGTH)
    return None if find_fault(number, demo) else number


def make_number(first_digit: int, born: date, serial: int, *, demo: bool) -> str:
    """The number of fourteen digits for a birth date; `serial` below 100,000."""
    return f"{first_digit}{born:%d%m}{born.year + DEMO_YEARS * demo:04d}{serial:05d}"


def _invent(like: str, serial: int) -> str | None:
    born = find_birth_date(like)
    return make_number(int(like[0]), born, serial, demo=True) if born else None


PIN = Scheme("pin", LENGTH, find_fault, find_birth_date, restore_zeros, is_odd, _invent)

"""The personal identification number of Kyrgyzstan: length, birth date, lost zeros, and the demo scheme."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock
from lms.people import identity_number
from lms.people.identity_number import NumberMended
from lms.people.schemes.iin import IIN, find_check_digit
from lms.people.schemes.pin import PIN, find_birth_date, make_number
from lms.people.schemes.shape import NumberFault
from lms.people.words import number_sentence

BORN = date(1984, 3, 5)
REAL, DEMO = "20503198400017", "20503228400017"


def test_how_a_number_is_made() -> None:
    assert make_number(2, BORN, 17, demo=False) == REAL
    assert make_number(2, BORN, 17, demo=True) == DEMO


@pytest.mark.parametrize("number", [REAL, DEMO])
def test_both_hold_the_birth_date(number: str) -> None:
    assert find_birth_date(number) == BORN


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 9), st.integers(0, 99_999))
def test_no_number_is_good_in_both_schemes(born: date, first: int, serial: int) -> None:
    for demo in (False, True):
        number = make_number(first, born, serial, demo=demo)
        assert PIN.find_fault(number, demo) is None
        assert PIN.find_fault(number, not demo) is NumberFault.NO_BIRTH_DATE


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", NumberFault.MISSING),
        ("2050319840001", NumberFault.NOT_14_DIGITS),
        ("205031984000171", NumberFault.NOT_14_DIGITS),
        ("2050319840001a", NumberFault.NOT_14_DIGITS),
        ("23202198400017", NumberFault.NO_BIRTH_DATE),
        ("22902198300017", NumberFault.NO_BIRTH_DATE),
        ("20513198400017", NumberFault.NO_BIRTH_DATE),
        ("20503000000017", NumberFault.NO_BIRTH_DATE),
        ("20503187900017", NumberFault.NO_BIRTH_DATE),
        (DEMO, NumberFault.NO_BIRTH_DATE),
    ],
)
def test_what_is_wrong_is_named(written: str, fault: NumberFault) -> None:
    read = identity_number.read(written, scheme=PIN, demo=False)
    assert (read.number, read.fault) == ("", fault)
    assert number_sentence(fault, PIN)


def test_an_invented_number_keeps_the_birth_date() -> None:
    real = make_number(2, date(1984, 3, 5), 17, demo=False)
    invented = PIN.invent(real, 42)
    assert invented is not None
    assert PIN.find_fault(invented, True) is None
    assert PIN.find_birth_date(invented) == date(1984, 3, 5)


def test_nobody_is_born_tomorrow() -> None:
    today = clock.today()
    for born, fault in ((today, None), (today + timedelta(days=1), NumberFault.NO_BIRTH_DATE)):
        assert PIN.find_fault(make_number(1, born, 5, demo=False), False) is fault
        assert PIN.find_fault(make_number(1, born, 5, demo=True), True) is fault


@pytest.mark.parametrize(
    ("kept", "number"),
    [("503198400017", "00503198400017"), ("2503198400017", "02503198400017"), ("503198400017.0", "00503198400017")],
)
def test_zeros_that_a_spreadsheet_dropped_come_back(kept: str, number: str) -> None:
    read = identity_number.read(kept, scheme=PIN, demo=False, may_have_lost_zeros=True)
    assert (read.number, read.mended, read.is_odd) == (number, NumberMended.LEADING_ZERO, True)
    assert identity_number.read(kept, scheme=PIN, demo=False).fault is NumberFault.NOT_14_DIGITS


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(1, 2), st.integers(0, 99_999), st.integers(1, 13))
def test_a_digit_that_was_left_out_is_never_passed_over(born: date, sex: int, serial: int, at: int) -> None:
    number = make_number(sex, born, serial, demo=False)
    left_out = number[:at] + number[at + 1 :]
    read = identity_number.read(left_out, scheme=PIN, demo=False, may_have_lost_zeros=True)
    assert read.fault is NumberFault.NOT_14_DIGITS or read.is_odd


def test_spaces_are_mended_and_the_number_is_shown_masked() -> None:
    read = identity_number.read(" 2 05031984 00017", scheme=PIN, demo=False)
    assert (read.number, read.mended) == (REAL, NumberMended.SPACED_NUMBER)
    assert identity_number.masked(REAL) == "•••• •••• 0017"


def test_a_foreigners_kazakh_number_is_taken_and_told_of() -> None:
    base = "84051500001"
    number = f"{base}{_digit(base)}"
    read = identity_number.read(number, scheme=IIN, demo=False)
    assert (read.number, read.fault, read.is_odd) == (number, None, True)
    base = "84051530001"
    assert not identity_number.read(f"{base}{_digit(base)}", scheme=IIN, demo=False).is_odd


def _digit(base: str) -> int:
    digit = find_check_digit(base)
    assert digit is not None
    return digit


@pytest.mark.parametrize(
    ("typed", "whole"),
    [("840515300123", True), ("8405 1530 0123", True), (REAL, True), ("2-05031984-00017", True), ("0123", False)],
)
def test_nobody_is_looked_for_by_a_whole_number(typed: str, whole: bool) -> None:
    assert identity_number.is_whole_number(typed) is whole

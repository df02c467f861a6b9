"""The identity number: the published scheme, the demo scheme, and what spreadsheets do to it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people import identity_number
from lms.people.schemes import iin

ONE_PASS = ["991231500006", "991231500016"]
TWO_PASSES = ["991231600301", "991231600313"]
NEVER_ASSIGNED = ["99123150077", "99123160110"]


@pytest.mark.parametrize("number", ONE_PASS)
def test_numbers_of_one_pass(number: str) -> None:
    assert iin.check_digit_holds(number)


@pytest.mark.parametrize("number", TWO_PASSES)
def test_numbers_of_two_passes(number: str) -> None:
    first = sum(int(digit) * weight for digit, weight in zip(number[:11], range(1, 12), strict=True))
    assert first % 11 == 10
    assert iin.check_digit_holds(number)


@pytest.mark.parametrize("base", NEVER_ASSIGNED)
def test_numbers_never_assigned(base: str) -> None:
    assert iin.find_check_digit(base) is None
    assert iin.find_check_digit(base, demo=True) is None
    assert not any(iin.check_digit_holds(f"{base}{last}") for last in range(10))


@pytest.mark.parametrize("number", ONE_PASS + TWO_PASSES)
def test_demo_scheme_moves_the_check_digit_by_five(number: str) -> None:
    demo = number[:11] + str((int(number[11]) + 5) % 10)
    assert iin.check_digit_holds(demo, demo=True)
    assert not iin.check_digit_holds(demo)
    assert not iin.check_digit_holds(number, demo=True)


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_no_number_is_valid_in_both_schemes(value: int) -> None:
    number = f"{value:012d}"
    real = iin.check_digit_holds(number)
    assert not (real and iin.check_digit_holds(number, demo=True))


@given(st.integers(min_value=0, max_value=10**11 - 1), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found_unless_the_sum_is_ambiguous(value: int, place: int, shift: int) -> None:
    base = f"{value:011d}"
    digit = iin.find_check_digit(base)
    first = sum(int(d) * w for d, w in zip(base, range(1, 12), strict=True)) % 11
    if digit is None or first == 10 or place == 10:
        return
    wrong = base[:place] + str((int(base[place]) + shift) % 10) + base[place + 1 :]
    second = sum(int(d) * w for d, w in zip(wrong, range(1, 12), strict=True)) % 11
    if second != 10:
        assert not iin.check_digit_holds(f"{wrong}{digit}")


@pytest.mark.parametrize("number", ["", "99123150000", "9912315000066", "99123150000a", "٩٩١٢٣١٥٠٠٠٠٦", "99123150000²"])
def test_other_shapes_do_not_hold(number: str) -> None:
    assert not iin.has_shape(number)
    assert not iin.check_digit_holds(number)


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("991231500006", date(2099, 12, 31)),
        ("991231300000", date(1999, 12, 31)),
        ("991231200000", date(1899, 12, 31)),
        ("991231000000", None),
        ("990231300000", None),
        ("991301300000", None),
        ("000229500000", date(2000, 2, 29)),
        ("short", None),
    ],
)
def test_birth_date(number: str, born: date | None) -> None:
    assert iin.find_birth_date(number) == born


def test_a_foreigners_seventh_digit_is_no_fault() -> None:
    assert not iin.names_no_real_day("991331000000")
    assert iin.names_no_real_day("991331300000")


@pytest.mark.parametrize(
    ("digits", "restored"),
    [
        ("826558416", "000826558416"),
        ("21116509544", "021116509544"),
        ("21116509545", None),
        ("26558416", None),
        ("840515495984", None),
    ],
)
def test_lost_zeros_come_back_only_with_the_check_digit(digits: str, restored: str | None) -> None:
    assert iin.restore_zeros(digits, demo=True) == restored


def test_shown_masked() -> None:
    assert identity_number.masked("991231500006") == "•••• •••• 0006"

"""Logins, codes and passwords as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts import rules


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        ("12345678", "12345678"),
        ("1234 5678", "12345678"),
        (" 1234-5678 ", "12345678"),
        ("1234–5678", "12345678"),
        ("Head", "head"),
        (" head ", "head"),
        ("first-officer", "first-officer"),
        ("", ""),
    ],
)
def test_a_login_is_read_as_meant(typed: str, login: str) -> None:
    assert rules.read_login(typed) == login


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ABCD-EFGH-2345", "ABCDEFGH2345"),
        ("abcd efgh 2345", "ABCDEFGH2345"),
        ("abcdefgh2345", "ABCDEFGH2345"),
        ("АВСD-ЕFGН-2345", "ABCDEFGH2345"),
        ("ABCD-EFGH-234", None),
        ("ABCD-EFGH-23456", None),
        ("ABCD-EFGH-2340", None),
        ("ABCD-EFGH-234O", None),
        ("ABCD-EFGH-234І", None),
        ("", None),
        ("three short words", None),
    ],
)
def test_a_code_is_read_as_meant(typed: str, code: str | None) -> None:
    assert rules.read_code(typed) == code


@given(st.text(rules.ALPHABET, min_size=rules.CODE_LENGTH, max_size=rules.CODE_LENGTH))
def test_a_printed_code_reads_back(code: str) -> None:
    assert rules.read_code(rules.show_code(code)) == code
    assert rules.read_code(rules.show_code(code).lower().replace("-", " ")) == code


def test_a_code_has_at_least_fifty_random_bits() -> None:
    assert len(set(rules.ALPHABET)) ** rules.CODE_LENGTH >= 2**50
    assert not set(rules.ALPHABET) & set("0O1ILU")
    assert {len(rules.new_code()) for _ in range(50)} == {rules.CODE_LENGTH}


def test_a_drawn_login_reads_back_from_the_slip() -> None:
    for _ in range(50):
        login = rules.new_login()
        assert len(login) == 8
        assert login[0] != "0"
        assert rules.read_login(rules.show_login(login)) == login
    assert rules.show_login("head") == "head"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("three short words", None),
        ("үш қысқа сөз", None),
        ("Қ7-ш9pw!", None),
        ("seven77", "short"),
        ("", "short"),
        ("x" * 201, "long"),
        ("x" * 197 + "abc", None),
        ("my 12345678 login", "login"),
        ("1234 5678 again", "login"),
        ("HEAD-12345678", "login"),
        ("aaaaaaaa", "same"),
        ("abababab", "same"),
        ("78901234", "same"),
        ("90123456", "same"),
        ("21098765", "same"),
        ("13572468", None),
    ],
)
def test_passwords_that_cannot_be_used(password: str, fault: str | None) -> None:
    assert rules.password_fault(password, "12345678") == fault


@pytest.mark.parametrize(("seconds", "window"), [(0, 0), (899.9, 0), (900, 1), (90_000, 100)])
def test_tries_are_counted_by_quarters_of_an_hour(seconds: float, window: int) -> None:
    assert rules.window_of(seconds) == window


@pytest.mark.parametrize(
    ("by_login", "by_address", "may"),
    [
        (1, 1, True),
        (10, 10, True),
        (11, 11, False),
        (10, 300, True),
        (3, 301, True),
        (4, 301, False),
        (3, 3_000, True),
        (1, 3_001, False),
    ],
)
def test_a_try_is_checked_when_its_login_and_its_address_have_tries_left(
    by_login: int, by_address: int, may: bool
) -> None:
    assert rules.may_try(by_login, by_address) == may


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Сайлау2026", "ours"),
        ("Password1!", "common"),
        ("пароль123", "common"),
        ("!!cascade!!", "ours"),
        ("сайлау жақсы өтті", None),
        ("12345678", "same"),
    ],
)
def test_words_of_this_place_alone_are_no_password(password: str, fault: str | None) -> None:
    assert rules.password_fault(password, "10000000") == fault


NOW = datetime(2026, 11, 8, 12, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(hours=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("used", "revoked", "expires", "has_password", "ended"),
    [
        (None, None, LATER, False, None),
        (None, None, NOW, False, (rules.End.RAN_OUT, NOW)),
        (BEFORE, None, LATER, True, (rules.End.USED, BEFORE)),
        (BEFORE, None, NOW, True, (rules.End.USED, BEFORE)),
        (BEFORE, None, LATER, False, (rules.End.USED_BEFORE, BEFORE)),
        (None, BEFORE, NOW, True, (rules.End.TAKEN_BACK, BEFORE)),
    ],
)
def test_how_a_one_time_code_ended(
    used: datetime | None,
    revoked: datetime | None,
    expires: datetime,
    has_password: bool,
    ended: tuple[rules.End, datetime] | None,
) -> None:
    found = rules.end_of_code(used_at=used, revoked_at=revoked, expires_at=expires, has_password=has_password, now=NOW)
    assert found == ended


@pytest.mark.parametrize("typed", ["three words", "three words ", " three words", "\u00a0three words\t"])
def test_blanks_at_the_ends_are_no_part_of_a_password(typed: str) -> None:
    assert rules.read_password(typed) == "three words"


def test_blanks_within_a_password_stay() -> None:
    assert rules.read_password("three  words") == "three  words"

"""Logins, one-time codes, passwords and how often one may try: pure decisions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""30 signs without look-alikes (no 0 O 1 I L U)."""
CODE_LENGTH = 12
"""12 signs of 30: 58 random bits."""
MIN_PASSWORD = 8
MAX_PASSWORD = 200
OUR_WORDS = frozenset(
    {
        *("cascade", "каскад", "election", "elections", "commission", "sailau", "vybory"),
        *("сайлау", "выборы", "комиссия", "участок", "учаске", "уик", "уск", "цик", "оск"),
        *("қазақстан", "казахстан", "kazakhstan", "qazaqstan"),
    }
)
"""Words of this place, which are guessed first: no password is one of them with digits and signs around it."""
NAMES_OF_PASSWORDS = frozenset({"password", "parol", "пароль", "құпиясөз", "qupiasoz"})
"""The same for what many call their password."""
DIGITS_IN_A_ROW = ("0123456789" * 2, "9876543210" * 2)
WINDOW_SECONDS = 15 * 60
TRIES_PER_LOGIN = 10
CROWDED, FULL = 300, 3_000
"""Failures at one address within a window. A whole school signs in from one address, where somebody may guess: when it
is crowded, each login has a few tries left; when it is full, none is even checked, so that guesses cost no work."""
TRIES_WHERE_CROWDED = 3
CYRILLIC = str.maketrans("АВЕКМНРСТХУЗавекмнрстхуз", "ABEKMHPCTXY3ABEKMHPCTXY3")
"""Letters that look alike when the keyboard is Cyrillic."""


def new_login() -> str:
    """Eight random digits that do not begin with zero: 10 000 000 to 99 999 999."""
    return str(secrets.randbelow(90_000_000) + 10_000_000)


def new_code(length: int = CODE_LENGTH) -> str:
    """A code without dashes; a one-time code, of 58 random bits, when no length is said."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def show_code(code: str, group: int = 4) -> str:
    """The code as printed: in groups of so many signs."""
    return "-".join(code[i : i + group] for i in range(0, len(code), group))


def show_login(login: str) -> str:
    """The login as printed: digits in fours, words as they are."""
    return f"{login[:4]} {login[4:]}" if login.isdigit() and len(login) == 8 else login


def read_login(typed: str) -> str:
    """The login behind what was typed: spaces and dashes inside digits do not matter, nor does case."""
    squeezed = "".join(typed.split()).replace("-", "").replace("–", "")
    return squeezed if squeezed.isdigit() else typed.strip().lower()


def fold_code(typed: str) -> str:
    """The signs in what was typed: case, blanks, dashes and Cyrillic letters that look alike do not matter."""
    return "".join(sign for sign in typed.translate(CYRILLIC).upper() if sign.isalnum())


def read_code(typed: str, length: int = CODE_LENGTH) -> str | None:
    """The code of so many signs behind what was typed (spaces, dashes, case, Cyrillic look-alikes), or None if it is
    none."""
    code = fold_code(typed)
    return code if len(code) == length and set(code) <= set(ALPHABET) else None


class End(StrEnum):
    """How a one-time code ended."""

    USED = "used"
    """It led to the password that the account has."""
    USED_BEFORE = "used_before"
    """It was used, and since then the account has lost its password."""
    TAKEN_BACK = "taken_back"
    """Somebody withdrew it, or printed a newer one."""
    RAN_OUT = "ran_out"


def end_of_code(
    *, used_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, has_password: bool, now: datetime
) -> tuple[End, datetime] | None:
    """How a one-time code ended, and when; None while it works."""
    if used_at is not None:
        return (End.USED if has_password else End.USED_BEFORE), used_at
    if revoked_at is not None:
        return End.TAKEN_BACK, revoked_at
    return (End.RAN_OUT, expires_at) if expires_at <= now else None


def read_password(typed: str) -> str:
    """The password behind what was typed: a phone's keyboard puts a blank behind each word, so blanks at both ends are
    no part of it."""
    return typed.strip()


def password_fault(password: str, login: str) -> str | None:
    """Why a password cannot be used: `short`, `long`, `login`, `ours`, `common`, `same`; None when it can."""
    if len(password) < MIN_PASSWORD:
        return "short"
    if len(password) > MAX_PASSWORD:
        return "long"
    if login and login in password.replace(" ", "").lower():
        return "login"
    letters = "".join(sign for sign in password.lower() if sign.isalpha())
    if letters in OUR_WORDS:
        return "ours"
    if letters in NAMES_OF_PASSWORDS:
        return "common"
    if len(set(password)) < 4 or any(password in row for row in DIGITS_IN_A_ROW):
        return "same"
    return None


def may_try(by_login: int, by_address: int) -> bool:
    """Whether a try to sign in is checked, being the so-manieth in this window of its login, and of its address."""
    if by_address > FULL:
        return False
    return by_login <= (TRIES_WHERE_CROWDED if by_address > CROWDED else TRIES_PER_LOGIN)


def is_guessing(tries: int) -> bool:
    """Whether so many failures at one login in one window are told to the person: as many as are checked."""
    return tries >= TRIES_PER_LOGIN


def window_of(epoch_seconds: float) -> int:
    """The number of the quarter of an hour in which tries are counted together."""
    return int(epoch_seconds // WINDOW_SECONDS)


@dataclass(frozen=True)
class RelyingParty:
    """Whom a passkey is made for: the name (`id`) and the whole origin under which people reach the installation."""

    id: str
    origin: str


def relying_party(public_url: str) -> RelyingParty | None:
    """Whom passkeys are made for at this address; None where browsers make none: without HTTPS (but for `localhost`),
    and under a bare number."""
    parts = urlsplit(public_url)
    name = parts.hostname or ""
    try:
        ip_address(name)
    except ValueError:
        good = parts.scheme == "https" or name == "localhost"
        return RelyingParty(name, public_url) if name and good else None
    return None

"""Password hashing: Argon2id at OWASP's floor, so that an evening of sign-ins does not stall two cores."""

from __future__ import annotations

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from lms.accounts.rules import read_password

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The hash to keep."""
    return hasher.hash(password)


def is_password(typed: str, kept: str | None) -> bool:
    """Whether what was typed is the password whose hash was kept. Takes as long when none was kept, or none that can be
    read.

    Blanks at the ends are no part of a password. It may have been chosen with them before that was so: what is typed
    with such blanks is compared with and without them, always both, so that the work tells of nothing but what was
    typed."""
    found = [_is(one, kept) for one in dict.fromkeys((read_password(typed), typed))]
    return any(found)


def _is(password: str, kept: str | None) -> bool:
    try:
        return hasher.verify(kept or _nobody(), password) and kept is not None
    except VerifyMismatchError:
        return False
    except InvalidHashError:
        return _is(password, None)


def is_common(password: str) -> bool:
    """Whether the password is among the thirty thousand commonest, which are tried first."""
    return password.lower() in _common()


@functools.cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # read when somebody chooses a password, not at each start

    return frozenset(FREQUENCY_LISTS["passwords"])


@functools.cache
def _nobody() -> str:
    return hasher.hash("nobody's password")

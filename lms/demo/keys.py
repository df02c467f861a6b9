"""Passwords and second steps of invented people: worked out from the installation's secret, none is kept in clear."""

from __future__ import annotations

import base64

from lms.accounts.rules import ALPHABET
from lms.people.vault import keyed_hash, seal_text

SIGNED_IN = "demo: hashed when first asked for"
"""Stands where the password's hash will stand: the person counts as one who has signed in, and no password fits."""
LENGTH = 8


def password_of(login: str) -> str:
    """The password of a demo sign-in, as `k7mx-p3qd`: the same each time on one installation."""
    number = int(keyed_hash("demo-password", login), 16)
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place].lower())
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


def totp_of(login: str) -> str:
    """The secret of a demo second step (base32)."""
    return base64.b32encode(bytes.fromhex(keyed_hash("demo-totp", login))[:20]).decode()


def sealed_totp(login: str) -> bytes:
    """The same, encrypted to keep."""
    return seal_text(totp_of(login))

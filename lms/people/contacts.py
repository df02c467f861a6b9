"""Phone numbers and e-mail addresses as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.core.text import tidy

if TYPE_CHECKING:
    from lms.countries.schema import PhonePart

_NO_DIGIT = re.compile(r"[\s().\-–+]")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*/=?^_`{|}~+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_BETWEEN_PHONES = re.compile(r"[,;/\n]")


def find_phone(text: str, plan: PhonePart) -> str | None:
    """The first phone number in `text` as +77011234567, or None. Without a plus sign it is read as a number of the
    country: with its code, with what is dialled before a number at home, or bare."""
    first = _BETWEEN_PHONES.split(text.strip(), maxsplit=1)[0]
    digits = _NO_DIGIT.sub("", first)
    if not digits.isascii() or not digits.isdigit():
        return None
    if first.lstrip(" '").startswith("+") and not digits.startswith(plan.code):
        return f"+{digits}" if 8 <= len(digits) <= 15 else None
    for before in (plan.code, plan.trunk):
        if len(digits) == len(before) + plan.digits and digits.startswith(before):
            return f"+{plan.code}{digits.removeprefix(before)}"
    return f"+{plan.code}{digits}" if len(digits) == plan.digits and digits[0] in plan.begins else None


def find_email(text: str) -> str | None:
    """The e-mail address in `text` in small letters, or None. Links (`mailto:`) are understood."""
    address = tidy(text).removeprefix("mailto:").removeprefix("MAILTO:").partition("?subject")[0]
    return address.lower() if len(address) <= 254 and _EMAIL.fullmatch(address) else None

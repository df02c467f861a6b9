"""Phone numbers and e-mail addresses as people write them."""

from __future__ import annotations

import re

from lms.core.text import tidy

_NO_DIGIT = re.compile(r"[\s().\-–+]")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*/=?^_`{|}~+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_BETWEEN_PHONES = re.compile(r"[,;/\n]")


def find_phone(text: str) -> str | None:
    """The first phone number in `text` as +77011234567, or None. Ten digits, or eleven with 8 or 7, are Kazakh."""
    first = _BETWEEN_PHONES.split(text.strip(), maxsplit=1)[0]
    digits = _NO_DIGIT.sub("", first)
    if not digits.isascii() or not digits.isdigit():
        return None
    abroad = first.lstrip(" '").startswith("+") and not digits.startswith("7")
    if abroad:
        return f"+{digits}" if 8 <= len(digits) <= 15 else None
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return f"+7{digits}" if len(digits) == 10 and digits[0] in "67" else None


def find_email(text: str) -> str | None:
    """The e-mail address in `text` in small letters, or None. Links (`mailto:`) are understood."""
    address = tidy(text).removeprefix("mailto:").removeprefix("MAILTO:").partition("?subject")[0]
    return address.lower() if len(address) <= 254 and _EMAIL.fullmatch(address) else None

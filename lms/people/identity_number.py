"""Identity numbers as people write them, read by the scheme of the country, and how they are shown.

Demo installations accept demo numbers only, which cannot be the numbers of living people (see each scheme).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from lms.core.text import tidy
from lms.people.schemes.iin import IIN
from lms.people.schemes.pin import PIN
from lms.people.schemes.shape import NumberFault, Scheme

SCHEMES: Mapping[str, Scheme] = MappingProxyType({scheme.name: scheme for scheme in (IIN, PIN)})
"""By the name that a country's file gives."""
_INSIDE_NUMBER = re.compile(r"[\s.-]")


class NumberMended(StrEnum):
    """What was put right in an identity number."""

    LEADING_ZERO = "identity number lost its leading zero (restored)"
    SPACED_NUMBER = "identity number written with a space"


@dataclass(frozen=True, slots=True)
class Written:
    """An identity number as it was written: the good number, or what is wrong with it; and what was put right."""

    number: str = ""
    fault: NumberFault | None = None
    mended: NumberMended | None = None
    is_odd: bool = False
    """The number is taken, and it should be looked at (see `Scheme.is_odd`)."""


def read(written: str, *, scheme: Scheme, demo: bool, may_have_lost_zeros: bool = False) -> Written:
    """The identity number behind `written`; blanks, dots and dashes inside do not matter. `may_have_lost_zeros`: it was
    kept as a plain number, so zeros in front may be gone."""
    text = tidy(written).lstrip("'")
    digits = _signs_of(text)
    if not digits:
        return Written(fault=NumberFault.MISSING)
    if may_have_lost_zeros and digits.isascii() and digits.isdigit():
        restored = scheme.restore_zeros(digits, demo)
        if restored:
            return Written(restored, mended=NumberMended.LEADING_ZERO, is_odd=scheme.is_odd(restored))
    fault = scheme.find_fault(digits, demo)
    if fault:
        return Written(fault=fault)
    mended = NumberMended.SPACED_NUMBER if digits != text else None
    return Written(digits, mended=mended, is_odd=scheme.is_odd(digits))


def find_other_sign(written: str) -> tuple[int, str] | None:
    """The first sign that is no digit, and its place counted from one without blanks, dots and dashes; None when all
    are digits."""
    signs = enumerate(_signs_of(tidy(written).lstrip("'")), start=1)
    return next(((place, sign) for place, sign in signs if not (sign.isascii() and sign.isdigit())), None)


def _signs_of(text: str) -> str:
    return _INSIDE_NUMBER.sub("", text.removesuffix(".0"))


def is_whole_number(text: str) -> bool:
    """Whether `text` has as many digits as an identity number of some scheme, and nothing else but blanks and dashes:
    people are not looked for by it."""
    digits = re.sub(r"[\s\-–]", "", text)
    return digits.isdigit() and len(digits) in {scheme.length for scheme in SCHEMES.values()}


def masked(number: str) -> str:
    """The number as it may be shown: the last four digits only."""
    return f"•••• •••• {number[-4:]}"

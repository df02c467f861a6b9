"""What a certificate is called, how long it holds, and what its QR says: pure decisions."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""32 signs without look-alikes: five bits each."""
SIGN_BITS = 5
CODE_LENGTH = 26
"""26 signs of five bits: 130 random bits."""
LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})
VALID_YEARS = 5
"""The term of office of a commission."""
ACADEMIC_HOUR = 45
"""Minutes."""
DIGEST_BYTES = 16
"""Bytes of the fingerprint of all facts."""
FORM, FORM_DEMO = "C1", "C1-DEMO"
"""How the claim of a QR begins; the second on demo installations."""
_in_plain_words = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
HIDDEN = "•"
"""Stands for a letter that is not told."""


class Kind(StrEnum):
    """What a certificate says of its holder: passed the test of a course, or was there."""

    QUALIFICATION = "qualification"
    ATTENDANCE = "attendance"


KINDS = {kind.value[0]: kind.value for kind in Kind}


class Status(StrEnum):
    """Whether a certificate holds."""

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Claim:
    """What the QR says, so that a certificate can be checked without a network. No full name."""

    demo: bool
    kind: str
    number: str
    holder: str
    """Initials and masked surname."""
    course: str
    """Code of the course."""
    level: str
    issued_on: date
    digest: str
    """Fingerprint of everything printed (`digest_of`)."""


def number_of(country: str, year: int, level: str, ordinal: int) -> str:
    """The readable number, as `KZ-2026-PEC-000123`."""
    return f"{country}-{year}-{level.upper()}-{ordinal:06d}"


def new_code() -> str:
    """A fresh code of 130 random bits: the address of the check page."""
    bits = secrets.randbits(CODE_LENGTH * SIGN_BITS)
    return "".join(ALPHABET[bits >> place & 31] for place in range(0, CODE_LENGTH * SIGN_BITS, SIGN_BITS))


def read_code(typed: str) -> str:
    """A code as kept, from what was typed: capitals, dashes, blanks and look-alikes do not matter, nor does the whole
    address of the check page around it."""
    typed = typed.rpartition("/verify/")[2].partition("#")[0].partition("?")[0]
    return "".join(ch for ch in typed.lower().translate(LOOK_ALIKES) if ch in ALPHABET)


def is_number(typed: str) -> bool:
    """Whether a certificate's number was typed where its code is asked for."""
    return re.fullmatch(r"[A-Z]{2}-\d{4}-[A-Z]{3}-\d+", typed.strip().upper()) is not None


def show_code(code: str) -> str:
    """The code in fours and sixes, to be read aloud or typed: `0a1b-...`."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def masked_name(surname: str, given_name: str, patronymic: str = "") -> str:
    """Initials and a surname of which only the first and the last letter stay: `А. М. С••••••а`."""
    initials = [f"{part[0].upper()}." for part in (given_name, patronymic) if part]
    return " ".join([*initials, _masked(surname)])


def _masked(surname: str) -> str:
    hidden = HIDDEN * max(2, len(surname) - 2)
    return surname[:1] + hidden + (surname[-1] if len(surname) > 3 else "")


def valid_until(issued_on: date) -> date:
    """The last day on which a certificate issued on a day holds."""
    try:
        return issued_on.replace(year=issued_on.year + VALID_YEARS)
    except ValueError:  # 29 February
        return issued_on.replace(year=issued_on.year + VALID_YEARS, day=28)


def status_of(withdrawn_at: datetime | None, until: date | None, today: date) -> Status:
    """Whether a certificate holds today. A withdrawn one stays withdrawn."""
    if withdrawn_at is not None:
        return Status.WITHDRAWN
    return Status.EXPIRED if until is not None and today > until else Status.VALID


def academic_hours(minutes: int) -> int:
    """Minutes of learning in whole academic hours of 45 minutes, at least one."""
    return max(1, round(minutes / ACADEMIC_HOUR))


def digest_of(facts: Mapping[str, Any]) -> str:
    """The fingerprint of everything printed on a certificate."""
    short = hashlib.sha256(_in_plain_words(facts).encode()).digest()[:DIGEST_BYTES]
    return base64.urlsafe_b64encode(short).rstrip(b"=").decode()


def claim_text(claim: Claim) -> str:
    """The claim as compact text: fields in order, parted by `|`. Short, so that the QR stays coarse enough for old
    phones."""
    fields = (
        claim.kind[0],
        claim.number,
        claim.holder.replace(HIDDEN, "*"),
        claim.course,
        claim.level,
        f"{claim.issued_on:%Y%m%d}",
        claim.digest,
    )
    form = FORM_DEMO if claim.demo else FORM
    return "|".join((form, *(field.replace("|", "/") for field in fields)))


def read_claim(text: str) -> Claim:
    """The claim of such a text. Raises ValueError when it is none."""
    form, kind, number, holder, course, level, issued_on, digest = text.split("|")
    if form not in (FORM, FORM_DEMO) or kind not in KINDS:
        raise ValueError("not a certificate of this form")
    day = date(int(issued_on[:4]), int(issued_on[4:6]), int(issued_on[6:]))
    return Claim(form == FORM_DEMO, KINDS[kind], number, holder.replace("*", HIDDEN), course, level, day, digest)

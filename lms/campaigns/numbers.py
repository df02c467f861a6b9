"""An identity number as somebody types it here: read by the country's scheme, with what is wrong with it in words."""

from __future__ import annotations

import secrets

from lms.campaigns.queries import is_demo, number_scheme
from lms.core.web.languages import _
from lms.people.identity_number import Written, read
from lms.people.queries import find_by_number
from lms.people.words import number_sentence

SERIALS = 10_000


def read_typed(typed: str, *, for_somebody_new: bool = False) -> tuple[Written, str]:
    """The number, and what is wrong with it and what to do; empty when it is good. `for_somebody_new`: in a demo a real
    number is answered with an invented one that can be taken instead."""
    scheme, demo = number_scheme(), is_demo()
    written = read(typed, scheme=scheme, demo=demo)
    if written.fault is None:
        return written, ""
    real = read(typed, scheme=scheme, demo=False) if demo else written
    if real.fault is None:
        sentence = _("This is a demo: only invented identity numbers are taken here, no real ones.")
        instead = find_unused(real.number) if for_somebody_new else None
        return written, f"{sentence} {_instead(instead)}" if instead else sentence
    return written, number_sentence(written.fault, scheme, typed)


def find_unused(like: str) -> str | None:
    """A demo number with the birth date of a good number that nobody has; None when all are taken."""
    scheme, first = number_scheme(), secrets.randbelow(SERIALS)
    found = (scheme.invent(like, (first + step) % SERIALS) for step in range(SERIALS))
    return next((one for one in found if one is not None and find_by_number(one) is None), None)


def _instead(number: str) -> str:
    return _("One for the same birth date that nobody has, to copy: %(number)s", number=number)

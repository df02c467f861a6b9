"""An identity number as somebody types it here: read by the country's scheme, with what is wrong with it in words."""

from __future__ import annotations

from lms.campaigns.queries import is_demo, number_scheme
from lms.core.web.languages import _
from lms.people.identity_number import Written, read
from lms.people.words import number_sentence


def read_typed(typed: str) -> tuple[Written, str]:
    """The number, and what is wrong with it and what to do; empty when it is good."""
    scheme, demo = number_scheme(), is_demo()
    written = read(typed, scheme=scheme, demo=demo)
    if written.fault is None:
        return written, ""
    if demo and read(typed, scheme=scheme, demo=False).fault is None:
        return written, _("This is a demo: only invented identity numbers are taken here, no real ones.")
    return written, number_sentence(written.fault, scheme)

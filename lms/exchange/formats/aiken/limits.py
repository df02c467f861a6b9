"""What Aiken carries: one language, a line of text, options of which one is right. No id, no explanation, no topic."""

from __future__ import annotations

import re

from lms.core.web.languages import _
from lms.exchange.errors import CannotCarry
from lms.exchange.formats.remaining import change_texts, check_kind, in_language, only, with_letters
from lms.exchange.formats.shapes import Raw
from lms.exchange.naming import key_of

KEYS = ("id", "kind", "text", "options")
OPTION = re.compile(r"([A-Z])(?:\)|\.[ \t])[ \t]*(.*)")
ANSWER = re.compile(r"ANSWER[ \t]*:[ \t]*(.*)", re.IGNORECASE)


def remains(raw: Raw, language: str) -> Raw:
    """What reading the written question brings back. Raises CannotCarry."""
    check_kind(raw, ("single",))
    rest = change_texts(with_letters(only(in_language(raw, language), KEYS)), lambda text: " ".join(text.split("\n")))
    text = rest["text"][language]
    if OPTION.match(text) or ANSWER.match(text):
        raise CannotCarry(_("Its text begins like an answer of Aiken."))
    return {**rest, "id": key_of(text)}

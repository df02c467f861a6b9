"""What GIFT carries: one language, topic, text, explanation; no source marks, no marking of a whole, no pictures."""

from __future__ import annotations

from lms.core.web.languages import _
from lms.exchange.errors import CannotCarry
from lms.exchange.formats.remaining import check_kind, in_language, only, with_letters, without_zero
from lms.exchange.formats.shapes import Raw

KINDS = ("single", "multiple", "true-false", "matching", "number", "short-text")
KEYS = ("id", "kind", "topic", "text", "explanation", "options", "pairs", "answer", "answers", "tolerance", "marking")


def remains(raw: Raw, language: str) -> Raw:
    """What reading the written question brings back. Raises CannotCarry."""
    check_kind(raw, KINDS)
    rest = without_zero(with_letters(only(in_language(raw, language), KEYS)))
    if rest["kind"] in ("multiple", "matching"):
        rest["marking"] = "parts"
    _check_arrows(rest, language)
    return rest


def _check_arrows(rest: Raw, language: str) -> None:
    """An arrow parts the sides of a pair in GIFT and cannot be written otherwise."""
    said = [pair["left"][language] for pair in rest.get("pairs", ())]
    said += [option["text"][language] for option in rest.get("options", ())] if rest["kind"] == "single" else []
    said += rest["answers"][language] if "answers" in rest else []
    if any("->" in text for text in said):
        raise CannotCarry(_("The sign -> stands in an answer; in GIFT it means a pair."))

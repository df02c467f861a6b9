"""What Moodle XML carries: one language, topic, text, explanation, unit; multiple and matching are marked in parts."""

from __future__ import annotations

from lms.exchange.formats.remaining import check_kind, in_language, only, with_letters, without_zero
from lms.exchange.formats.shapes import Raw

KINDS = ("single", "multiple", "true-false", "matching", "ordering", "number", "short-text")
KEYS = (
    *("id", "kind", "topic", "text", "explanation", "options", "pairs", "items", "answer", "answers"),
    *("tolerance", "unit", "marking"),
)


def remains(raw: Raw, language: str) -> Raw:
    """What reading the written question brings back. Raises CannotCarry."""
    check_kind(raw, KINDS)
    rest = without_zero(with_letters(only(in_language(raw, language), KEYS)))
    if rest["kind"] in ("multiple", "matching"):
        rest["marking"] = "parts"
    return rest

"""What Moodle XML carries: one language, topic, text, explanation, unit; multiple and matching are marked in parts."""

from __future__ import annotations

from lms.exchange.formats.remaining import check_kind, in_language, only, with_letters, with_numbered_gaps, without_zero
from lms.exchange.formats.shapes import Raw

KINDS = ("single", "multiple", "true-false", "matching", "ordering", "number", "short-text", "gap-text")
KEYS = (
    *("id", "kind", "topic", "text", "explanation", "options", "pairs", "items", "answer", "answers"),
    *("tolerance", "unit", "marking", "gaps"),
)


def remains(raw: Raw, language: str) -> Raw:
    """What reading the written question brings back. Raises CannotCarry."""
    check_kind(raw, KINDS)
    rest = without_zero(with_letters(only(in_language(raw, language), KEYS)))
    if rest["kind"] in ("multiple", "matching", "gap-text"):
        rest["marking"] = "parts"
    return with_numbered_gaps(rest, language) if "gaps" in rest else rest

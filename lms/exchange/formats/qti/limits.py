"""What QTI carries: one language, id, text, explanation, pictures; no topic; an order is marked as a whole."""

from __future__ import annotations

from lms.core.web.languages import _
from lms.exchange.errors import CannotCarry
from lms.exchange.formats.remaining import check_kind, gaps_in_text, in_language, only, without_zero
from lms.exchange.formats.shapes import Raw

KINDS = (
    *("single", "multiple", "true-false", "matching", "ordering", "number", "short-text", "gap-text"),
    "hotspot",
)
KEYS = (
    *("id", "kind", "text", "explanation", "options", "pairs", "items", "answer", "answers", "tolerance", "unit"),
    *("marking", "gaps", "picture", "areas"),
)


def remains(raw: Raw, language: str) -> Raw:
    """What reading the written question brings back. Raises CannotCarry."""
    check_kind(raw, KINDS)
    if raw.get("picture", {}).get("labels"):
        raise CannotCarry(_("Its picture is a drawing whose words stand in several languages."))
    rest = without_zero(only(in_language(raw, language), KEYS))
    if rest["kind"] == "ordering" or rest.get("marking") == "whole":
        rest.pop("marking", None)
    return {**rest, "marking": "parts", "gaps": gaps_in_text(rest, language)} if "gaps" in rest else rest

"""What a question loses in a format, found by comparing it with what would be read back: no list to forget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lms.core.web.languages import NAMES, _
from lms.exchange.errors import CannotCarry
from lms.exchange.formats.shapes import Format, Raw, is_texts
from lms.questions.kinds.shapes import LANGUAGES


@dataclass(frozen=True)
class Carried:
    """A question before export: what remains of it, or None with the reason; and what is left out, in words."""

    id: str
    remains: Raw | None
    losses: list[str]


def weigh(raw: Raw, form: Format, language: str) -> Carried:
    """What this format makes of a question."""
    try:
        rest = form.remains(raw, language)
    except CannotCarry as reason:
        return Carried(raw["id"], None, [reason.sentence])
    return Carried(raw["id"], rest, list(dict.fromkeys(_losses(_telling(raw), _telling(rest)))))


def _telling(raw: Raw) -> Raw:
    """The question without what says nothing: a tolerance of zero, a marking as a whole."""
    return {key: value for key, value in raw.items() if (key, value) not in (("tolerance", 0), ("marking", "whole"))}


def _losses(raw: Mapping[str, Any], rest: Mapping[str, Any]) -> Iterator[str]:
    if gone := [key for key in raw if key not in rest]:
        yield _("Left out: %(names)s.", names=", ".join(_names().get(key, key) for key in gone))
    if "marking" in rest and "marking" not in raw:
        yield _("It is marked in parts there; here only an answer that is right as a whole counts.")
    for key, value in raw.items():
        if key in rest and value != rest[key]:
            yield from _changed(key, value, rest[key])


def _changed(key: str, before: Any, after: Any) -> Iterator[str]:
    if is_texts(before, LANGUAGES) and is_texts(after, LANGUAGES):
        if missing := [language for language in before if language not in after]:
            yield _("The texts in these languages: %(names)s.", names=", ".join(NAMES.get(one, one) for one in missing))
        if any(before[language] != after[language] for language in after):
            yield _("Line breaks and runs of spaces.")
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _part_losses(before, after)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _changed(key, one, other)
    else:
        yield _("Changed: %(name)s.", name=_names().get(key, key))


def _part_losses(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What a part of a question loses; its id is only a sign."""
    if before.get("id") != after.get("id"):
        yield _("The ids of its answers.")
    yield from _losses(*({key: value for key, value in part.items() if key != "id"} for part in (before, after)))


def _names() -> dict[str, str]:
    return {
        "topic": _("the topic"),
        "use": _("what the question is for"),
        "source": _("the source marks"),
        "explanation": _("the explanation"),
        "marking": _("how parts are marked"),
        "unit": _("the unit"),
        "tolerance": _("the tolerance"),
        "difficulty": _("the difficulty"),
        "valid": _("the dates of validity"),
        "forgive": _("how spelling is forgiven"),
        "id": _("the id"),
        "right": _("which answers are right"),
    }

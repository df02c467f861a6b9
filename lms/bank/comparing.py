"""Two versions of a question, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.bank.rules import flat
from lms.questions.models import QuestionVersion
from lms.questions.rules import WORDLESS, checksum_of

Way = tuple[str, ...]
"""The way to a field."""
Said = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Head and body, as a draft has them."""


@dataclass(frozen=True)
class Line:
    """One field: the way to it, and what each version says there; empty where it says nothing."""

    path: Way
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether the versions differ here."""
        return self.before != self.after


def compare(older: QuestionVersion | None, newer: QuestionVersion) -> list[Line]:
    """Every field of both, those that changed first; of a first version every field is as it is."""
    after = _all_of(newer)
    return _beside(_all_of(older) if older is not None else after, after)


def compare_said(one: Said, other: Said) -> list[Line]:
    """What two versions of one draft say differently, field by field."""
    before, after = (_short(flat({**head, **body})) for head, body in (one, other))
    return [line for line in _beside(before, after) if line.is_changed]


def _beside(before: Mapping[Way, str], after: Mapping[Way, str]) -> list[Line]:
    ways = dict.fromkeys([*after, *before])
    lines = [Line(way, before.get(way, ""), after.get(way, "")) for way in ways]
    return sorted(lines, key=lambda line: not line.is_changed)


def _all_of(version: QuestionVersion) -> dict[Way, str]:
    head: dict[str, Any] = {
        name: str(value)
        for name in ("topic", "use", "difficulty", "valid_from", "valid_until")
        if (value := getattr(version, name)) is not None
    }
    return _short(flat({**head, "source": ", ".join(version.source), **version.body}))


def _short(said: Mapping[Way, str]) -> dict[Way, str]:
    return {way: _named(value) if way[-1] in WORDLESS and way[-1] != "id" else value for way, value in said.items()}


def _named(drawn: str) -> str:
    """A drawing or a photograph as far as people tell one from another: its length and the beginning of its sum."""
    return f"{len(drawn):,} · {checksum_of(drawn)[:12]}"

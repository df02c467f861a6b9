"""What changes of a course mean, and who must take it: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.commissions.rules import Level

Texts = dict[str, str]
"""language -> words"""


class Change(StrEnum):
    """What a new version of a course changes: what is learnt, or only how it is said."""

    MATERIAL = "material"
    EDITORIAL = "editorial"


class SourceKind(StrEnum):
    """How well a source is known: read for the course, reckoned, or usual practice that was not read again."""

    SEEN = "seen"
    DERIVED = "derived"
    KNOWN = "known"


@dataclass(frozen=True)
class EditionTopic:
    """A topic of an edition."""

    code: str
    module: str
    titles: Texts


@dataclass(frozen=True)
class EditionModule:
    """A module of an edition; `bodies` are Markdown."""

    code: str
    minutes: int
    self_check: list[str]
    titles: Texts
    bodies: Texts


@dataclass(frozen=True)
class EditionSource:
    """A source of an edition."""

    code: str
    mark: SourceKind
    titles: Texts
    editions: Texts
    dated: date | None


@dataclass(frozen=True)
class EditionFigure:
    """A figure of an edition; `labels`: name -> words per language."""

    code: str
    svg: str
    titles: Texts
    alts: Texts
    labels: dict[str, Texts]


@dataclass(frozen=True)
class EditionCase:
    """A practical case of an edition; `body` as in the pack."""

    code: str
    module: str
    source: list[str]
    body: dict[str, Any]


@dataclass(frozen=True)
class EditionForm:
    """A training form of an edition; `bodies` are Markdown."""

    code: str
    titles: Texts
    bodies: Texts


@dataclass(frozen=True)
class EditionTerm:
    """A word of an edition's glossary; `wording` is for those who write."""

    code: str
    terms: Texts
    meanings: Texts
    wording: dict[str, Any]


@dataclass(frozen=True)
class Edition:
    """Everything a version of a course says, before it is published."""

    course: str
    level: Level
    law_date: date
    change: Change
    workshop: bool
    late_days: int | None
    test: dict[str, Any]
    entry: dict[str, Any] | None
    titles: Texts
    summaries: Texts
    notes: Texts
    topics: list[EditionTopic]
    modules: list[EditionModule]
    sources: list[EditionSource]
    figures: list[EditionFigure]
    cases: list[EditionCase]
    forms: list[EditionForm]
    terms: list[EditionTerm]
    checksum: str


def levels_that_must(level: Level, *, late: bool = False) -> tuple[Level, ...]:
    """Whose members must take a course about the work of `level`: theirs, and those of the commissions above who train
    them. What territorial members take, members of constituencies' commissions take too. A short course for those who
    come late is theirs alone."""
    above = (Level.TEC, Level.CONSTITUENCY)
    if level is Level.PEC:
        return (level,) if late else (level, *above)
    return above if level is Level.TEC else (level,)


def touches_learning(change: str) -> bool:
    """Whether what was learnt before is different now."""
    return change == Change.MATERIAL

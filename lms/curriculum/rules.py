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
class Edition:
    """Everything a version of a course says, before it is published."""

    course: str
    level: Level
    law_date: date
    change: Change
    workshop: bool
    test: dict[str, Any]
    titles: Texts
    summaries: Texts
    notes: Texts
    topics: list[EditionTopic]
    modules: list[EditionModule]
    checksum: str


def levels_that_must(level: Level) -> tuple[Level, ...]:
    """Whose members must take a course about the work of `level`: theirs, and the territorial ones who train them."""
    return (Level.PEC, Level.TEC) if level is Level.PEC else (level,)


def touches_learning(change: str) -> bool:
    """Whether what was learnt before is different now."""
    return change == Change.MATERIAL

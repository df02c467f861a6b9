"""The law of the bank: how a draft moves, what is wrong with it, what a case from below becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.core.text import list_odd_signs
from lms.curriculum.grounds import find_source_faults
from lms.curriculum.settings import Draw
from lms.questions.kinds.shapes import LANGUAGES, Fault
from lms.questions.rules import find_question_faults
from lms.questions.uses import Use

LONGEST_TEXT = 4_000
"""Signs of a part of a case, of a note or an answer."""
DRAWN = ("png", "svg")
"""What a picture is drawn with."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    DROPPED = "dropped"


OPEN = (DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.REVIEWED)


class Why(StrEnum):
    """Why a copy of a draft was kept."""

    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    STALE = "stale"


class CaseState(StrEnum):
    """What became of a case from below."""

    SENT = "sent"
    ANSWERED = "answered"
    USED = "used"


@dataclass(frozen=True)
class Ground:
    """What questions of a course may name: its topics, its sources (id -> how well each is known), its languages."""

    topics: tuple[str, ...]
    sources: Mapping[str, str]
    languages: tuple[str, ...] = LANGUAGES


def raw_of(kind: str, head: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """A draft as a pack would say it: head and body in one, days as days where they are such."""
    said = {name: value for name, value in head.items() if value not in ("", None, [], {})}
    if isinstance(said.get("valid"), Mapping):
        said["valid"] = {name: _day(value) for name, value in said["valid"].items()}
    return {**said, "kind": kind, **body}


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def find_draft_faults(raw: Mapping[str, Any], ground: Ground) -> list[Fault]:
    """Everything that keeps a question from being published in this course."""
    faults = find_question_faults(raw, ground.languages)
    topic = raw.get("topic")
    if isinstance(topic, str) and topic not in ground.topics:
        said = f"there is no topic '{topic}' in this course; use one of: {', '.join(ground.topics)}"
        faults.append(Fault(("topic",), said))
    faults += [Fault(way, said) for way, text in _texts_in(raw) for said in list_odd_signs(text)]
    found = find_source_faults(raw, ground.sources, graded=raw.get("use") == Use.TEST)
    return faults + [Fault(("source", place), sentence) for place, sentence in found]


def _texts_in(value: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a question with the way to it; of what is drawn nothing."""
    if isinstance(value, str):
        yield from () if way and way[-1] in DRAWN else [(way, value)]
        return
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inside:
        yield from _texts_in(part, (*way, step))


def find_shortage(
    blueprint: Sequence[Draw], use: str, counts: Mapping[tuple[str, str, str], int]
) -> tuple[str, int, int] | None:
    """(topic, questions that a paper draws, questions there are) of the first line of a blueprint that finds too few.
    `counts`: (use, topic, difficulty) -> questions."""
    for part in blueprint:
        has = {level: count for (of, topic, level), count in counts.items() if (of, topic) == (use, part.topic)}
        short = [(wanted, has.get(level, 0)) for level, wanted in part.quotas.items() if has.get(level, 0) < wanted]
        if short or sum(has.values()) < part.draw:
            wanted, left = short[0] if short else (part.draw, sum(has.values()))
            return part.topic, wanted, left
    return None


def told(happened: str, done: str, question: str) -> str:
    """A case from below as the text of a question: what is asked stands first, then what happened and what was done."""
    return "\n".join(part.strip() for part in (question, happened, done) if part.strip())


def flat(value: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """Every plain value of a body by the way to it: parts of a list by their id where they have one."""
    if isinstance(value, Mapping):
        return {where: said for key, part in value.items() for where, said in flat(part, (*path, str(key))).items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        found: dict[tuple[str, ...], str] = {}
        for place, part in enumerate(value, start=1):
            name = str(part.get("id", place)) if isinstance(part, Mapping) else str(place)
            found |= flat(part, (*path, name))
        return found
    return {path: str(value)}

"""What a question is for, how hard it is, where it stands, and on which days it is drawn: words that everyone needs,
apart from the kinds of questions, which only those need who read, show or grade one."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Use(StrEnum):
    """What a question is for."""

    TEST = "test"
    SELF_CHECK = "self-check"
    ENTRY = "entry"
    """Asked before the course, to tell what to read with care; never graded."""


class Difficulty(StrEnum):
    """How hard a question is, as its author sees it."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Standing(StrEnum):
    """Where a question stands on its way to papers."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


def standing_of(state: str | None, *, published: bool, withdrawn: bool) -> Standing:
    """Where a question stands. `state` of its draft, if one is being written: it tells more than what is published."""
    if state is not None and not published:
        return Standing(state)
    return Standing.WITHDRAWN if withdrawn else Standing.PUBLISHED


def is_valid_on(day: date, valid_from: date | None, valid_until: date | None) -> bool:
    """Whether a question with these days may be drawn on that day."""
    return (valid_from is None or valid_from <= day) and (valid_until is None or day <= valid_until)

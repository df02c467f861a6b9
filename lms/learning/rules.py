"""When a course is complete, and what comes next: pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from enum import StrEnum

TEST = "test"
WORKSHOP = "workshop"
MODULE = "module:"
"""How the names of activities begin that are modules."""


class State(StrEnum):
    """How far a person is with a course."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    FINISHED = "finished"


def module_activity(code: str) -> str:
    """The name of the activity "read this module"."""
    return f"{MODULE}{code}"


def activities_of(module_codes: Sequence[str], *, workshop: bool) -> list[str]:
    """Every activity a course asks for, in the order of doing."""
    return [*(module_activity(code) for code in module_codes), TEST, *([WORKSHOP] if workshop else [])]


def is_complete(required: Collection[str], done: Collection[str]) -> bool:
    """Whether everything required has been done."""
    return bool(required) and set(required) <= set(done)


def next_activity(required: Sequence[str], done: Collection[str]) -> str | None:
    """The first activity not yet done that the person can do alone; the workshop only when nothing else is left."""
    left = [activity for activity in required if activity not in set(done)]
    alone = [activity for activity in left if activity != WORKSHOP]
    return next(iter(alone or left), None)


def comes_late(since: date, election_on: date, late_days: int) -> bool:
    """Whether somebody who has the seat `since` that day comes in the last days before the election."""
    return since >= election_on - timedelta(days=late_days)


def takes_short(*, was_late: bool, comes_late: bool, goes_on: bool, has_finished: bool) -> bool:
    """Whether only the short courses are asked of somebody who is given a seat. `was_late`: they were asked already;
    `goes_on`: the person left another seat of the level on that very day; `has_finished`: everything that is usually
    asked, in this campaign. What was begun of the usual courses before and is not finished changes nothing."""
    return not has_finished and (was_late or (comes_late and not goes_on))


def may_take_test(required: Sequence[str], done: Collection[str]) -> bool:
    """The test opens when every module has been read."""
    return all(activity in set(done) for activity in required if activity.startswith(MODULE))


def may_be_asked_before(done: Collection[str]) -> bool:
    """Whether the questions before the course are still to the point: nothing was read and the test not passed."""
    return not any(activity == TEST or activity.startswith("module:") for activity in done)

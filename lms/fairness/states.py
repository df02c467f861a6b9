"""Where a marking anew stands, and what is done to an attempt."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a marking anew stands."""

    COUNTING = "counting"
    COUNTED = "counted"
    OUTDATED = "outdated"
    """Something changed since it was counted: it must be counted again."""
    APPLYING = "applying"
    APPLIED = "applied"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"


class Act(StrEnum):
    """What is done to an attempt."""

    APPLY = "apply"
    TAKE_BACK = "take_back"

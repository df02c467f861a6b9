"""A country of three regions with few precincts: the whole load in a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lms.campaigns.queries import find_standing_day
from lms.core.database.base import db
from lms.demo import nation
from lms.demo.cli import demo

SMALL = {12: (9, 1), 16: (6, 1), 18: (5, 1)}
"""Region -> precincts and how many of them have few seats, in the small country."""


def run(*words: str) -> tuple[int, str]:
    """Exit status and output of `lms demo load --scale national`."""
    done = CliRunner().invoke(demo, ["load", "--scale", "national", *words])
    db.session.rollback()
    return done.exit_code, done.output


def count(model: Any, *conditions: Any) -> int:
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def find_or_none() -> date | None:
    """The day of the installation; None where there is no installation."""
    try:
        return find_standing_day()
    except LookupError:
        return None


def shrink(patch: pytest.MonkeyPatch) -> None:
    """A country of three regions with few precincts, and all those abroad."""
    whole = nation._read

    def read(name: str) -> Iterator[Any]:
        for row in whole(name):
            number = row.numbers.get("number", row.numbers.get("region", 12))
            if name == "regions.csv" and number in SMALL:
                precincts, fives = SMALL[number]
                yield replace(row, numbers={**row.numbers, "precincts": precincts, "fives": fives})
            elif name != "regions.csv" and number in SMALL:
                yield row

    patch.setattr(nation, "_read", read)
    patch.setattr(nation, "VACANCIES", 3)

"""Ids that follow one another, as (first, last): many rows that were written at once are a few runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.database.base import Model, db

Run = tuple[int, int]
"""The first id and the last."""
AT_ONCE = 200
"""Runs named by one statement."""


def runs_of(ids: Iterable[int]) -> list[Run]:
    """The runs that these ids make, rising."""
    found: list[Run] = []
    for one in sorted(ids):
        if found and one <= found[-1][1] + 1:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return found


def count_in(runs: Iterable[Run]) -> int:
    """How many ids lie in runs."""
    return sum(last - first + 1 for first, last in runs)


def within(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], runs: Sequence[Run]
) -> Iterator[ColumnElement[bool]]:
    """Conditions that `column` lies in one of the runs: one for some runs at a time, none when there are none."""
    for start in range(0, len(runs), AT_ONCE):
        part = runs[start : start + AT_ONCE]
        yield or_(*(and_(column >= first, column <= last) for first, last in part))


def delete_within(model: type[Model], column: InstrumentedAttribute[Any], runs: Sequence[Run]) -> int:
    """Delete the rows whose `column` lies in the runs; how many there were."""
    gone = 0
    for condition in within(column, runs):
        result = db.session.execute(delete(model).where(condition).execution_options(synchronize_session=False))
        gone += result.rowcount if isinstance(result, CursorResult) else 0
    return gone

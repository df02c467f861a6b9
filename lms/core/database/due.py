"""Rows whose term is over: counted, listed some at a time, and erased in batches that each look once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, CursorResult, Delete, Update, func, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.database.base import db

Keys = Sequence[Any]


class Due(Protocol):
    """Things of one kind that are to be erased once their term is over."""

    @property
    def by_machine(self) -> bool:
        """Whether their moments are those of the machine's own clock."""

    def count(self, before: datetime) -> int:
        """How many terms began before that moment."""

    def list(self, before: datetime, most: int, after: Any) -> Keys:
        """Keys of some of them, rising, `most` at most: those behind the key `after`, from the first when it is
        None."""

    def erase(self, keys: Keys, before: datetime) -> int:
        """Erase those of these whose term is over still; how many."""


@dataclass(frozen=True)
class DueRows:
    """Rows of one table. `which`: the condition that their term began before a moment; `take`: erases the rows with
    these keys and says how many."""

    key: InstrumentedAttribute[Any]
    which: Callable[[datetime], ColumnElement[bool]]
    take: Callable[[Keys], int]
    by_machine: bool = False

    def count(self, before: datetime) -> int:
        """How many rows are due."""
        return db.session.scalar(select(func.count(self.key)).where(self.which(before))) or 0

    def list(self, before: datetime, most: int, after: Any) -> Keys:
        """Keys of rows that are due, rising."""
        wanted = select(self.key).where(self.which(before)).order_by(self.key).limit(most)
        return db.session.scalars(wanted if after is None else wanted.where(self.key > after)).all()

    def erase(self, keys: Keys, before: datetime) -> int:
        """Erase the rows that are due still. Held until the end, so that nothing begins to need them meanwhile."""
        still = select(self.key).where(self.key.in_(keys), self.which(before)).order_by(self.key).with_for_update()
        found = db.session.scalars(still).all()
        return self.take(found) if found else 0


def count_done(statement: Delete | Update) -> int:
    """Carry out a deletion or a change past the session; how many rows that were."""
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
    return result.rowcount if isinstance(result, CursorResult) else 0

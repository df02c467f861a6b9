"""What never changes once it is written: read once, kept by the application until the database is replaced."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from lms.core.database.base import db
from lms.core.database.engine import own_reading

Found = TypeVar("Found")
KEPT = "kept"


class Kept(Generic[Found]):
    """Things that `find(session, key)` reads, the last `most` of them kept for each application. Where there is nothing
    yet `find` gives None, and that is not kept."""

    def __init__(self, find: Callable[[Session, Any], Found | None], most: int) -> None:
        self.find, self.most = find, most
        functools.update_wrapper(self, find)

    def __call__(self, key: Any) -> Found | None:
        """What belongs to the key, or None. It belongs to no session; what is written in the very transaction that
        asks, and not committed, to the session of that one."""
        found = self.committed(key)
        return self.find(db.session(), key) if found is None else found

    def committed(self, key: Any) -> Found | None:
        """The same as far as it is committed: no transaction is opened for it."""
        kept: dict[Kept[Any], Callable[[Any], Any]] = current_app.extensions.setdefault(KEPT, {})
        if self not in kept:
            kept[self] = functools.lru_cache(maxsize=self.most)(self._read)
        try:
            found: Found = kept[self](key)
        except LookupError:
            return None
        return found

    def _read(self, key: Any) -> Found:
        with own_reading() as connection, Session(connection) as session:
            found = self.find(session, key)
            session.expunge_all()
        if found is None:
            raise LookupError(key)
        return found


def keep(most: int) -> Callable[[Callable[[Session, Any], Found | None]], Kept[Found]]:
    """Have what a function reads be kept; see `Kept`."""
    return lambda find: Kept(find, most)


def forget_everything() -> None:
    """Start afresh: the database was replaced. (A restored backup needs none of it: servers are stopped for that.)"""
    current_app.extensions.pop(KEPT, None)

"""What never changes once it is written: read once, kept by the application until the database is replaced."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from lms.core.database.engine import own_reading

Found = TypeVar("Found")
KEPT = "kept"


def keep(most: int) -> Callable[[Callable[[Any], Found]], Callable[[Any], Found]]:
    """Keep the last `most` things that a function of one key found, for each application. The function reads what is
    committed, and raises LookupError, which is not kept, where there is nothing yet."""

    def decorate(find: Callable[[Any], Found]) -> Callable[[Any], Found]:
        @functools.wraps(find)
        def look(key: Any) -> Found:
            kept: dict[Any, Callable[[Any], Found]] = current_app.extensions.setdefault(KEPT, {})
            if find not in kept:
                kept[find] = functools.lru_cache(maxsize=most)(find)
            return kept[find](key)

        return look

    return decorate


@contextmanager
def apart() -> Iterator[Session]:
    """A session that sees only what is committed; what it found outlives it."""
    with own_reading() as connection, Session(connection) as session:
        yield session
        session.expunge_all()


def forget_everything() -> None:
    """Start afresh: the database was replaced. (A restored backup needs none of it: servers are stopped for that.)"""
    current_app.extensions.pop(KEPT, None)

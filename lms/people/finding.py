"""People by their names in any spelling: begun as typed, or a letter away from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from sqlalchemy import ColumnElement, and_, select

from lms.core.database.base import db
from lms.people.folding import after, is_near, keys_of_name
from lms.people.models import PersonKey

SHORTEST_MISTYPED = 4
"""Letters from which on a wrong one is forgiven; the first two have to be right."""
MOST_NEAR = 20
"""Names that are tried for a mistyped one."""
Fits = Callable[[Sequence[str]], bool]
"""Whether surname, given name and patronymic are those that were typed."""


def begins(prefix: str) -> ColumnElement[bool]:
    """A condition on PersonKey: it begins so."""
    return and_(PersonKey.key >= prefix, PersonKey.key < after(prefix))


def longest_of(words: Sequence[str]) -> str:
    """The word that says most; empty without any."""
    return max(words, key=len, default="")


def list_near(word: str) -> list[str]:
    """Keys that are a letter away from a word; none for a short one."""
    if len(word) < SHORTEST_MISTYPED:
        return []
    keys = db.session.scalars(select(PersonKey.key).where(begins(word[:2])).distinct().order_by(PersonKey.key))
    return list(islice((key for key in keys if is_near(word, key)), MOST_NEAR))


def all_begin(words: Sequence[str]) -> Fits:
    """Whether each word begins one of the names."""

    def fits(names: Sequence[str]) -> bool:
        keys = keys_of_name(*names)
        return all(any(key.startswith(word) for key in keys) for word in words)

    return fits


def all_near(words: Sequence[str]) -> Fits:
    """The same with a wrong letter in each word."""

    def fits(names: Sequence[str]) -> bool:
        keys = keys_of_name(*names)
        return all(any(is_near(word, key) for key in keys) for word in words)

    return fits

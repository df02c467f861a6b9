"""What is wrong with the database when it refuses: told apart from faults of our own."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Trouble(StrEnum):
    """Why the database does not serve. None of them is the reader's fault, and each may pass."""

    AWAY = "away"
    """It cannot be reached, or is just starting or stopping."""
    READ_ONLY = "read_only"
    """It takes no writes: a standby, a file without the right to write."""
    FULL = "full"
    """Its disk is full."""
    BUSY = "busy"
    """Too much at once."""
    DAMAGED = "damaged"
    """Its file is broken."""


_STATES = {"25006": Trouble.READ_ONLY, "53100": Trouble.FULL, "53300": Trouble.BUSY, "55P03": Trouble.BUSY,
           "57014": Trouble.BUSY, "40001": Trouble.BUSY, "40P01": Trouble.BUSY, "57P01": Trouble.AWAY,
           "57P02": Trouble.AWAY, "57P03": Trouble.AWAY, "57P05": Trouble.AWAY, "XX001": Trouble.DAMAGED,
           "XX002": Trouble.DAMAGED}  # fmt: skip
"""SQLSTATEs of PostgreSQL (appendix A of its manual)."""
_WORDS = {
    "database is locked": Trouble.BUSY,
    "database or disk is full": Trouble.FULL,
    "disk i/o error": Trouble.FULL,
    "readonly database": Trouble.READ_ONLY,
    "read-only": Trouble.READ_ONLY,
    "unable to open database file": Trouble.AWAY,
    "disk image is malformed": Trouble.DAMAGED,
    "file is not a database": Trouble.DAMAGED,
}
"""Sentences of SQLite."""
GONE = {Trouble.AWAY, Trouble.READ_ONLY}
"""After these a connection is of no use: another host may have taken over."""


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What is wrong with the database when this error came of it; None when the error is something else."""
    if isinstance(error, PoolTimeout):
        return Trouble.BUSY
    if not isinstance(error, DBAPIError):
        return trouble_of_driver(error) if _is_of_driver(error) else None
    found = trouble_of_driver(error.orig)
    return Trouble.AWAY if found is None and error.connection_invalidated else found


def trouble_of_driver(error: BaseException | None) -> Trouble | None:
    """The same of an error of the driver."""
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _STATES.get(state, Trouble.AWAY if str(state).startswith("08") else None)
    said = str(error).lower()
    for words, trouble in _WORDS.items():
        if words in said:
            return trouble
    is_unreachable = type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError"
    return Trouble.AWAY if is_unreachable else None


def is_without_tables(error: BaseException | None) -> bool:
    """Whether the database has none of our tables: no migration has run on it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) == "42P01" or str(cause).startswith("no such table")


def _is_of_driver(error: BaseException | None) -> bool:
    return type(error).__module__.partition(".")[0] in ("sqlite3", "psycopg")

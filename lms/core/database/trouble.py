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


_STATES = {"25006": Trouble.READ_ONLY, "53100": Trouble.FULL, "53300": Trouble.BUSY, "55P03": Trouble.BUSY,
           "57014": Trouble.BUSY, "40001": Trouble.BUSY, "40P01": Trouble.BUSY, "57P01": Trouble.AWAY,
           "57P02": Trouble.AWAY, "57P03": Trouble.AWAY, "57P05": Trouble.AWAY}  # fmt: skip
"""SQLSTATEs of PostgreSQL (appendix A of its manual)."""
_WORDS = {
    "database is locked": Trouble.BUSY,
    "database or disk is full": Trouble.FULL,
    "disk i/o error": Trouble.FULL,
    "readonly database": Trouble.READ_ONLY,
    "read-only": Trouble.READ_ONLY,
    "unable to open database file": Trouble.AWAY,
}
"""Sentences of SQLite."""
GONE = {Trouble.AWAY, Trouble.READ_ONLY}
"""After these a connection is of no use: another host may have taken over."""


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What is wrong with the database when this error came of it; None when the error is something else."""
    if isinstance(error, PoolTimeout):
        return Trouble.BUSY
    if not isinstance(error, DBAPIError):
        return None
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

"""The one clock of the system. Everything that asks the time asks here, so that tests can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_pretended: ContextVar[datetime | None] = ContextVar("pretended_time", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


def today(zone: str = "Asia/Almaty") -> date:
    """Today's date where the reader is; `zone` is an IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()


def local_hour(zone: str = "Asia/Almaty") -> int:
    """The hour of the day (0 to 23) where the reader is."""
    return now().astimezone(ZoneInfo(zone)).hour


@contextmanager
def pretending(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment` (aware): for the past of the demo country, written in one go."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)

"""The one clock of the system. Everything that asks the time asks here, so that tests can set it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "Asia/Almaty") -> date:
    """Today's date where the reader is; `zone` is an IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()

"""The one clock of the system. Everything that asks the time asks here, so that tests can set it.

A demo installation may keep one day for good: its date stands while the time of day runs. Which day that is, each
process asks once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

AHEAD = timedelta(hours=1)
"""No clock is set back by as much; only a standing day that begins anew goes further."""
CAPITAL = "Asia/Almaty"
"""Where a standing day begins and ends, and the time that counts until an installation says where it is."""
Ask = Callable[[], date | None]
"""Gives the day that stands, or None where the date runs; raises LookupError while that cannot be told."""

_pretended: ContextVar[datetime | None] = ContextVar("pretended_time", default=None)
_asking = Lock()


class _Kept:
    """What this process knows of the day it keeps, and of the place whose time counts."""

    find_zone: Callable[[], str | None] | None = None

    ask: Ask | None = None
    """None once it has been answered."""
    day: date | None = None
    turns_at = datetime.min.replace(tzinfo=UTC)
    """When the machine's own date changes, and the way to the standing day is another one."""
    way = timedelta(0)


def now() -> datetime:
    """The present moment of this installation, aware, in UTC."""
    pretended = _pretended.get()
    if pretended is not None:
        return pretended
    if _Kept.ask is not None:
        _find_out()
    moment = machine_time()
    return moment if _Kept.day is None else moment + _way_from(moment)


def machine_time() -> datetime:
    """The moment by the machine's own clock, for what runs beside other clocks or counts minutes that really pass:
    second factors, tries to sign in, work of the worker."""
    return datetime.now(UTC)


def today(zone: str = "") -> date:
    """Today's date where the reader is; `zone` is an IANA name, that of the country if empty."""
    return day_of(now(), zone)


def day_of(moment: datetime, zone: str = "") -> date:
    """The date on which a moment (aware) falls; `zone` is an IANA name, that of the country if empty."""
    return moment.astimezone(ZoneInfo(zone or home_zone())).date()


def home_zone() -> str:
    """The time zone of the country, where nothing nearer is known: an IANA name."""
    return (_Kept.find_zone and _Kept.find_zone()) or CAPITAL


def ask_home_zone(find: Callable[[], str | None]) -> None:
    """From now on `find` says which time zone is the country's; None while that cannot be told."""
    _Kept.find_zone = find


def standing_day() -> date | None:
    """The day that this installation keeps; None where the date runs."""
    if _Kept.ask is not None:
        _find_out()
    return _Kept.day


def ask_once(ask: Ask) -> None:
    """From now on `ask` says which day stands: called when the time is asked for first, until it has an answer."""
    _Kept.ask, _Kept.day = ask, None


def stand_on(day: date | None) -> None:
    """Keep `day` in this process; None lets the date run."""
    _Kept.ask, _Kept.day, _Kept.turns_at = None, day, datetime.min.replace(tzinfo=UTC)


def start_of(day: date, zone: str = "") -> datetime:
    """The moment, in UTC, at which a day begins somewhere."""
    return datetime.combine(day, time.min, ZoneInfo(zone or home_zone())).astimezone(UTC)


def zone(name: str = "") -> ZoneInfo:
    """A time zone; that of the country when none is named."""
    return ZoneInfo(name or home_zone())


def local_hour(zone: str = "") -> int:
    """The hour of the day (0 to 23) where the reader is."""
    return now().astimezone(ZoneInfo(zone or home_zone())).hour


@contextmanager
def pretending(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment` (aware): for the past of the demo country, written in one go."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def _find_out() -> None:
    with _asking:
        ask = _Kept.ask
        if ask is None:
            return
        try:
            day = ask()
        except LookupError:
            return
        stand_on(day)


def _way_from(moment: datetime) -> timedelta:
    """How far the standing day lies from the machine's own."""
    if moment >= _Kept.turns_at or moment < _Kept.turns_at - timedelta(days=1):
        today = day_of(moment, CAPITAL)
        _Kept.way = start_of(_Kept.day or today, CAPITAL) - start_of(today, CAPITAL)
        _Kept.turns_at = start_of(today + timedelta(days=1), CAPITAL)
    return _Kept.way

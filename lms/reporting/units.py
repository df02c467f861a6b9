"""Territories read from the counters: a commission's own seats and its precincts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from sqlalchemy import Row, and_, case, func, or_, select
from sqlalchemy.sql import ColumnElement

from lms.campaigns.models import Campaign
from lms.commissions.models import Commission
from lms.commissions.rules import Level
from lms.core import clock
from lms.core.database.among import is_among
from lms.core.database.inserting import insert_into
from lms.reporting.counting import Runs
from lms.reporting.models import CompletionCounter, CompletionUnit
from lms.reporting.rules import LEADERS

BATCH = 500
NUMBERS = ("must", "begun", "finished", "never")
SUMS = (*NUMBERS, "precincts", "ready", "first_day", "days")


@dataclass
class Unit:
    """The sums of one territory."""

    must: int = 0
    begun: int = 0
    finished: int = 0
    never: int = 0
    precincts: int = 0
    ready: int = 0
    ends: Counter[date] = field(default_factory=Counter)

    @property
    def first_day(self) -> date | None:
        """The day on which the first finished."""
        return min(self.ends, default=None)

    @property
    def days(self) -> list[int]:
        """How many finished on that day and each one after it."""
        first, last = self.first_day, max(self.ends, default=None)
        if first is None or last is None:
            return []
        return [self.ends[first + timedelta(days=number)] for number in range((last - first).days + 1)]


def list_counters(
    runs: Runs, campaign_id: int, unit_ids: Collection[int] | None, *conditions: ColumnElement[bool], whole: bool = True
) -> list[Row[Any]]:
    """The counters of territories (of all when none are named; a precinct's own when it is), a row a commission: id,
    number, unit, precinct, must, begun, finished, never; when `whole` also ends and ready (`rules.is_ready`).
    Commissions that are closed are left out."""
    more = (CompletionCounter.ends, _is_ready(campaign_id).label("ready")) if whole else ()
    is_precinct = Commission.level == Level.PEC
    unit = case((is_precinct, Commission.parent_id), else_=Commission.id)
    rows = (
        select(
            Commission.id, Commission.number, unit.label("unit"), is_precinct.label("precinct"),
            *(func.coalesce(getattr(CompletionCounter, name), 0).label(name) for name in NUMBERS),
            *more,
        )
        .outerjoin(
            CompletionCounter,
            and_(CompletionCounter.commission_id == Commission.id, CompletionCounter.campaign_id == campaign_id),
        )
        .where(Commission.closed_on.is_(None), *conditions)
    )  # fmt: skip
    if unit_ids is not None:
        below = and_(is_among(Commission.parent_id, unit_ids), is_precinct)
        rows = rows.where(or_(is_among(Commission.id, unit_ids), below))
    return list(runs.execute(rows).all())


def _is_ready(campaign_id: int) -> ColumnElement[bool]:
    """`rules.is_ready` in SQL, of a counter; NULL where there is none."""
    share = select(Campaign.ready_percent).where(Campaign.id == campaign_id).scalar_subquery()
    return and_(
        CompletionCounter.must > 0,
        CompletionCounter.leaders == LEADERS,
        CompletionCounter.finished * 100 >= CompletionCounter.must * share,
    )


def count_units(runs: Runs, campaign_id: int, unit_ids: Collection[int] | None = None) -> None:
    """Write the snapshot of territories (of all when none are named) from the counters as they are now."""
    zones = _zones(runs, unit_ids)
    found = {unit_id: Unit() for unit_id in zones}
    for row in list_counters(runs, campaign_id, None if unit_ids is None else list(zones)):
        unit = found[row.unit]
        unit.must += row.must
        unit.begun += row.begun
        unit.finished += row.finished
        unit.never += row.never
        unit.precincts += row.precinct
        unit.ready += bool(row.precinct and row.ready)
        unit.ends.update(day_of(hour, zones[row.unit]) for hour in row.ends or ())
    rows = [
        {"campaign_id": campaign_id, "commission_id": unit_id, **{name: getattr(unit, name) for name in SUMS}}
        for unit_id, unit in found.items()
    ]
    if rows:
        statement = insert_into(CompletionUnit)
        new = {name: statement.excluded[name] for name in SUMS}
        runs.execute(statement.on_conflict_do_update(index_elements=["campaign_id", "commission_id"], set_=new), rows)


def units_of(runs: Runs, commission_ids: Collection[int]) -> set[int]:
    """The territories to which commissions belong: a precinct to the one above it, others to themselves."""
    found: set[int] = set()
    wanted = sorted(commission_ids)
    for start in range(0, len(wanted), BATCH):
        rows = runs.execute(
            select(case((Commission.level == Level.PEC, Commission.parent_id), else_=Commission.id)).where(
                Commission.id.in_(wanted[start : start + BATCH])
            )
        )
        found.update(unit for (unit,) in rows)
    return found


@lru_cache(maxsize=20_000)
def day_of(hour: int, zone: str) -> date:
    """The day on which an hour (since 1970, UTC) begins in a time zone."""
    return clock.day_of(datetime.fromtimestamp(hour * 3600, UTC), zone)


def sum_days(series: Iterable[tuple[date | None, list[int]]]) -> Counter[date]:
    """All counts together, by day; each is a first day and the counts from that day on."""
    begun = [(first, counts) for first, counts in series if first is not None]
    if not begun:
        return Counter()
    base = min(first for first, _counts in begun)
    aligned = [[0] * (first - base).days + counts for first, counts in begun]
    sums = map(sum, zip_longest(*aligned, fillvalue=0))
    return Counter({base + timedelta(days=number): count for number, count in enumerate(sums)})


def count_since(first: date | None, counts: list[int], since: date) -> int:
    """How many of those counted from a first day on finished on `since` or later."""
    return sum(counts[max(0, (since - first).days) :]) if first else 0


def _zones(runs: Runs, unit_ids: Collection[int] | None) -> dict[int, str]:
    statement = select(Commission.id, Commission.time_zone).where(Commission.level != Level.PEC)
    if unit_ids is not None:
        statement = statement.where(Commission.id.in_(unit_ids))
    return {unit_id: zone for unit_id, zone in runs.execute(statement)}  # noqa: C416 - rows are no pairs to mypy

"""How many must, have begun, have finished: from counters for precincts, from the snapshot above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, select

from lms.commissions.models import Commission, CommissionClosure
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.reporting.counting import Runs
from lms.reporting.everyone import is_below
from lms.reporting.models import CompletionUnit
from lms.reporting.rules import Figures
from lms.reporting.snapshot import find_begin, reading_counters, reading_snapshot
from lms.reporting.units import SUMS, count_since, day_of, list_counters, sum_days


@dataclass(frozen=True, slots=True)
class ChildFigures:
    """The figures of one commission with all below it; of a commission's own seats alone when `own`."""

    commission_id: int
    own: bool
    units: Mapping[int, Figures]
    """The same people by the territorial commission that trains them: a precinct counts to the one above it."""

    @property
    def figures(self) -> Figures:
        """All together."""
        return Figures.total(self.units.values())


@dataclass(frozen=True, slots=True)
class Counted:
    """What a commission's page is made of."""

    rows: Sequence[ChildFigures] = ()
    days: Counter[date] = field(default_factory=Counter)
    """How many finished on each day in the whole branch."""
    as_of: datetime | None = None
    """When the territories below were counted; None: everything is of this moment."""

    def units(self) -> dict[int, Figures]:
        """The territories of all rows together: the precincts of one commission are one territory."""
        found: dict[int, Figures] = {}
        for row in self.rows:
            for unit, figures in row.units.items():
                found[unit] = found[unit] + figures if unit in found else figures
        return found


def count_by_child(scope: Scope, commission: Commission, campaign_id: int, *, since: date) -> Counted:
    """The figures of every commission directly below one, and of its own seats. `since`: the first day on which
    somebody has to have finished to count as `lately`. Nothing for commissions that `scope` does not reach.

    Own seats and precincts are of this moment; territories below are those of the snapshot."""
    if not has_territories(commission.id):
        with reading_counters(campaign_id) as runs:
            return Counted(*_count_own(runs, scope, commission, campaign_id, since))
    with reading_snapshot(campaign_id) as (runs, as_of):
        rows, days = _count_own(runs, scope, commission, campaign_id, since)
        below = list_units(runs, scope, commission.id, campaign_id)
    return Counted(
        [*rows, *_by_child(below, commission.id, since)],
        days + sum_days((row.first_day, row.days) for row in below),
        as_of,
    )


def list_units(runs: Runs, scope: Scope, commission_id: int, campaign_id: int) -> Sequence[Row[Any]]:
    """The snapshot's territories below a commission, itself left out, that `scope` reaches: a row each."""
    return runs.execute(
        select(
            Commission.id, Commission.parent_id, Commission.closed_on,
            *(getattr(CompletionUnit, name) for name in SUMS),
        )
        .join(
            CompletionUnit,
            and_(CompletionUnit.commission_id == Commission.id, CompletionUnit.campaign_id == campaign_id),
        )
        .where(
            Commission.id != commission_id,
            is_below(commission_id),
            is_commission_in(scope, Commission.id, *WATCHERS),
        )
        .order_by(Commission.code)
    ).all()  # fmt: skip


def has_territories(commission_id: int) -> bool:
    """Whether there is more below a commission than precincts."""
    found = select(Commission.id).where(Commission.parent_id == commission_id, Commission.level != Level.PEC).limit(1)
    return db.session.scalar(found) is not None


def count_one(scope: Scope, commission_id: int, campaign_id: int) -> Figures:
    """The figures of one commission's own seats as they are now; of a precinct also whether it is ready. Nothing when
    `scope` does not reach it."""
    here = [Commission.id == commission_id, is_commission_in(scope, Commission.id, *WATCHERS)]
    with reading_counters(campaign_id) as runs:
        rows = list_counters(runs, campaign_id, None, *here)
    for row in rows:
        return Figures(row.must, row.begun, row.finished, 0, int(row.precinct), int(bool(row.precinct and row.ready)))
    return Figures()


def find_precincts(scope: Scope, commission_id: int, campaign_id: int, number: int) -> dict[int, Figures]:
    """The precincts of a branch that bear a number, by id, within what `scope` reaches; as they are now."""
    here = [
        Commission.level == Level.PEC,
        Commission.number == number,
        is_below(commission_id),
        is_commission_in(scope, Commission.id, *WATCHERS),
    ]
    with reading_counters(campaign_id) as runs:
        rows = list_counters(runs, campaign_id, None, *here)
    return {row.id: Figures(row.must, row.begun, row.finished, 0, 1, int(bool(row.ready))) for row in rows}


def _count_own(
    runs: Runs, scope: Scope, commission: Commission, campaign_id: int, since: date
) -> tuple[list[ChildFigures], Counter[date]]:
    reached = is_commission_in(scope, Commission.id, *WATCHERS)
    zone = commission.time_zone
    since_hour = hour_of(since, zone)
    days: Counter[date] = Counter()
    found = []
    for row in list_counters(runs, campaign_id, [commission.id], reached):
        ends = row.ends or ()
        lately = sum(end >= since_hour for end in ends)
        ready = bool(row.precinct and row.ready)
        figures = Figures(row.must, row.begun, row.finished, lately, int(row.precinct), int(ready))
        days.update(day_of(end, zone) for end in ends)
        found.append(ChildFigures(row.id, row.id == commission.id, {commission.id: figures}))
    return found, days


def _by_child(units: Sequence[Row[Any]], commission_id: int, since: date) -> list[ChildFigures]:
    """Each territory with the commission directly below the page's to whose branch it belongs."""
    parents = {row.id: row.parent_id for row in units}
    found: dict[int, dict[int, Figures]] = {}
    for row in units:
        if row.closed_on is not None and not row.precincts:
            continue
        child = row.id
        while parents[child] != commission_id and parents[child] in parents:
            child = parents[child]
        lately = count_since(row.first_day, row.days, since)
        figures = Figures(row.must, row.begun, row.finished, lately, row.precincts, row.ready)
        found.setdefault(child, {})[row.id] = figures
    return [ChildFigures(child, False, own) for child, own in found.items()]


def hour_of(day: date, zone: str) -> int:
    """The hour (since 1970, UTC) in which a day begins in a time zone."""
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp()) // 3600


def find_training_begin(campaign_id: int) -> datetime | None:
    """When the first people of a campaign were enrolled."""
    return find_begin(db.session(), campaign_id)


def list_tops(scope: Scope) -> Sequence[Commission]:
    """The commissions at which the reader holds a role that watches people; none that lies below another of them."""
    places = scope.places(*WATCHERS)
    if not places:
        return []
    lower = select(CommissionClosure.descendant_id).where(
        CommissionClosure.ancestor_id.in_(places), CommissionClosure.depth > 0
    )
    return db.session.scalars(
        select(Commission).where(Commission.id.in_(places), Commission.id.not_in(lower)).order_by(Commission.code)
    ).all()

"""Long lists of people: which commissions stand on a page, without looking at the people of all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import true

from lms.commissions.models import Commission
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.commissions.rules import Level
from lms.learning.rules import State
from lms.reporting.everyone import branch
from lms.reporting.members import Member, Wanted, count_by_place, list_members
from lms.reporting.models import CompletionCounter
from lms.reporting.queries import has_territories, list_units
from lms.reporting.snapshot import reading_counters, reading_snapshot
from lms.reporting.units import list_counters

Sizes = Sequence[tuple[int, int]]
"""How many people of each place are on the list, in its order."""


@dataclass(frozen=True)
class Page:
    """A part of a list of people."""

    people: Sequence[Member]
    total: int
    number: int
    last: int


def list_page(scope: Scope, commission: Commission, campaign_id: int, wanted: Wanted, *, number: int, of: int) -> Page:
    """One page of `of` people of a branch; the last one when there are fewer pages."""
    sizes = list_sizes(scope, commission, campaign_id, wanted)
    total = sum(size for _place, size in sizes)
    if not total:
        return Page([], 0, 1, 1)
    last = -(-total // of)
    number = min(max(1, number), last)
    places, offset = cut(sizes, (number - 1) * of, of)
    if wanted.is_counted and not wanted.own and commission.level != Level.PEC:
        places, offset = cut(_sizes_within(scope, places, campaign_id, wanted), offset, of)
    people = list_members(scope, places, campaign_id, wanted, offset=offset, limit=of)
    return Page(people, total, number, last)


def count_wanted(scope: Scope, commission: Commission, campaign_id: int, wanted: Wanted) -> int:
    """How many people of a branch are on the list."""
    return sum(size for _place, size in list_sizes(scope, commission, campaign_id, wanted))


def list_sizes(scope: Scope, commission: Commission, campaign_id: int, wanted: Wanted) -> Sizes:
    """The places of a list in order: territories when the counters know how many there are, commissions otherwise."""
    if wanted.is_counted:
        own = _sizes_of_own(scope, commission, campaign_id, wanted)
        return own if wanted.own else [*own, *_sizes_below(scope, commission, campaign_id, wanted)]
    places = [commission.id] if wanted.own else branch(commission.id)
    return count_by_place(scope, places, campaign_id, wanted)


def cut(sizes: Sizes, offset: int, of: int) -> tuple[list[int], int]:
    """The places in which `of` people after the first `offset` sit, and how many to leave out of the first place."""
    places: list[int] = []
    before = skipped = 0
    for place, size in sizes:
        if size and before + size > offset and before < offset + of:
            skipped = skipped if places else offset - before
            places.append(place)
        before += size
    return places, skipped


def _sizes_of_own(scope: Scope, commission: Commission, campaign_id: int, wanted: Wanted) -> list[tuple[int, int]]:
    """The commission's own territory now: its seats, with those of its precincts unless only its own are wanted."""
    reached = is_commission_in(scope, Commission.id, *WATCHERS)
    only = Commission.id == commission.id if wanted.own else true()
    with reading_counters(campaign_id) as runs:
        rows = list_counters(runs, campaign_id, [commission.id], reached, only, whole=False)
    return [(commission.id, sum(_size(row, wanted) for row in rows))]


def _sizes_below(scope: Scope, commission: Commission, campaign_id: int, wanted: Wanted) -> list[tuple[int, int]]:
    if not has_territories(commission.id):
        return []
    with reading_snapshot(campaign_id) as (runs, _as_of):
        rows = list_units(runs, scope, commission.id, campaign_id)
    return [(row.id, _size(row, wanted)) for row in rows]


def _sizes_within(scope: Scope, units: Sequence[int], campaign_id: int, wanted: Wanted) -> Sizes:
    """The commissions of some territories, in order."""
    order = {unit: place for place, unit in enumerate(units)}
    reached = is_commission_in(scope, Commission.id, *WATCHERS)
    with reading_counters(campaign_id) as runs:
        some = _size(CompletionCounter, wanted) > 0
        rows = list_counters(runs, campaign_id, units, reached, some, whole=False)
    rows.sort(key=lambda row: (order[row.unit], row.precinct, row.number, row.id))
    return [(row.id, _size(row, wanted)) for row in rows]


def _size(counted: Any, wanted: Wanted) -> Any:
    """How many of those counted are wanted: of a row, or as an expression over the table."""
    if wanted.never_signed_in:
        return counted.never
    if wanted.missing:
        return counted.must - counted.finished
    match wanted.state:
        case State.FINISHED:
            return counted.finished
        case State.BEGUN:
            return counted.begun
        case State.NOT_BEGUN:
            return counted.must - counted.finished - counted.begun
    return counted.must

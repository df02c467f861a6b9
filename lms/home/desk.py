"""An officer's desk: the territories of a branch in order, and how much waits in each and in all together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from lms.commissions.models import Commission, CommissionClosure
from lms.commissions.permissions import OVERSEERS, WATCHERS, Scope, is_commission_in
from lms.commissions.rules import Level
from lms.core.database.base import db
from lms.home.models import ContactAttempt
from lms.home.rules import Want
from lms.home.waiting import COLUMNS, NUMBERS, Waiting, count_waiting, find_kept
from lms.reporting.everyone import is_below
from lms.reporting.models import CompletionUnit
from lms.reporting.queries import has_territories
from lms.reporting.snapshot import reading_counters, reading_snapshot
from lms.reporting.units import list_counters

MOST_LIVE = 1_000
"""People of one territory who are counted while somebody waits."""
NOTHING = dict.fromkeys(NUMBERS, 0)
_Later = aliased(ContactAttempt)


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory of a branch: its own seats and its precincts."""

    id: int
    must: int
    begun: int
    finished: int
    never: int
    waiting: Waiting

    def count(self, want: Want) -> int:
        """How many people of a call list sit there."""
        match want:
            case Want.MISSING:
                return self.must - self.finished
            case Want.NEVER:
                return self.never
            case Want.NOT_BEGUN:
                return self.must - self.finished - self.begun
        return self.waiting[COLUMNS[want]]

    @property
    def vacant(self) -> int:
        """Seats that nobody holds."""
        return self.waiting["vacant"]


class _Figures(NamedTuple):
    """What the counters say of a territory."""

    id: int
    must: int
    begun: int
    finished: int
    never: int


@dataclass(frozen=True)
class Desk:
    """The territories of a branch, its own first."""

    territories: Sequence[Territory]
    as_of: datetime | None
    """When the slower figures were counted; None: now."""

    def count(self, want: Want) -> int:
        """How many people are on a call list of the branch."""
        if want not in self._counts:
            self._counts[want] = sum(one.count(want) for one in self.territories)
        return self._counts[want]

    @cached_property
    def _counts(self) -> dict[Want, int]:
        return {}

    @property
    def vacant(self) -> int:
        """Seats that nobody holds."""
        return sum(one.vacant for one in self.territories)

    @property
    def must(self) -> int:
        """People who must take the training."""
        return sum(one.must for one in self.territories)

    def counted_at(self, want: Want) -> datetime | None:
        """When the people of a call list were counted; None: just now."""
        return self.as_of if want in COLUMNS else None


def desk_of(scope: Scope, commission: Commission, campaign_id: int, wants: Collection[Want] | None = None) -> Desk:
    """What waits in the branch of a commission, within what `scope` reaches; where lists are named in `wants`, of these
    alone. In a single territory everything is counted now; in several, or a very large one, the slower figures are
    those that the worker kept."""
    own, is_single = _own(scope, commission, campaign_id), not has_territories(commission.id)
    figures = [own] if is_single else [own, *_below(scope, commission, campaign_id)]
    if wants is not None and not COLUMNS.keys() & wants:  # the counters know
        return _desk(figures, {}, None)
    ids = [one.id for one in figures]
    if is_single and own.must <= MOST_LIVE:
        return _desk(figures, count_waiting(campaign_id, ids, wants), None)
    kept, as_of = find_kept(campaign_id, commission.id, wants)
    if as_of is None:  # the worker has not come to it yet
        kept = count_waiting(campaign_id, ids, wants)
    return _desk(figures, kept, as_of)


def _desk(figures: Sequence[_Figures], waiting: Mapping[int, Waiting], as_of: datetime | None) -> Desk:
    return Desk([Territory(*one, waiting.get(one.id, NOTHING)) for one in figures], as_of)


def count_called(commission_id: int, campaign_id: int, today: date) -> int:
    """How many people of a branch were called and stand on the list again later."""
    newer = exists().where(_Later.person_id == ContactAttempt.person_id, _Later.id > ContactAttempt.id)
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ContactAttempt)
            .join(CommissionClosure, CommissionClosure.descendant_id == ContactAttempt.commission_id)
            .where(
                ContactAttempt.campaign_id == campaign_id,
                ContactAttempt.until > today,
                CommissionClosure.ancestor_id == commission_id,
                ~newer,
            )
        )
        or 0
    )


def list_desks(scope: Scope) -> Sequence[Commission]:
    """The commissions whose branch the reader looks after; none that lies below another of them."""
    places = scope.places(*OVERSEERS)
    lower = select(CommissionClosure.descendant_id).where(
        CommissionClosure.ancestor_id.in_(places), CommissionClosure.depth > 0
    )
    return db.session.scalars(
        select(Commission).where(Commission.id.in_(places), Commission.id.not_in(lower)).order_by(Commission.code)
    ).all()


def _below(scope: Scope, commission: Commission, campaign_id: int) -> list[_Figures]:
    """The snapshot's figures of the territories below, in order."""
    numbers = [getattr(CompletionUnit, name) for name in _Figures._fields[1:]]
    with reading_snapshot(campaign_id) as (runs, _made_at):
        rows = runs.execute(
            select(Commission.id, *numbers)
            .join(CompletionUnit, CompletionUnit.commission_id == Commission.id)
            .where(
                CompletionUnit.campaign_id == campaign_id,
                Commission.id != commission.id,
                Commission.level != Level.PEC,
                is_below(commission.id),
                is_commission_in(scope, Commission.id, *WATCHERS),
            )
            .order_by(Commission.code)
        )
        return [_Figures(*row) for row in rows]


def _own(scope: Scope, commission: Commission, campaign_id: int) -> _Figures:
    """The figures of the commission's own seats and precincts now."""
    reached = is_commission_in(scope, Commission.id, *WATCHERS)
    with reading_counters(campaign_id) as runs:
        rows = list_counters(runs, campaign_id, [commission.id], reached, whole=False)
    return _Figures(commission.id, *(sum(getattr(row, name) for row in rows) for name in _Figures._fields[1:]))

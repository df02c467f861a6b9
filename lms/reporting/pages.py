"""What the pages of completion show, worked out from figures and the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms.campaigns.models import Campaign
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.permissions import Scope
from lms.commissions.rules import Level
from lms.core import clock
from lms.reporting import rules
from lms.reporting.queries import ChildFigures, count_by_child, find_training_begin, list_commissions
from lms.reporting.rules import Figures, Forecast, Order


@dataclass(frozen=True)
class Pace:
    """From which days the pace is taken, and until when there is time."""

    days: int
    today: date
    election_on: date

    @property
    def eve(self) -> date:
        """The last day before the election."""
        return self.election_on - timedelta(days=1)

    def forecast(self, units: Mapping[int, Figures]) -> Forecast:
        """The outlook of a branch made of these territories."""
        return rules.forecast_together(
            list(units.values()), days=self.days, today=self.today, election_on=self.election_on
        )


def pace_of(campaign: Campaign, zone: str) -> Pace:
    """The pace at which a campaign's training goes on today, where the commission is."""
    today = clock.today(zone)
    began = find_training_begin(campaign.id)
    return Pace(rules.pace_days(began.date() if began else None, today), today, campaign.election_on)


@dataclass(frozen=True)
class Line:
    """One row of a branch's table."""

    commission: Commission
    own: bool
    """The commission's own seats, without anything below."""
    figures: Figures
    forecast: Forecast

    @property
    def is_precinct(self) -> bool:
        """Whether the row is a precinct, or the seats of one commission: no pace is told for so few."""
        return self.own or self.commission.level == Level.PEC


@dataclass(frozen=True)
class Branch:
    """A commission's page: its own figures, the rows below it, and what is to come."""

    total: Figures
    lines: Sequence[Line]
    hidden: int
    """Rows that the filter leaves out."""
    forecast: Forecast
    slow: Sequence[Line]
    """Territories below that will not make it, most people first."""
    others_in_time: bool
    """Whether some territory below will."""
    last: Sequence[Line]
    """Territories below that finish on the day on which the branch has finished."""

    @property
    def late(self) -> int:
        """How many territories below will not make it."""
        return len(self.slow)

    @property
    def short(self) -> int:
        """People in those territories who will not have finished."""
        return sum(line.forecast.short for line in self.slow)

    @property
    def has_territories(self) -> bool:
        """Whether there is more below than precincts."""
        return any(not line.is_precinct for line in self.lines)


def count_branch(scope: Scope, commission: Commission, campaign_id: int, pace: Pace) -> list[ChildFigures]:
    """The counted rows of a commission's page."""
    since = clock.now() - timedelta(days=pace.days)
    return count_by_child(scope, commission.id, campaign_id, since=since)


def branch_of(rows: Sequence[ChildFigures], pace: Pace, *, order: Order, down: bool, only_not_ready: bool) -> Branch:
    """The page of counted rows, filtered and sorted as the address says."""
    total = sum((row.figures for row in rows), Figures())
    commissions = list_commissions([row.commission_id for row in rows])
    lines = [
        Line(commissions[row.commission_id], row.own, row.figures, pace.forecast(row.units))
        for row in rows
        if row.figures.must or not row.own
    ]
    shown = [line for line in lines if not only_not_ready or not is_ready(line)]
    territories = [line for line in lines if not line.is_precinct and line.figures.must]
    slow = sorted((line for line in territories if line.forecast.will_be_late), key=lambda line: -line.forecast.short)
    whole = pace.forecast(units_of(rows))
    last = [line for line in territories if whole.finished_on and line.forecast.finished_on == whole.finished_on]
    return Branch(
        total,
        sort_lines(shown, order, down=down),
        len(lines) - len(shown),
        whole,
        slow,
        len(slow) < len(territories),
        last,
    )


def units_of(rows: Sequence[ChildFigures]) -> dict[int, Figures]:
    """The territories of all rows together: the precincts of one commission are one territory."""
    units: dict[int, Figures] = {}
    for row in rows:
        for unit, figures in row.units.items():
            units[unit] = units.get(unit, Figures()) + figures
    return units


def is_ready(line: Line) -> bool:
    """Whether nothing is left to do in a row: everyone has finished, and somebody sits in every precinct."""
    return line.figures.missing == 0 and line.figures.precincts_not_ready == 0


def sort_lines(lines: Sequence[Line], order: Order, *, down: bool) -> list[Line]:
    """Rows in an order; equal ones by number, the commission's own seats first."""
    by_number = sorted(
        lines, key=lambda line: (not line.own, line.commission.level == Level.PEC, line.commission.number)
    )
    if order is Order.NAME:
        named = sorted(lines, key=lambda line: (line.commission.level == Level.PEC, line.commission.number))
        if any(line.commission.level != Level.PEC and not line.own for line in lines):
            named = sorted(lines, key=lambda line: (not line.own, name_of(line.commission)))
        return named[::-1] if down else named
    key = rules.sort_key(order)
    return sorted(by_number, key=lambda line: key(line.figures, line.forecast), reverse=down)

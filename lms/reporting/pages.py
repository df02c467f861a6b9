"""What the pages of completion show, worked out from figures and the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.campaigns.models import Campaign
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.reporting import rules
from lms.reporting.places import Place, list_places
from lms.reporting.queries import Counted, count_by_child, find_training_begin
from lms.reporting.rules import Figures, Forecast, Order
from lms.reporting.trend import Trend, trend_of


@dataclass(frozen=True)
class Pace:
    """From which days the pace is taken, and until when there is time."""

    days: int
    """Days from which the pace is taken, today among them."""
    hours: int
    """How long they have lasted."""
    began: date
    """When training began; today if it has not."""
    today: date
    election_on: date
    called_on: date = date.min

    @property
    def since(self) -> date:
        """The first of those days."""
        return self.today - timedelta(days=self.days - 1)

    @property
    def eve(self) -> date:
        """The last day before the election."""
        return self.election_on - timedelta(days=1)

    def forecast(self, units: Mapping[int, Figures]) -> Forecast:
        """The outlook of a branch made of these territories."""
        return rules.forecast_together(
            list(units.values()), hours=self.hours, today=self.today, election_on=self.election_on
        )

    def trend(self, counts: Mapping[date, int], total: Figures, forecast: Forecast) -> Trend | None:
        """The line of a branch."""
        days = {"began": self.began, "today": self.today, "election_on": self.election_on, "called_on": self.called_on}
        return trend_of(counts, total, forecast, **days)


def pace_of(campaign: Campaign, zone: str) -> Pace:
    """The pace at which a campaign's training goes on today, where the commission is."""
    today = clock.today(zone)
    enrolled_at = find_training_begin(campaign.id)
    began = clock.day_of(enrolled_at, zone) if enrolled_at else None
    days = rules.pace_days(began, today)
    hours = rules.pace_hours(days, clock.local_hour(zone))
    return Pace(days, hours, min(began or today, today), today, campaign.election_on, campaign.called_on)


@dataclass(frozen=True)
class Line:
    """One row of a branch's table."""

    place: Place
    own: bool
    """The commission's own seats, without anything below."""
    figures: Figures
    forecast: Forecast

    @property
    def is_precinct(self) -> bool:
        """Whether the row is a precinct, or the seats of one commission: no pace is told for so few."""
        return self.own or self.place.is_precinct


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
    as_of: datetime | None
    """When the territories below were counted; None: everything is of this moment."""
    trend: Trend | None
    has_territories: bool
    """Whether there is more below than precincts."""

    @property
    def late(self) -> int:
        """How many territories below will not make it."""
        return len(self.slow)

    @property
    def short(self) -> int:
        """People in those territories who will not have finished."""
        return sum(line.forecast.short for line in self.slow)


def count_branch(scope: Scope, commission: Commission, campaign_id: int, pace: Pace) -> Counted:
    """What a commission's page is made of."""
    return count_by_child(scope, commission, campaign_id, since=pace.since)


def branch_of(counted: Counted, pace: Pace, *, order: Order, down: bool, only_not_ready: bool) -> Branch:
    """The page of what was counted, filtered and sorted as the address says."""
    rows = counted.rows
    total = Figures.total([row.figures for row in rows])
    places = list_places(row.commission_id for row in rows)
    lines = [
        Line(places[row.commission_id], row.own, row.figures, pace.forecast(row.units))
        for row in rows
        if row.figures.must or not row.own
    ]
    shown = [line for line in lines if not only_not_ready or not is_ready(line)]
    territories = [line for line in lines if not line.is_precinct and line.figures.must]
    slow = sorted((line for line in territories if line.forecast.will_be_late), key=lambda line: -line.forecast.short)
    whole = pace.forecast(counted.units())
    last = [line for line in territories if whole.finished_on and line.forecast.finished_on == whole.finished_on]
    return Branch(
        total,
        sort_lines(shown, order, down=down),
        len(lines) - len(shown),
        whole,
        slow,
        len(slow) < len(territories),
        last,
        counted.as_of,
        pace.trend(counted.days, total, whole),
        any(not line.is_precinct for line in shown),
    )


def is_ready(line: Line) -> bool:
    """Whether nothing is left to do in a row: every precinct is ready, of own seats everyone has finished."""
    return line.figures.precincts_not_ready == 0 and (line.figures.precincts > 0 or line.figures.missing == 0)


def sort_lines(lines: Sequence[Line], order: Order, *, down: bool) -> list[Line]:
    """Rows in an order; equal ones by number, the commission's own seats first."""
    by_number = sorted(lines, key=lambda line: (not line.own, line.place.is_precinct, line.place.number))
    if order is Order.NAME:
        named = sorted(lines, key=lambda line: (line.place.is_precinct, line.place.number))
        if any(not line.place.is_precinct and not line.own for line in lines):
            named = sorted(lines, key=lambda line: (not line.own, line.place.name))
        return named[::-1] if down else named
    key = rules.sort_key(order)
    return sorted(by_number, key=lambda line: key(line.figures, line.forecast), reverse=down)

"""Who is ready, and who will not be by election day at the present pace: pure decisions on plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from lms.commissions.rules import Office
from lms.learning.rules import TEST, WORKSHOP, State

PACE_DAYS = 7
"""The present pace is that of the last week."""
HOURS = 24
LEADING = (Office.CHAIR, Office.SECRETARY)
"""Without them a precinct is not ready."""
LEADERS = len(LEADING)
SPARE_DAYS = 2
"""Whoever would finish with fewer days to spare is cutting it fine."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over the people of one branch who must take the training."""

    must: int = 0
    begun: int = 0
    """Begun and not finished."""
    finished: int = 0
    lately: int = 0
    """Finished within the days that the pace is taken from."""
    precincts: int = 0
    ready: int = 0
    """Precincts that are ready (`is_ready`)."""

    @property
    def missing(self) -> int:
        """People who have yet to finish."""
        return self.must - self.finished

    @property
    def not_begun(self) -> int:
        """People who have done nothing yet."""
        return self.must - self.finished - self.begun

    @property
    def precincts_not_ready(self) -> int:
        """Precincts that are not ready; those in which nobody sits are among them."""
        return self.precincts - self.ready

    @staticmethod
    def total(parts: Collection[Figures]) -> Figures:
        """All parts together: quicker than adding one by one."""
        if len(parts) == 1:
            return next(iter(parts))
        return Figures(
            sum([part.must for part in parts]),
            sum([part.begun for part in parts]),
            sum([part.finished for part in parts]),
            sum([part.lately for part in parts]),
            sum([part.precincts for part in parts]),
            sum([part.ready for part in parts]),
        )

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.must + other.must,
            self.begun + other.begun,
            self.finished + other.finished,
            self.lately + other.lately,
            self.precincts + other.precincts,
            self.ready + other.ready,
        )


class Readiness(StrEnum):
    """How far a commission is."""

    EMPTY = "empty"
    """Nobody in it has to learn anything: it has no members yet."""
    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    READY = "ready"


class Outlook(StrEnum):
    """What will be on the eve of the election if things go on as now."""

    EMPTY = "empty"
    READY = "ready"
    LEADERLESS = "leaderless"
    """Everyone who must has finished, but in a precinct there is no chair or no secretary."""
    IN_TIME = "in_time"
    JUST = "just"
    LATE = "late"
    STANDING = "standing"
    """Nobody has finished lately, so no day can be named."""
    OVER = "over"
    """Election day has come and somebody has not finished."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """An outlook with its reasons."""

    outlook: Outlook
    finished_on: date | None = None
    """The day on which the last will have finished."""
    short: int = 0
    """People who will not have finished on the eve of the election."""

    @property
    def will_be_late(self) -> bool:
        """Whether somebody will not make it."""
        return self.outlook in (Outlook.LATE, Outlook.STANDING, Outlook.OVER)


def is_ready(*, must: int, finished: int, leaders: int, percent: int) -> bool:
    """Whether a precinct is ready: chair and secretary have finished (`leaders` of them), and of all its members
    `percent` of a hundred or more."""
    return must > 0 and leaders == LEADERS and finished * 100 >= must * percent


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a precinct lacks to be ready."""

    nobody: tuple[Office, ...] = ()
    """Leading offices that nobody holds."""
    unfinished: tuple[Office, ...] = ()
    """Leading offices whose holder has not finished."""
    people: int = 0
    """How many more have to finish for the share that is asked, whoever they are, besides those holders."""

    @property
    def nothing(self) -> bool:
        """Whether the precinct is ready (`is_ready`)."""
        return not (self.nobody or self.unfinished or self.people)


def lacking(seated: Collection[tuple[str, bool]], percent: int) -> Lacking:
    """What a precinct lacks whose members are these, each with the office and whether they have finished."""
    held = {office for office, _finished in seated}
    done = {office for office, finished in seated if finished}
    needed = -(-len(seated) * percent // 100)
    unfinished = tuple(one for one in LEADING if one in held and one not in done)
    return Lacking(
        tuple(one for one in LEADING if one not in held),
        unfinished,
        max(0, needed - sum(finished for _office, finished in seated) - len(unfinished)),
    )


def readiness(figures: Figures) -> Readiness:
    """The state of a commission with these figures."""
    if figures.must == 0:
        return Readiness.EMPTY
    if figures.missing == 0:
        return Readiness.READY
    return Readiness.BEGUN if figures.begun or figures.finished else Readiness.NOT_BEGUN


def state_of(*, finished: bool, begun: bool) -> State:
    """The state of a person."""
    if finished:
        return State.FINISHED
    return State.BEGUN if begun else State.NOT_BEGUN


def pace_days(training_began: date | None, today: date) -> int:
    """Over how many days, today among them, the present pace is taken: a week, or fewer when training began later."""
    if training_began is None:
        return PACE_DAYS
    return min(PACE_DAYS, max(1, (today - training_began).days + 1))


def pace_hours(days: int, hour: int) -> int:
    """How long `days` days have lasted when it is `hour` o'clock on the last of them; never less than a day."""
    return max(HOURS, (days - 1) * HOURS + hour)


def forecast(figures: Figures, *, hours: int, today: date, election_on: date) -> Forecast:
    """What will be on the eve of the election, when as many finish every hour as in the last `hours` hours."""
    if figures.must == 0:
        return Forecast(Outlook.EMPTY)
    if figures.missing == 0:
        return Forecast(Outlook.LEADERLESS if figures.precincts_not_ready else Outlook.READY)
    eve = election_on - timedelta(days=1)
    if today >= election_on:
        return Forecast(Outlook.OVER, short=figures.missing)
    if figures.lately == 0:
        return Forecast(Outlook.STANDING, short=figures.missing)
    needed = -(-figures.missing * hours // (figures.lately * HOURS))
    finished_on = today + timedelta(days=needed)
    if finished_on > eve:
        by_then = figures.lately * HOURS * (eve - today).days // hours
        return Forecast(Outlook.LATE, finished_on, figures.missing - by_then)
    spare = (eve - finished_on).days
    return Forecast(Outlook.JUST if spare < SPARE_DAYS else Outlook.IN_TIME, finished_on)


def forecast_together(units: Sequence[Figures], *, hours: int, today: date, election_on: date) -> Forecast:
    """What will be in a whole branch: it is ready when its last territory is, so that a quick one does not hide a late
    one. Territories without precincts are too small to have a pace of their own."""
    total = Figures.total(units)
    own_pace = [unit for unit in units if unit.precincts and unit.must]
    if len(own_pace) < 2 or total.missing == 0:
        return forecast(total, hours=hours, today=today, election_on=election_on)
    found = [forecast(unit, hours=hours, today=today, election_on=election_on) for unit in own_pace]
    worst = max(found, key=lambda one: OUTLOOK_ORDER.index(one.outlook)).outlook
    standing = worst is Outlook.STANDING
    if standing and total.lately:  # some stand still, the whole does not
        worst = Outlook.LATE
    if worst is Outlook.READY:
        worst = Outlook.IN_TIME if today < election_on else Outlook.OVER
    ends = [one.finished_on for one in found if one.finished_on is not None]
    last = max(ends) if ends and not standing and worst is not Outlook.OVER else None
    return Forecast(worst, last, total.missing if worst is Outlook.OVER else sum(one.short for one in found))


class Unread(NamedTuple):
    """A module not read yet. Its code alone does not tell which: courses have modules of the same codes."""

    version_id: int
    """The version of a course that it is part of."""
    code: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What a person has yet to do."""

    modules: tuple[Unread, ...] = ()
    """Modules not read yet, in order."""
    of_modules: int = 0
    test: bool = False
    workshop: bool = False

    @property
    def nothing(self) -> bool:
        """Whether everything is done."""
        return not (self.modules or self.test or self.workshop)

    def __add__(self, other: Missing) -> Missing:
        return Missing(
            self.modules + other.modules,
            self.of_modules + other.of_modules,
            self.test or other.test,
            self.workshop or other.workshop,
        )


def missing_of(version_id: int, required: Sequence[str], done: Collection[str]) -> Missing:
    """What is left of the activities that a version of a course asks for."""
    modules = [activity.removeprefix("module:") for activity in required if activity.startswith("module:")]
    left = set(required) - set(done)
    return Missing(
        tuple(Unread(version_id, code) for code in modules if f"module:{code}" in left),
        len(modules),
        TEST in left,
        WORKSHOP in left,
    )


class Order(StrEnum):
    """By which column the table of a branch is sorted."""

    NAME = "name"
    PRECINCTS = "precincts"
    MUST = "must"
    FINISHED = "finished"
    MISSING = "missing"
    READY = "ready"
    OUTLOOK = "outlook"

    @property
    def goes_down(self) -> bool:
        """Whether the largest stands first when nothing else is asked for."""
        return self in (Order.PRECINCTS, Order.MUST, Order.MISSING, Order.OUTLOOK)


OUTLOOK_ORDER = (
    Outlook.EMPTY,
    Outlook.READY,
    Outlook.IN_TIME,
    Outlook.JUST,
    Outlook.LEADERLESS,
    Outlook.LATE,
    Outlook.STANDING,
    Outlook.OVER,
)


def sort_key(order: Order) -> Callable[[Figures, Forecast], tuple[int, ...]]:
    """The number by which rows are sorted in `order` (names are sorted by the words shown)."""
    keys: dict[Order, Callable[[Figures, Forecast], tuple[int, ...]]] = {
        Order.NAME: lambda _figures, _forecast: (),
        Order.PRECINCTS: lambda figures, _forecast: (figures.precincts,),
        Order.MUST: lambda figures, _forecast: (figures.must,),
        Order.FINISHED: lambda figures, _forecast: (figures.finished * 10_000 // max(1, figures.must),),
        Order.MISSING: lambda figures, _forecast: (figures.missing, figures.not_begun),
        Order.READY: lambda figures, _forecast: (figures.ready * 10_000 // max(1, figures.precincts),),
        Order.OUTLOOK: lambda _figures, found: (OUTLOOK_ORDER.index(found.outlook), found.short),
    }
    return keys[order]

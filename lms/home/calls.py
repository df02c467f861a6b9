"""A call list page by page: from a place in it onwards or backwards, a few commissions at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import and_, func, or_, select

from lms.accounts.models import Account
from lms.commissions.models import Commission
from lms.commissions.permissions import OVERSEERS, WATCHERS, Scope, is_commission_in
from lms.commissions.rules import Level
from lms.core.database.among import is_among
from lms.core.database.base import db
from lms.home.conditions import Condition, condition_of, is_hidden, places_called, places_without_phone
from lms.home.desk import Desk
from lms.home.models import ContactAttempt
from lms.home.rules import Cursor, Want
from lms.learning.rules import State
from lms.people.models import Person
from lms.reporting.everyone import is_below
from lms.reporting.members import Member, Wanted, count_members, list_members
from lms.reporting.models import CompletionCounter
from lms.reporting.snapshot import reading_counters
from lms.reporting.units import list_counters

ON_ONE_PAGE = 50
TERRITORIES_AT_ONCE = 40
MOST_AT_ONCE = 500
"""Commissions whose people are read together at most."""
RESERVE = 1.25
"""So many more than are still wanted are expected of commissions of which it is not known how many people are on the
list, so that one reading is nearly always enough."""
COUNTED = {
    Want.MISSING: Wanted(missing=True),
    Want.NEVER: Wanted(never_signed_in=True),
    Want.NOT_BEGUN: Wanted(state=State.NOT_BEGUN),
}
"""Lists of which the counters know how many of each commission are on it."""


@dataclass(frozen=True)
class Asked:
    """Which list is asked for."""

    commission: Commission
    campaign_id: int
    want: Want
    today: date
    precinct: int | None = None
    """Number of the one precinct that is wanted."""
    called: bool = False
    """Those who were called and come back later, instead of those to call."""
    own: bool = False
    """The commission's own seats and precincts alone, without the territories below."""

    @property
    def wanted(self) -> Wanted:
        """The same as the counters ask it."""
        return COUNTED.get(self.want, Wanted(missing=self.want is not Want.WITHOUT_SLIP))

    def conditions(self) -> list[Condition]:
        """What else is asked of each seat."""
        hidden, special = is_hidden(self.campaign_id, self.today), condition_of(self.want, self.campaign_id)
        return [*([special] if special is not None else []), hidden if self.called else ~hidden]

    @property
    def is_of_few(self) -> bool:
        """Whether it is soon told which commissions of the whole branch are on it."""
        return self.called or self.own or self.precinct is not None

    def places(self) -> list[Condition]:
        """What is asked of the commissions of a list of few."""
        asked: list[Condition] = [is_below(self.commission.id)] if self.is_of_few else []
        if self.own:
            direct = and_(Commission.parent_id == self.commission.id, Commission.level == Level.PEC)
            asked.append(or_(Commission.id == self.commission.id, direct))
        if self.precinct is not None:
            asked += [Commission.level == Level.PEC, Commission.number == self.precinct]
        if self.want is Want.NO_PHONE:
            asked.append(places_without_phone())
        if self.called:
            asked.append(Commission.id.in_(places_called(self.campaign_id, self.today)))
        return asked


@dataclass(frozen=True)
class CallPage:
    """A part of a call list, and the places at which the next one begins and the one before ends."""

    people: Sequence[Member]
    next: Cursor | None
    previous: Cursor | None


@dataclass(frozen=True, slots=True)
class _Stop:
    """A commission on the way through a list, and how many on it probably sit there."""

    id: int
    size: float
    place: tuple[int, bool, int, int]
    """Where it stands in the order of the list."""


@dataclass
class CallList:
    """One call list of a branch."""

    scope: Scope
    asked: Asked
    desk: Desk
    also: Sequence[Condition] = field(init=False)

    def __post_init__(self) -> None:
        self.also = self.asked.conditions()

    def page_from(self, cursor: Cursor | None) -> CallPage:
        """The page that begins at a place; the first one without a place."""
        found: list[Member] = []
        start = self._place_of(cursor)
        skip = cursor.offset if cursor and start else 0
        for stops in self._ways(start, found, ON_ONE_PAGE, backwards=False):
            at_cursor = cursor is not None and stops[0].id == cursor.commission_id
            left = ON_ONE_PAGE + 1 - len(found)
            found += self._people(stops, offset=skip if at_cursor else 0, limit=left)
            if len(found) > ON_ONE_PAGE:
                break
        shown = found[:ON_ONE_PAGE]
        after = _behind(shown, cursor, skip) if len(found) > ON_ONE_PAGE else None
        return CallPage(shown, after, cursor if start else None)

    def page_before(self, cursor: Cursor | None) -> CallPage:
        """The page that ends before a place; the last one without a place."""
        found: list[Member] = []
        for stops in self._ways(self._place_of(cursor), found, ON_ONE_PAGE, backwards=True):
            people = self._people(stops, offset=0, limit=None)
            if cursor is not None:
                before = [one for one in people if one.commission_id != cursor.commission_id]
                people = before + [one for one in people if one.commission_id == cursor.commission_id][: cursor.offset]
            found[:0] = people
            if len(found) > ON_ONE_PAGE:
                break
        shown = found[-ON_ONE_PAGE:]
        begins = Cursor(shown[0].commission_id, _in_same(found, len(found) - len(shown))) if shown else None
        return CallPage(shown, cursor, begins if len(found) > ON_ONE_PAGE else None)

    def all(self, most: int) -> list[Member]:
        """Everyone on the list in order; one more than `most` at most."""
        found: list[Member] = []
        for stops in self._ways(None, found, most, backwards=False):
            found += self._people(stops, offset=0, limit=most + 1 - len(found))
            if len(found) > most:
                break
        return found

    def count(self) -> int:
        """How many belong to the list, in all its precincts, whether they were called or not."""
        asked, desk = self.asked, self.desk
        return desk.territories[0].count(asked.want) if asked.own else desk.count(asked.want)

    def count_hidden(self) -> int:
        """How many belong to the list and were called, so that they stand on it again later."""
        later = replace(self.asked, called=True)
        places = select(Commission.id).where(*later.places())
        return count_members(self.scope, places, later.campaign_id, later.wanted, also=later.conditions())

    def _people(self, stops: Sequence[_Stop], *, offset: int, limit: int | None) -> list[Member]:
        places, wanted = [stop.id for stop in stops], self.asked.wanted
        return list_members(
            self.scope, places, self.asked.campaign_id, wanted, offset=offset, limit=limit, also=self.also
        )

    def _ways(
        self, start: tuple[int, bool, int, int] | None, found: Sequence[Member], most: int, *, backwards: bool
    ) -> Iterator[list[_Stop]]:
        """The commissions from a place on, some at a time: in which about as many sit as are left to be found, one more
        than `most` in all."""
        batch: list[_Stop] = []
        enough = 0.0
        for stop in self._stops(start, backwards=backwards):
            batch.append(stop)
            enough += stop.size
            if enough > most - len(found) or len(batch) == MOST_AT_ONCE:
                yield batch[::-1] if backwards else batch
                batch, enough = [], 0.0
        if batch:
            yield batch[::-1] if backwards else batch

    def _stops(self, start: tuple[int, bool, int, int] | None, *, backwards: bool) -> Iterator[_Stop]:
        for units in self._territories(start, backwards=backwards):
            found = sorted(self._stops_in(units), key=lambda stop: stop.place, reverse=backwards)
            for stop in found:
                if start is None or (stop.place <= start if backwards else stop.place >= start):
                    yield stop

    def _territories(self, start: tuple[int, bool, int, int] | None, *, backwards: bool) -> Iterator[list[int]]:
        """Ids of the territories that have somebody on the list, some at a time: in which about a page of them sit."""
        if self.asked.is_of_few:
            yield []
            return
        here = [
            one
            for number, one in enumerate(self.desk.territories)
            if one.count(self.asked.want) > 0
            and (start is None or (number <= start[0] if backwards else number >= start[0]))
        ]
        batch: list[int] = []
        enough = 0
        page = ON_ONE_PAGE if self.asked.want in COUNTED else ON_ONE_PAGE * RESERVE
        for one in here[::-1] if backwards else here:
            batch.append(one.id)
            enough += one.count(self.asked.want)
            if enough > page or len(batch) == TERRITORIES_AT_ONCE:
                yield batch
                batch, enough = [], 0
        if batch:
            yield batch

    def _stops_in(self, units: list[int]) -> list[_Stop]:
        """The commissions of some territories; of lists of few, of the whole branch."""
        asked, order = self.asked, {one.id: number for number, one in enumerate(self.desk.territories)}
        conditions = [is_commission_in(self.scope, Commission.id, *WATCHERS), _size(CompletionCounter, asked.want) > 0]
        conditions += asked.places()
        with reading_counters(asked.campaign_id) as runs:
            where = None if asked.is_of_few else units
            rows = list_counters(runs, asked.campaign_id, where, *conditions, whole=False)
        share = self._share(rows)
        return [
            _Stop(
                row.id,
                1 if asked.called else share * _size(row, asked.want),
                (order.get(row.unit, 0), row.precinct, row.number, row.id),
            )
            for row in rows
        ]

    def _share(self, rows: Sequence[Any]) -> float:
        """How many of those who may be on the list are on it, where the counters do not know: about as many
        commissions are then read together as fill a page."""
        most, units = sum(_size(row, self.asked.want) for row in rows), {row.unit for row in rows}
        known = sum(one.count(self.asked.want) for one in self.desk.territories if one.id in units)
        return min(1.0, known / most / RESERVE) if most and known < most else 1.0

    def _place_of(self, cursor: Cursor | None) -> tuple[int, bool, int, int] | None:
        """Where a commission stands in the order of the list; None when it is in none of its territories."""
        row = (
            cursor
            and db.session.execute(
                select(Commission.id, Commission.parent_id, Commission.level, Commission.number).where(
                    Commission.id == cursor.commission_id
                )
            ).one_or_none()
        )
        if not row:
            return None
        is_precinct = row.level == Level.PEC
        order = {one.id: number for number, one in enumerate(self.desk.territories)}
        unit = order.get(row.parent_id if is_precinct else row.id)
        if unit is None and self.asked.commission.id != row.id:
            return None
        return unit or 0, is_precinct, row.number, row.id


def list_last_contacts(person_ids: Iterable[int]) -> dict[int, ContactAttempt]:
    """The newest attempt to reach each of some people."""
    rows = db.session.scalars(
        select(ContactAttempt).where(is_among(ContactAttempt.person_id, person_ids)).order_by(ContactAttempt.id)
    )
    return {row.person_id: row for row in rows}


def find_noted(scope: Scope, person_id: int | None) -> tuple[ContactAttempt, Person] | None:
    """The newest attempt to reach a person, if it is the reader's own, with that person."""
    row = (
        person_id
        and db.session.execute(
            select(ContactAttempt, Person)
            .join(Person, Person.id == ContactAttempt.person_id)
            .where(
                ContactAttempt.person_id == person_id, is_commission_in(scope, ContactAttempt.commission_id, *OVERSEERS)
            )
            .order_by(ContactAttempt.id.desc())
            .limit(1)
        ).one_or_none()
    )
    return (row[0], row[1]) if row and row[0].by_id == scope.account_id else None


def find_newest(person_id: int) -> int:
    """The number of the newest attempt to reach a person; 0 when there is none."""
    newest = select(func.max(ContactAttempt.id)).where(ContactAttempt.person_id == person_id)
    return db.session.scalar(newest) or 0


def list_meanwhile(person_id: int, *, since: int, before: int) -> Sequence[tuple[ContactAttempt, Person | None]]:
    """What was noted of a person after the attempt `since` and before the attempt `before`, with whoever noted it."""
    rows = db.session.execute(
        select(ContactAttempt, Person)
        .outerjoin(Account, Account.id == ContactAttempt.by_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(ContactAttempt.person_id == person_id, ContactAttempt.id > since, ContactAttempt.id < before)
        .order_by(ContactAttempt.id.desc())
        .limit(5)
    )
    return [(row[0], row[1]) for row in rows]


def list_contacts(person_id: int) -> Sequence[ContactAttempt]:
    """Every attempt to reach a person, the newest first."""
    return db.session.scalars(
        select(ContactAttempt).where(ContactAttempt.person_id == person_id).order_by(ContactAttempt.id.desc()).limit(50)
    ).all()


def _size(counted: Any, want: Want) -> Any:
    """How many on a list a commission has, or may have: of a row, or as an expression over the counters."""
    match want:
        case Want.NEVER | Want.WITHOUT_SLIP:
            return counted.never
        case Want.NOT_BEGUN | Want.LATE:
            return counted.must - counted.finished - counted.begun
        case Want.QUIET:
            return counted.begun
    return counted.must - counted.finished


def _behind(shown: Sequence[Member], cursor: Cursor | None, skipped: int) -> Cursor:
    """The place behind the last one shown."""
    last = shown[-1].commission_id
    before = skipped if cursor and cursor.commission_id == last and shown[0].commission_id == last else 0
    return Cursor(last, before + sum(one.commission_id == last for one in shown))


def _in_same(people: Sequence[Member], number: int) -> int:
    """How many before the one with this number sit in the same commission."""
    groups = [(place, len(list(group))) for place, group in groupby(people[:number], lambda one: one.commission_id)]
    return groups[-1][1] if groups and groups[-1][0] == people[number].commission_id else 0

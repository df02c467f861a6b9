"""People by name in any spelling, login, phone, or the last digits of their identity number: those who hold a seat, or
a role and no seat, and those who have left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.accounts.models import Account
from lms.accounts.rules import read_login
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import INSPECTORS, WATCHERS, Scope, is_commission_in, list_former_holders, list_holders
from lms.commissions.queries import WAS_HELD
from lms.core.database.base import db
from lms.home.rules import code_typed, phone_part
from lms.people.finding import Fits, all_begin, all_near, begins, list_near, longest_of
from lms.people.folding import folded_words, keys_typed_of_phone
from lms.people.models import Person, PersonKey

ROWS_AT_ONCE = 200
LAST_DIGITS = 4
SURNAMES_SOUGHT = 600
"""Among so many names that begin as typed, those whose surname does are sought first."""
RANKED_FROM = 3
"""Letters from which on surnames are sought first: fewer begin half the names of a country."""
OF_PATRONYMICS = ("kizi", "uli", "ovna", "evna", "ovich", "evich")
"""With what keys of patronymics end: they are many, and few surnames are like them."""
_Now, _Other = aliased(Appointment), aliased(Person)
Placed = list[tuple[Person, Commission]]
Ids = InstrumentedAttribute[int]
Asked = Select[tuple[int]]


@dataclass(frozen=True)
class Among:
    """Some people: how a question for ids is put to them alone, and in which commissions they are."""

    only: Callable[[Asked, Ids], Asked]
    """(question, its column of ids)."""
    places: Callable[[Sequence[int]], Placed]


def find_people(scope: Scope, typed: str, *, most: int) -> tuple[Placed, Placed]:
    """People within what `scope` watches, by name, with the commission in which they sit or, of those whom it inspects,
    hold a role without a seat; and people without either who held a seat, or only a role, within what it inspects
    (whose record it may read), with the commission in which they sat, or held it, last."""
    holders, past = list_holders(scope), list_former_holders(scope)
    among = [
        _seated(and_(Appointment.ends_on.is_(None), is_commission_in(scope, Appointment.commission_id, *WATCHERS)))
    ]
    among += [_holding(holders)] if holders else []
    pools = [*among, _seated(_left(scope))] if scope.holds(*INSPECTORS) else list(among)
    pools += [_holding(past)] if past else []
    found = [_first(_matches(one, typed, most), most) for one in pools]
    if not any(found):
        found = [_first(_mistyped(one, typed), most) for one in pools]
    placed = [one.places(ids) for ids, one in zip(found, pools, strict=True)]
    people = list(chain.from_iterable(placed[: len(among)]))
    if holders:
        people = sorted(people, key=lambda one: (one[0].surname, one[0].given_name, one[0].id))[:most]
    former = [one for one in chain.from_iterable(placed[len(among) :]) if one[0].id not in holders]
    words = folded_words(typed)
    return _surnames_first(words, people), _surnames_first(words, former)


def _surnames_first(words: Sequence[str], placed: Placed) -> Placed:
    return sorted(placed, key=lambda one: not _begins_surname(words, one[0].surname))


def _left(scope: Scope) -> ColumnElement[bool]:
    return and_(
        Appointment.ends_on.is_not(None),
        is_commission_in(scope, Appointment.commission_id, *INSPECTORS),
        ~exists().where(_Now.person_id == Appointment.person_id, _Now.ends_on.is_(None)),
        ~exists().where(_Other.id == Appointment.person_id, _Other.merged_into_id.is_not(None)),
    )


def _seated(seats: ColumnElement[bool]) -> Among:
    """People who hold, or held, such a seat: a condition on Appointment."""

    def only(asked: Asked, ids: Ids) -> Asked:
        return asked.join(Appointment, Appointment.person_id == ids).where(seats)

    def places(found: Sequence[int]) -> Placed:
        if not found:
            return []
        held = case((or_(Appointment.ends_on.is_(None), WAS_HELD), 1), else_=0)  # a seat taken back was never held
        rows = db.session.execute(
            select(Person, Commission)
            .join(Appointment, Appointment.person_id == Person.id)
            .join(Commission, Commission.id == Appointment.commission_id)
            .where(Person.id.in_(found), seats)
            .order_by(Person.surname, Person.given_name, Person.id, held, Appointment.starts_on, Appointment.id)
        )
        return list({row[0].id: (row[0], row[1]) for row in rows}.values())

    return Among(only, places)


def _holding(holders: Mapping[int, int]) -> Among:
    """These people, each with a commission. They are few: whoever has a seat is not among them."""

    def only(asked: Asked, ids: Ids) -> Asked:
        return asked.where(ids.in_(list(holders)))

    def places(found: Sequence[int]) -> Placed:
        if not found:
            return []
        named = {one: holders[one] for one in found}
        people = db.session.scalars(select(Person).where(Person.id.in_(named), Person.merged_into_id.is_(None)))
        there = db.session.scalars(select(Commission).where(Commission.id.in_(set(named.values()))))
        at = {one.id: one for one in there}
        return [(one, at[named[one.id]]) for one in people]

    return Among(only, places)


def _first(ids: Iterator[int], most: int) -> list[int]:
    return list(dict.fromkeys(islice(ids, most)))


def _matches(among: Among, typed: str, most: int) -> Iterator[int]:
    """Ids of people who are exactly what was typed, or begin so; the surest first."""
    of_login = select(Account.person_id).where(Account.login == read_login(typed))
    yield from db.session.scalars(among.only(of_login, Account.person_id))
    digits = phone_part(typed)
    if len(digits) == LAST_DIGITS:
        of_number = select(Person.id).where(Person.number_last4 == digits).order_by(Person.id).limit(most)
        yield from db.session.scalars(among.only(of_number, Person.id))
    for key in keys_typed_of_phone(digits) if digits else ():
        yield from db.session.scalars(_by_key(among, begins(key)).limit(most))
    words = folded_words(typed)
    if words and not digits and code_typed(typed) is None:
        longest = longest_of(words)
        begun, fits = begins(longest), all_begin(words)
        if len(longest) >= RANKED_FROM:
            no_patronymic = and_(begun, *(PersonKey.key.not_like(f"%{end}") for end in OF_PATRONYMICS))
            yield from _named(
                among, no_patronymic, lambda names: fits(names) and _begins_surname(words, names[0]), SURNAMES_SOUGHT
            )
        yield from _named(among, begun, fits)


def _mistyped(among: Among, typed: str) -> Iterator[int]:
    """Ids of people whose names are one letter away from what was typed."""
    words = folded_words(typed)
    near = list_near(longest_of(words))
    yield from chain.from_iterable(_named(among, PersonKey.key == key, all_near(words)) for key in near)


def _begins_surname(words: Sequence[str], surname: str) -> bool:
    """Whether one of the words that were typed begins the surname."""
    return any(key.startswith(word) for key in folded_words(surname) for word in words)


def _named(among: Among, condition: ColumnElement[bool], fits: Fits, keys: int | None = None) -> Iterator[int]:
    """Ids of people with such a key whose names fit; of so many keys only, where that is said."""
    names = (Person.surname, Person.given_name, Person.patronymic)
    rows = db.session.execute(
        _by_key(among, condition)
        .join(Person, Person.id == PersonKey.person_id)
        .add_columns(*names)
        .limit(keys)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    with rows:
        yield from (row[0] for row in rows if fits(row[1:]))


def _by_key(among: Among, condition: ColumnElement[bool]) -> Asked:
    """Ids of people by a condition on their keys, in the order of the keys."""
    asked = select(PersonKey.person_id).where(condition)
    return among.only(asked, PersonKey.person_id).order_by(PersonKey.key, PersonKey.person_id)

"""People by name in any spelling, login, phone, or the last digits of their identity number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from sqlalchemy import ColumnElement, Select, and_, case, exists, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account
from lms.accounts.rules import read_login
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import INSPECTORS, WATCHERS, Scope, is_commission_in
from lms.core.database.base import db
from lms.home.rules import phone_part
from lms.people.finding import Fits, all_begin, all_near, begins, list_near, longest_of
from lms.people.folding import folded_words, keys_typed_of_phone
from lms.people.models import Person, PersonKey

ROWS_AT_ONCE = 200
LAST_DIGITS = 4
SURNAMES_SOUGHT = 600
"""Among so many names that begin as typed, those whose surname does are sought first."""
OF_PATRONYMICS = ("kizi", "uli", "ovna", "evna", "ovich", "evich")
"""With what keys of patronymics end: they are many, and few surnames are like them."""
_Now, _Other = aliased(Appointment), aliased(Person)
Seats = ColumnElement[bool]
"""A condition on Appointment: of which seats the people are looked for."""


Placed = list[tuple[Person, Commission]]


def find_people(scope: Scope, typed: str, *, most: int) -> tuple[Placed, Placed]:
    """Seated people within what `scope` watches, by name, with their commission; and people without a seat who held one
    within what it inspects (whose record it may read), with the commission in which they sat last."""
    pools = [and_(Appointment.ends_on.is_(None), is_commission_in(scope, Appointment.commission_id, *WATCHERS))]
    if scope.holds(*INSPECTORS):
        pools.append(_left(scope))
    found = [_first(_matches(seats, typed, most), most) for seats in pools]
    if not any(found):
        found = [_first(_mistyped(seats, typed), most) for seats in pools]
    words = folded_words(typed)
    placed = [
        sorted(_with_places(ids, seats), key=lambda row: not _begins_surname(words, row[0].surname))
        for ids, seats in zip(found, pools, strict=True)
    ]
    return placed[0], placed[1] if len(placed) > 1 else []


def _left(scope: Scope) -> Seats:
    return and_(
        Appointment.ends_on.is_not(None),
        is_commission_in(scope, Appointment.commission_id, *INSPECTORS),
        ~exists().where(_Now.person_id == Appointment.person_id, _Now.ends_on.is_(None)),
        ~exists().where(_Other.id == Appointment.person_id, _Other.merged_into_id.is_not(None)),
    )


def _first(ids: Iterator[int], most: int) -> list[int]:
    return list(dict.fromkeys(islice(ids, most)))


def _matches(seats: Seats, typed: str, most: int) -> Iterator[int]:
    """Ids of people who are exactly what was typed, or begin so; the surest first."""
    yield from db.session.scalars(
        _holders(seats)
        .join(Account, Account.person_id == Appointment.person_id)
        .where(Account.login == read_login(typed))
    )
    digits = phone_part(typed)
    if len(digits) == LAST_DIGITS:
        yield from db.session.scalars(
            _holders(seats)
            .join(Person, Person.id == Appointment.person_id)
            .where(Person.number_last4 == digits)
            .order_by(Person.id)
            .limit(most)
        )
    for key in keys_typed_of_phone(digits) if digits else ():
        yield from db.session.scalars(_by_key(seats, begins(key)).limit(most))
    words = folded_words(typed)
    if words and not digits:
        begun, fits = begins(longest_of(words)), all_begin(words)
        no_patronymic = and_(begun, *(PersonKey.key.not_like(f"%{end}") for end in OF_PATRONYMICS))
        yield from _named(
            seats, no_patronymic, lambda names: fits(names) and _begins_surname(words, names[0]), SURNAMES_SOUGHT
        )
        yield from _named(seats, begun, fits)


def _mistyped(seats: Seats, typed: str) -> Iterator[int]:
    """Ids of people whose names are one letter away from what was typed."""
    words = folded_words(typed)
    near = list_near(longest_of(words))
    yield from chain.from_iterable(_named(seats, PersonKey.key == key, all_near(words)) for key in near)


def _begins_surname(words: Sequence[str], surname: str) -> bool:
    """Whether one of the words that were typed begins the surname."""
    return any(key.startswith(word) for key in folded_words(surname) for word in words)


def _named(seats: Seats, condition: ColumnElement[bool], fits: Fits, among: int | None = None) -> Iterator[int]:
    """Ids of people with such a key whose names fit; only `among` so many keys, where that is said."""
    names = (Person.surname, Person.given_name, Person.patronymic)
    rows = db.session.execute(
        _by_key(seats, condition)
        .join(Person, Person.id == PersonKey.person_id)
        .add_columns(*names)
        .limit(among)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    with rows:
        yield from (row[0] for row in rows if fits(row[1:]))


def _holders(seats: Seats) -> Select[tuple[int]]:
    """Ids of people who hold, or held, such a seat."""
    return select(Appointment.person_id).where(seats)


def _by_key(seats: Seats, condition: ColumnElement[bool]) -> Select[tuple[int]]:
    """The same by a condition on their keys, in the order of the keys."""
    return (
        select(PersonKey.person_id)
        .join(Appointment, Appointment.person_id == PersonKey.person_id)
        .where(condition, seats)
        .order_by(PersonKey.key, PersonKey.person_id)
    )


def _with_places(ids: Sequence[int], seats: Seats) -> Placed:
    if not ids:
        return []
    held = case((Appointment.ends_on <= Appointment.starts_on, 0), else_=1)  # a seat taken back was never held
    rows = db.session.execute(
        select(Person, Commission)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Person.id.in_(ids), seats)
        .order_by(Person.surname, Person.given_name, Person.id, held, Appointment.starts_on)
    )
    return list({row[0].id: (row[0], row[1]) for row in rows}.values())

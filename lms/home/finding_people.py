"""People by name in any spelling, login, phone, or the last digits of their identity number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from sqlalchemy import ColumnElement, Select, and_, select

from lms.accounts.models import Account
from lms.accounts.rules import read_login
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in
from lms.core.database.base import db
from lms.home.rules import phone_part
from lms.people.folding import after, folded_words, is_near, keys_of_name, keys_typed_of_phone
from lms.people.models import Person, PersonKey

ROWS_AT_ONCE = 200
LAST_DIGITS = 4
SHORTEST_MISTYPED = 4
"""Letters from which on a wrong one is forgiven; the first two have to be right."""
MOST_NEAR = 20
"""Names that are tried for a mistyped one."""
Fits = Callable[[Sequence[str]], bool]
"""Whether surname, given name and patronymic are those that were typed."""


def find_people(scope: Scope, typed: str, *, most: int) -> list[tuple[Person, Commission]]:
    """Seated people within what `scope` watches, by name, with their commission."""
    ids = list(dict.fromkeys(islice(_matches(scope, typed, most), most)))
    if not ids:
        ids = list(dict.fromkeys(islice(_mistyped(scope, typed), most)))
    return _with_places(ids)


def _matches(scope: Scope, typed: str, most: int) -> Iterator[int]:
    """Ids of people who are exactly what was typed, or begin so; the surest first."""
    yield from db.session.scalars(
        _seated(scope)
        .join(Account, Account.person_id == Appointment.person_id)
        .where(Account.login == read_login(typed))
    )
    digits = phone_part(typed)
    if len(digits) == LAST_DIGITS:
        yield from db.session.scalars(
            _seated(scope)
            .join(Person, Person.id == Appointment.person_id)
            .where(Person.number_last4 == digits)
            .order_by(Person.id)
            .limit(most)
        )
    for key in keys_typed_of_phone(digits) if digits else ():
        yield from db.session.scalars(_by_key(scope, _begins(key)).limit(most))
    words = folded_words(typed)
    if words and not digits:
        yield from _named(scope, _begins(max(words, key=len)), _all_begin(words))


def _mistyped(scope: Scope, typed: str) -> Iterator[int]:
    """Ids of people whose names are one letter away from what was typed."""
    words = folded_words(typed)
    longest = max(words, key=len, default="")
    if len(longest) < SHORTEST_MISTYPED:
        return
    keys = db.session.scalars(select(PersonKey.key).where(_begins(longest[:2])).distinct().order_by(PersonKey.key))
    near = list(islice((key for key in keys if is_near(longest, key)), MOST_NEAR))
    yield from chain.from_iterable(_named(scope, PersonKey.key == key, _all_near(words)) for key in near)


def _named(scope: Scope, condition: ColumnElement[bool], fits: Fits) -> Iterator[int]:
    names = (Person.surname, Person.given_name, Person.patronymic)
    rows = db.session.execute(
        _by_key(scope, condition)
        .join(Person, Person.id == PersonKey.person_id)
        .add_columns(*names)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    with rows:
        yield from (row[0] for row in rows if fits(row[1:]))


def _seated(scope: Scope) -> Select[tuple[int]]:
    """Ids of people who hold a seat that `scope` watches."""
    return select(Appointment.person_id).where(
        Appointment.ends_on.is_(None), is_commission_in(scope, Appointment.commission_id, *WATCHERS)
    )


def _by_key(scope: Scope, condition: ColumnElement[bool]) -> Select[tuple[int]]:
    """The same by a condition on their keys, in the order of the keys."""
    return (
        select(PersonKey.person_id)
        .join(Appointment, and_(Appointment.person_id == PersonKey.person_id, Appointment.ends_on.is_(None)))
        .where(condition, is_commission_in(scope, Appointment.commission_id, *WATCHERS))
        .order_by(PersonKey.key, PersonKey.person_id)
    )


def _begins(prefix: str) -> ColumnElement[bool]:
    return and_(PersonKey.key >= prefix, PersonKey.key < after(prefix))


def _all_begin(words: Sequence[str]) -> Fits:
    """Whether each word begins one of the names."""

    def fits(names: Sequence[str]) -> bool:
        keys = keys_of_name(*names)
        return all(any(key.startswith(word) for key in keys) for word in words)

    return fits


def _all_near(words: Sequence[str]) -> Fits:
    """The same with a wrong letter in each word."""

    def fits(names: Sequence[str]) -> bool:
        keys = keys_of_name(*names)
        return all(any(is_near(word, key) for key in keys) for word in words)

    return fits


def _with_places(ids: Sequence[int]) -> list[tuple[Person, Commission]]:
    if not ids:
        return []
    rows = db.session.execute(
        select(Person, Commission)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Person.id.in_(ids))
        .order_by(Person.surname, Person.given_name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]

"""Find people and commissions by name within what the reader may see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import and_, or_, select
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account
from lms.accounts.rules import read_login
from lms.commissions.models import Appointment, Commission, CommissionName
from lms.commissions.permissions import WATCHERS, Scope, is_commission_in, person_condition
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.home.rules import like_pattern, phone_part, plain, sounds_like
from lms.people.models import Person

MOST = 50
ROWS_AT_ONCE = 500
PHONE_PART = 5
"""Fewer digits are looked for at the end of a number only."""


@dataclass(frozen=True)
class Found:
    """What fits, at most 50 of each."""

    people: Sequence[tuple[Person, Commission]]
    commissions: Sequence[Commission]


def search(scope: Scope, typed: str) -> Found:
    """People by the beginning of their names, their login or digits of their phone; commissions by number, code or part
    of the name. An identity number is refused: nothing is searched by it."""
    words = typed.split()
    if not words:
        return Found([], [])
    check_words(typed)
    return Found(_people(scope, words), _commissions(scope, words))


def check_words(typed: str) -> None:
    """Raise Refused when somebody is looked for by identity number."""
    if re.fullmatch(r"\d{12}", re.sub(r"[\s\-–]", "", typed)):
        raise Refused(_("People are not searched by identity number. Type a surname, a login or a precinct’s number."))


def _people(scope: Scope, words: list[str]) -> list[tuple[Person, Commission]]:
    """People whose names begin so in either alphabet, or whose login or phone it is."""
    certain = _login_or_phone(" ".join(words))
    rows = db.session.execute(
        select(Person.id, certain.label("certain"), Person.surname, Person.given_name, Person.patronymic)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .outerjoin(Account, Account.person_id == Person.id)
        .where(person_condition(scope), or_(and_(*(_any_name_may_begin(word) for word in words)), certain))
        .order_by(Person.surname, Person.given_name, Person.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    with rows:
        fitting = list(islice((row.id for row in rows if row.certain or sounds_like(row[2:], words)), MOST))
    return _with_places(fitting)


def _with_places(ids: list[int]) -> list[tuple[Person, Commission]]:
    rows = db.session.execute(
        select(Person, Commission)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Person.id.in_(ids))
        .order_by(Person.surname, Person.given_name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def _login_or_phone(typed: str) -> ColumnElement[bool]:
    login = Account.login == read_login(typed)
    digits = phone_part(typed)
    if not digits:
        return login
    return or_(login, Person.phone.endswith(digits) if len(digits) < PHONE_PART else Person.phone.contains(digits))


def _spellings(word: str) -> set[str]:
    return {like_pattern(one) for one in (word, word.lower(), word.capitalize(), word.upper())}


def _any_name_may_begin(word: str) -> ColumnElement[bool]:
    columns = (Person.surname, Person.given_name, Person.patronymic)
    return or_(*(column.like(f"{one}%") for column in columns for one in _spellings(word)))


def _commissions(scope: Scope, words: list[str]) -> Sequence[Commission]:
    typed = " ".join(words)
    number = re.sub(r"\D", "", typed)
    named = _ids_of_names(typed)
    fits = or_(Commission.id.in_(named), Commission.code == typed.upper())
    if number and len(number) < 6 and len(words) < 3:
        fits = or_(fits, and_(Commission.level == "pec", Commission.number == int(number)))
    return db.session.scalars(
        select(Commission)
        .where(is_commission_in(scope, Commission.id, *WATCHERS), fits)
        .order_by(Commission.code)
        .limit(MOST)
    ).all()


def _ids_of_names(typed: str) -> list[int]:
    """Commissions whose name has the words in it, in either alphabet."""
    rows = db.session.execute(
        select(CommissionName.commission_id, CommissionName.name)
        .where(or_(*(CommissionName.name.like(f"%{one}%") for one in _spellings(typed))))
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    return sorted({place for place, name in rows if plain(typed) in plain(name)})

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
from lms.home.rules import sounds_like
from lms.people.models import Person

MOST = 50


@dataclass(frozen=True)
class Found:
    """What fits, at most 50 of each."""

    people: Sequence[tuple[Person, Commission]]
    commissions: Sequence[Commission]


def search(scope: Scope, typed: str) -> Found:
    """People by the beginning of their names or their login, commissions by number, code or part of the name. An
    identity number is refused: nothing is searched by it."""
    words = typed.split()
    if not words:
        return Found([], [])
    if re.fullmatch(r"\d{12}", "".join(words)):
        raise Refused(_("People are not searched by identity number. Type a surname, a login or a precinct’s number."))
    return Found(_people(scope, words) or _people_by_sound(scope, words), _commissions(scope, words))


def _people(scope: Scope, words: list[str]) -> list[tuple[Person, Commission]]:
    named = and_(*(_any_name_begins(word) for word in words))
    rows = db.session.execute(
        select(Person, Commission)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .join(Commission, Commission.id == Appointment.commission_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(person_condition(scope), or_(named, Account.login == read_login(" ".join(words))))
        .order_by(Person.surname, Person.given_name, Person.id)
        .limit(MOST)
    ).all()
    return [(row[0], row[1]) for row in rows]


def _people_by_sound(scope: Scope, words: list[str]) -> list[tuple[Person, Commission]]:
    """Where nobody is written so: people whose names begin so but for Kazakh letters, which many keyboards lack."""
    if any(ch.isdigit() for word in words for ch in word):
        return []
    names = db.session.execute(
        select(Person.id, Person.surname, Person.given_name, Person.patronymic)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .where(person_condition(scope))
        .order_by(Person.surname, Person.given_name, Person.id)
    )
    fitting = islice((row.id for row in names if sounds_like(row[1:], words)), MOST)
    rows = db.session.execute(
        select(Person, Commission)
        .join(Appointment, and_(Appointment.person_id == Person.id, Appointment.ends_on.is_(None)))
        .join(Commission, Commission.id == Appointment.commission_id)
        .where(Person.id.in_(list(fitting)))
        .order_by(Person.surname, Person.given_name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def _any_name_begins(word: str) -> ColumnElement[bool]:
    beginnings = {word, word.lower(), word.capitalize(), word.upper()}
    columns = (Person.surname, Person.given_name, Person.patronymic)
    return or_(*(column.startswith(one, autoescape=True) for column in columns for one in beginnings))


def _commissions(scope: Scope, words: list[str]) -> Sequence[Commission]:
    typed = " ".join(words)
    number = re.sub(r"\D", "", typed)
    parts = {typed, typed.lower(), typed.capitalize(), typed.upper()}
    named = select(CommissionName.commission_id).where(
        or_(*(CommissionName.name.contains(part, autoescape=True) for part in parts))
    )
    fits = or_(Commission.id.in_(named), Commission.code == typed.upper())
    if number and len(number) < 6 and len(words) < 3:
        fits = or_(fits, and_(Commission.level == "pec", Commission.number == int(number)))
    return db.session.scalars(
        select(Commission)
        .where(is_commission_in(scope, Commission.id, *WATCHERS), fits)
        .order_by(Commission.code)
        .limit(MOST)
    ).all()

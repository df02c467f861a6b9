"""Somebody to be brought in who may be known already, by name or phone: it is asked before there are two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, false, select

from lms.commissions.permissions import OVERSEERS, Scope, list_ever
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.people.folding import folded_words, keys_of_phone
from lms.people.likeness import is_one_spelling
from lms.people.models import Person, PersonKey
from lms.people.queries import list_entries_of

MOST = 5
"""So many are told; a phone that more people have is an office's."""


class MayBeKnown(Refused):
    """People with this name or phone are known: whoever typed it is asked whether it is one of them."""

    def __init__(self, people: Sequence[Person]) -> None:
        super().__init__(
            _(
                "Somebody with this name or phone is known already and stands below. Give the role to that person, or "
                "tick that it is somebody else and send again."
            )
            if people
            else _(
                "Somebody with this name or phone is known already. If it is somebody else, tick that below and send "
                "again."
            )
        )
        self.people = people


def check_unknown(known: Mapping[str, str], by: Scope) -> None:
    """Raise MayBeKnown, with those whom `by` reaches, when somebody has the name that was typed, in any spelling, or
    the phone. `known`: surname, given_name, patronymic, phone."""
    phone = known.get("phone", "")
    found = _list(_has(*list(keys_of_phone(phone))[:1]).where(Person.phone == phone)) if phone else []
    found += [one for one in _list(_named(known)) if _is_called(one, known) and one not in found]
    people = list(dict.fromkeys(list_entries_of(one)[0] for one in found))
    if people:
        reached = list_ever(by, [one.id for one in people], *OVERSEERS)
        raise MayBeKnown([one for one in people if one.id in reached or by.everything][:MOST])


def _list(asked: Select[tuple[Person]]) -> list[Person]:
    return list(db.session.scalars(asked.order_by(Person.id)))


def _has(*keys: str) -> Select[tuple[Person]]:
    """People who are found under each of these keys; nobody without any."""
    found = (Person.id.in_(select(PersonKey.person_id).where(PersonKey.key == key)) for key in keys)
    return select(Person).where(Person.erased_at.is_(None), *found, *([] if keys else [false()]))


def _named(known: Mapping[str, str]) -> Select[tuple[Person]]:
    return _has(*folded_words(f"{known['surname']} {known['given_name']}"))


def _is_called(person: Person, known: Mapping[str, str]) -> bool:
    """Whether surname and given name are those, in either order; the patronymics too where both have one."""
    one, other = person.patronymic, known.get("patronymic", "")
    if one and other and not is_one_spelling(one, other):
        return False
    parts = (known["surname"], known["given_name"])
    return any(
        all(is_one_spelling(*pair) for pair in zip((person.surname, person.given_name), order, strict=True))
        for order in (parts, parts[::-1])
    )

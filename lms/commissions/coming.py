"""Who comes to a seat or into a reserve: known already by the identity number, or new. A name that is known is kept,
unless it is said that it is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lms.campaigns.queries import number_scheme, this_country
from lms.commissions.permissions import OVERSEERS, Scope, get_person_ever
from lms.commissions.rules import of_age_on
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _, current_language
from lms.people.actions import NewPerson, add_people, correct_person
from lms.people.likeness import is_one_spelling, may_be_one
from lms.people.models import Person

NAME = ("surname", "given_name", "patronymic")
KNOWN = (*NAME, "phone", "language")
"""What is brought up to date."""


class OtherName(Refused):
    """An identity number that is known with another name: it is not said with which."""

    field = "number"

    def __init__(self) -> None:
        super().__init__(
            _("This identity number is known with another name. Check each digit, and the surname and given name.")
        )


class DifferentName(Refused):
    """Somebody known comes under a name that is written otherwise: whoever typed it is asked which is right. `known`:
    the name as it is known, empty where it is not to be told."""

    field = "rename"

    def __init__(self, known: str, typed: str) -> None:
        if known:
            words = _("This person is known here as %(known)s, and you typed %(typed)s.", known=known, typed=typed)
        else:
            words = _("This person is known here under another spelling or name: you typed %(typed)s.", typed=typed)
        super().__init__(
            f"{words} " + _("Tick this if what you typed is right. Without the tick the name stays as it is known.")
        )


def check_number(person: Person | None, coming: NewPerson) -> None:
    """Raise OtherName when whoever is known by the identity number is called quite otherwise."""
    if person and not may_be_one((person.surname, person.given_name), (coming.surname, coming.given_name)):
        raise OtherName


def check_name(person: Person | None, coming: NewPerson, *, rename: bool | None, by: Scope) -> None:
    """Raise DifferentName when a known name is written otherwise and nobody has said yet which is right."""
    if person is None or rename is not None or not _differing(person, coming):
        return
    typed = " ".join(filter(None, (coming.surname, coming.given_name, coming.patronymic or person.patronymic)))
    may_be_told = is_one_spelling(person.full_name, typed) or was_in_branch(person, by)
    typed = " ".join(filter(None, (coming.surname, coming.given_name, coming.patronymic)))
    raise DifferentName(person.full_name if may_be_told else "", typed)


def bring_up_to_date(
    person: Person | None, coming: NewPerson, *, rename: bool | None, by: Scope
) -> tuple[int, int | None]:
    """The id of the person who comes, known already and brought up to date, or new; and the entry of the record in
    which it stands what was corrected, if anything was. `rename`: whether the name that was typed is the right one.
    Where no language is said, the known one stays, and somebody new learns in that of whoever enters them."""
    if person is None:
        new = coming if coming.language else replace(coming, language=current_language())
        return add_people(people=[new], by=by)[0], None
    kept = set() if rename else _differing(person, coming)
    fields = {name: getattr(coming, name) for name in KNOWN if getattr(coming, name) and name not in kept}
    return person.id, correct_person(person=person, fields=fields, by=by)


def day_of_age(number: str) -> date | None:
    """The first day on which whoever has this identity number is old enough for a seat; None when it is not known."""
    return of_age_on(number_scheme().find_birth_date(number), this_country().least_age)


def _differing(person: Person, coming: NewPerson) -> set[str]:
    """The parts of the name that are known and were typed otherwise."""
    pairs = ((name, getattr(person, name), getattr(coming, name)) for name in NAME)
    return {name for name, known, typed in pairs if known and typed and known != typed}


def was_in_branch(person: Person, by: Scope) -> bool:
    """Whether `by` looks after a commission in which the person sits or sat, or holds or held a role."""
    if by.everything:
        return True
    try:
        get_person_ever(by, person.id, *OVERSEERS)
    except NotFound:
        return False
    return True

"""Have erasing hold again after a backup was restored."""

from __future__ import annotations

from dataclasses import dataclass, field

from lms.commissions.permissions import Scope
from lms.core.database.base import db
from lms.people.models import Person
from lms.retention import ledger
from lms.retention.erasing import erase_person
from lms.retention.errors import NotErased

REASON = "erased before; a backup had brought it back"


@dataclass
class Again:
    """Ids of people who were erased again, and of those of whom something still hinders it."""

    erased: list[int] = field(default_factory=list)
    hindered: list[int] = field(default_factory=list)


def erase_again(*, by: Scope) -> Again:
    """Erase once more whoever stands in the list of people erased and is not erased in the database. Who holds a seat
    or a role there, as before the backup, is left and told."""
    done = Again()
    for one in ledger.read():
        person = db.session.get(Person, one.person)
        if person is None or person.erased_at is not None or not ledger.is_meant(one, person):
            continue
        try:
            erase_person(person=person, reason=REASON, by=by)
        except NotErased:
            done.hindered.append(person.id)
        else:
            done.erased.append(person.id)
    return done

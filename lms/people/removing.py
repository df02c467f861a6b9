"""Take people away whom an import added by mistake. Nothing may refer to them any more."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.audit.actions import Actor, record
from lms.core.database.runs import Run, count_in, delete_within
from lms.people.models import Person, PersonKey


def remove_people(*, runs: Sequence[Run], by: Actor) -> None:
    """Delete the people with these ids, as if they had never been added; the record keeps that they were."""
    if not runs:
        return
    delete_within(PersonKey, PersonKey.person_id, runs)
    delete_within(Person, Person.id, runs)
    record("people.removed", by=by, subject=f"person:{runs[0][0]}", runs=list(runs), count=count_in(runs))

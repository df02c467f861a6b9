"""An officer says which column is what, where the headings of a file are not known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _
from lms.rosters import queries
from lms.rosters.actions import ask_to_read
from lms.rosters.findings import NoteKind
from lms.rosters.messages import column_name
from lms.rosters.models import RosterColumns, RosterImport
from lms.rosters.permissions import check_may_import
from lms.rosters.reading.headings import Field, find_field, key_of, missing_from
from lms.rosters.states import ImportState

OFFERED = tuple(field for field in Field if field is not Field.IMPORT)
"""What a column may be said to hold."""


def find_headings(roster_import: RosterImport) -> list[str]:
    """The headings of the file that are not known, or of which it was said before what they are; none when all are
    known."""
    told = [params for kind, params in roster_import.notes if kind == NoteKind.COLUMNS_SAID]
    params = roster_import.fault_params if roster_import.state == ImportState.FAILED else (told or [{}])[0]
    found: list[str] = json.loads(params.get("headings", "[]"))
    return found


def get_headings(roster_import: RosterImport) -> list[str]:
    """The same. Raises NotFound when all are known."""
    headings = find_headings(roster_import)
    if not headings:
        raise NotFound
    return headings


def guess_columns(roster_import: RosterImport, headings: Sequence[str]) -> dict[int, Field]:
    """What was said of the headings before; else what those mean that are known."""
    kept = queries.find_columns(roster_import.commission_id, key_of(headings))
    if kept is not None:
        return {int(place): Field(field) for place, field in kept.fields.items()}
    guessed: dict[int, Field] = {}
    for place, text in enumerate(headings):
        field = find_field(text)
        if field is not None and field not in guessed.values():
            guessed[place] = field
    return guessed


def say_columns(*, roster_import: RosterImport, columns: Mapping[int, Field], by: Scope) -> None:
    """Keep which column is what for files with these headings, and have the file read again. Raises Refused when one
    thing stands in two columns, or when one is missing without which nothing can be read."""
    check_may_import(by, roster_import.commission_id)
    headings = get_headings(roster_import)
    check_columns(columns)
    key = key_of(headings)
    kept = queries.find_columns(roster_import.commission_id, key)
    if kept is None:
        kept = RosterColumns(commission_id=roster_import.commission_id, key=key)
        db.session.add(kept)
    kept.fields = {str(place): field.value for place, field in columns.items() if place < len(headings)}
    kept.account_id, kept.said_at = by.account_id, clock.now()
    db.session.flush()
    record("rosters.columns_said", by=by, subject=f"roster_import:{roster_import.id}", fields=kept.fields)
    ask_to_read(roster_import=roster_import, by=by)


def check_columns(columns: Mapping[int, Field]) -> None:
    """Raise Refused when one thing stands in two columns, or a column is missing without which nothing can be read."""
    fields = list(columns.values())
    twice = sorted({column_name(field) for field in fields if fields.count(field) > 1})
    if twice:
        raise Refused(_("Two columns cannot both be: %(columns)s. Choose one of them.", columns=", ".join(twice)))
    missing = [column_name(field) for field in missing_from(fields)]
    if missing:
        raise Refused(_("No column is chosen for: %(columns)s. Choose it.", columns=", ".join(missing)))

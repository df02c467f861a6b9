"""Rosters that can be sent back: the empty one to fill in, and the one of a branch as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from sqlalchemy import Row, select

from lms.commissions.models import Appointment, Commission, CommissionClosure, SeatNumber
from lms.commissions.names import constituency_names, level_abbreviation, name_of, office_name
from lms.commissions.permissions import Scope
from lms.commissions.queries import OFFICE_ORDER
from lms.commissions.rules import Level, Office
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.web.languages import NAMES, _, pick
from lms.people.models import Person
from lms.people.vault import open_text
from lms.rosters.messages import column_name
from lms.rosters.permissions import check_may_import
from lms.rosters.placing import PATH_SIGN
from lms.rosters.reading.headings import Field

COLUMNS = {
    Field.TERRITORY: 34,
    Field.COMMISSION: 24,
    Field.SURNAME: 18,
    Field.GIVEN_NAME: 16,
    Field.PATRONYMIC: 18,
    Field.NUMBER: 15,
    Field.OFFICE: 22,
    Field.NOMINATED_BY: 22,
    Field.PHONE: 16,
    Field.EMAIL: 22,
    Field.LANGUAGE: 14,
    Field.TIME_ZONE: 16,
    Field.SEATS: 9,
}
"""The columns of such a file and how wide they are."""
ROWS_TO_FILL = 2_000
"""So many rows of the empty roster offer the offices and languages to choose from."""


def empty_roster() -> bytes:
    """An XLSX file with the headings in the reader's language; offices and languages are chosen from a list."""
    return _workbook([])


def roster_in_force(commission: Commission) -> tuple[bytes, int]:
    """An XLSX file of everyone who sits in the branch now, identity numbers in full, and how many these are."""
    rows = list(_rows_in_force(commission))
    return _workbook(rows), len(rows)


def note_export(*, commission: Commission, reason: str, count: int, by: Scope) -> None:
    """Record that the identity numbers of a branch left the house, and why. Raises Forbidden outside the branch."""
    check_may_import(by, commission.id)
    values = {"reason": ("", reason)}
    record("rosters.exported", by=by, subject=f"commission:{commission.id}", values=values, count=count)


def _workbook(rows: Iterable[list[str]]) -> bytes:
    import xlsxwriter  # only here: few requests and no command need it

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_("Roster"))
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        for place, (field, width) in enumerate(COLUMNS.items()):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, column_name(field), bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for place, words in enumerate(row):
                sheet.write_string(number, place, words, text)
        _offer(sheet, Field.OFFICE, [office_name(office) for office in Office])
        _offer(sheet, Field.LANGUAGE, list(NAMES.values()))
    return buffer.getvalue()


def _offer(sheet: Any, field: Field, words: list[str]) -> None:
    """Have a column's cells chosen from a list; what else is typed is asked about and may stay."""
    place = list(COLUMNS).index(field)
    offered = {"validate": "list", "source": words, "error_type": "warning"}
    sheet.data_validation(1, place, ROWS_TO_FILL, place, offered)


def _rows_in_force(base: Commission) -> Iterator[list[str]]:
    """One row a member: commissions from the top down, so that each stands below those it belongs to."""
    below = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == base.id)
    commissions = db.session.scalars(
        select(Commission).where(Commission.id.in_(below), Commission.level != Level.CEC).order_by(Commission.id)
    ).all()
    members = _members(base)
    paths = _Paths(base, commissions)
    for commission in sorted(commissions, key=paths.order):
        seated = sorted(members.get(commission.id, ()), key=lambda row: OFFICE_ORDER[Office(row.office)])
        for row in seated:
            place = (commission.time_zone, str(row.seats or ""))
            yield [paths.above(commission), paths.called(commission), *_cells(row), *place]


def _members(base: Commission) -> dict[int, list[Row[Any]]]:
    now = (SeatNumber.commission_id == Appointment.commission_id) & SeatNumber.valid_to.is_(None)
    rows = db.session.execute(
        select(
            Appointment.commission_id,
            Appointment.office,
            Appointment.nominated_by,
            Person.surname,
            Person.given_name,
            Person.patronymic,
            Person.number_encrypted,
            Person.phone,
            Person.email,
            Person.language,
            SeatNumber.seats,
        )
        .join(Person, Person.id == Appointment.person_id)
        .join(CommissionClosure, CommissionClosure.descendant_id == Appointment.commission_id)
        .outerjoin(SeatNumber, now)
        .where(CommissionClosure.ancestor_id == base.id, Appointment.ends_on.is_(None))
        .order_by(Appointment.id)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.commission_id, []).append(row)
    return found


def _cells(row: Row[Any]) -> list[str]:
    number = open_text(row.number_encrypted) if row.number_encrypted else ""
    name = (row.surname, row.given_name, row.patronymic, number, office_name(row.office))
    return [*name, row.nominated_by, row.phone, row.email, NAMES.get(row.language, "")]


class _Paths:
    """What commissions are called in a file for the branch of `base`, and what stands above them there."""

    def __init__(self, base: Commission, commissions: Iterable[Commission]) -> None:
        self.base = base
        self.known = {one.id: one for one in commissions}

    def order(self, commission: Commission) -> tuple[tuple[int, int], ...]:
        """Sorts a commission before those below it, precincts before the commissions beside them."""
        return tuple((int(one.level != Level.PEC), one.number) for one in self._way(commission))

    def above(self, commission: Commission) -> str:
        """As `Mangystau region / Beineu district`."""
        return PATH_SIGN.join(name_of(one) for one in self._way(commission)[:-1] if one.id != self.base.id)

    def called(self, commission: Commission) -> str:
        """A precinct or a constituency by its number, a territorial commission as `TEC: Beineu district`."""
        if commission.level == Level.CONSTITUENCY:
            return pick(constituency_names(commission.number))
        if commission.level == Level.PEC:
            return name_of(commission)
        return f"{level_abbreviation(commission.level)}: {name_of(commission)}"

    def _way(self, commission: Commission) -> list[Commission]:
        way = [commission]
        while commission.id != self.base.id and commission.parent_id in self.known:
            commission = self.known[commission.parent_id]
            way.append(commission)
        return way[::-1]

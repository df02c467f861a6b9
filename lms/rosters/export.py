"""The problem rows of an import as a file: to be mended and sent again, with the reason in the last column."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.core.database.base import db
from lms.core.documents.tables import csv_parts
from lms.core.web.languages import _, current_language
from lms.rosters import queries
from lms.rosters.findings import Outcome
from lms.rosters.messages import column_name, finding_sentence
from lms.rosters.models import RosterImport
from lms.rosters.packing import KeptPlace, findings_of, unpack, unpack_place
from lms.rosters.placing import PATH_SIGN
from lms.rosters.reading.headings import Field

ALWAYS = (
    Field.COMMISSION,
    Field.SURNAME,
    Field.GIVEN_NAME,
    Field.PATRONYMIC,
    Field.NUMBER,
    Field.OFFICE,
    Field.NOMINATED_BY,
    Field.PHONE,
    Field.EMAIL,
    Field.LANGUAGE,
)
SOMETIMES = (Field.FULL_NAME, Field.TIME_ZONE, Field.SEATS)
"""Columns that stand in the file only if the sent one had something in them."""
WIDTHS = {Field.IMPORT: 9, Field.TERRITORY: 34, Field.COMMISSION: 18, Field.NUMBER: 15, Field.OFFICE: 24}
REASON_WIDTH = 90


def problems_as_workbook(roster_import: RosterImport) -> bytes:
    """An XLSX file of the problem rows. Every cell is text, so nothing in it is ever a formula, a link or a number."""
    import xlsxwriter  # only here: few requests and no command need it

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_("To mend"))
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        fields = _fields(roster_import)
        for place, field in enumerate(fields):
            sheet.set_column(place, place, WIDTHS.get(field, 16))
        sheet.set_column(len(fields), len(fields), REASON_WIDTH)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(_table(roster_import, fields)):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, wrapped if number else bold)
    return buffer.getvalue()


def problems_as_text(roster_import: RosterImport) -> str:
    """The same as CSV; a sign stands before what could be taken for a formula, and is taken off when it comes back."""
    return "".join(csv_parts(_table(roster_import, _fields(roster_import)), language=current_language()))


def _fields(roster_import: RosterImport) -> list[Field]:
    seen: set[str] = set()
    for row in queries.iterate_rows(roster_import.id, Outcome.PROBLEM):
        seen.update(unpack(row.payload).get("raw", {}))
    return [Field.IMPORT, Field.TERRITORY, *ALWAYS, *(field for field in SOMETIMES if field.value in seen)]


def _table(roster_import: RosterImport, fields: list[Field]) -> Iterator[list[str]]:
    places = [unpack_place(values) for values in roster_import.places]
    paths = _Paths(places)
    yield [*(column_name(field) for field in fields), _("What to mend")]
    for row in queries.iterate_rows(roster_import.id, Outcome.PROBLEM):
        data = unpack(row.payload)
        cells = dict(data.get("raw", {}))
        cells[Field.IMPORT.value] = str(roster_import.id)
        cells[Field.TERRITORY.value] = cells.get(Field.TERRITORY.value) or paths.above(data["place"])
        cells[Field.COMMISSION.value] = data["commission"]
        if sent := cells.get(Field.NUMBER.value):
            cells[Field.NUMBER.value] = _with_lost_zeros(sent, data["number"])
        findings = findings_of(row.problem, "", data)
        reason = " ".join(finding_sentence(row.sheet, row.number or 0, one) for one in findings)
        yield [*(cells.get(field.value, "") for field in fields), reason]


def _with_lost_zeros(sent: str, number: str) -> str:
    """The identity number as it was sent; zeros that its cell had lost stand again, for here every cell is text."""
    return number if number.endswith(sent) else sent


class _Paths:
    """The names of the commissions above a place, from the top of the file's branch down."""

    def __init__(self, places: list[KeptPlace]) -> None:
        self.places = places
        self.known: dict[int, str] = {}

    def above(self, index: int) -> str:
        """As `Mangystau region / Beineu district`; empty for a row whose commission is not known."""
        if index < 0:
            return ""
        if index not in self.known:
            self.known[index] = PATH_SIGN.join(reversed(list(self._names_above(self.places[index]))))
        return self.known[index]

    def _names_above(self, place: KeptPlace) -> Iterator[str]:
        while place.parent is not None and self.places[place.parent].parent is not None:
            place = self.places[place.parent]
            yield place.name or self._name_of(place.present_id)

    def _name_of(self, commission_id: int | None) -> str:
        commission: Any = db.session.get(Commission, commission_id) if commission_id else None
        return name_of(commission) if commission else ""

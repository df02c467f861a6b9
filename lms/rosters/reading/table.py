"""A roster file as rows: which sheet, which row, which commission's block, which cell under which heading."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.core.text import tidy
from lms.rosters.findings import Note, NoteKind
from lms.rosters.naming import parse_commission
from lms.rosters.reading.cells import CellValue, is_blank, text_of
from lms.rosters.reading.faults import FileFault, UnreadableFile
from lms.rosters.reading.headings import Columns, Field, Said, key_of, recognise, texts_of
from lms.rosters.reading.kinds import FileKind, kind_of
from lms.rosters.reading.text_file import open_text
from lms.rosters.reading.workbook import Grid, Grids, open_workbook

MAX_NOTES = 200
_SUBTOTAL = re.compile(r"(?:итого|всего|барлы[ғг?]ы|жиын[ыт]\w*|total|subtotal)\b[^\d]*(\d+)?", re.I)
_FEW = 3
_PERSON = (Field.SURNAME, Field.GIVEN_NAME, Field.FULL_NAME, Field.NUMBER, Field.OFFICE)


@dataclass(slots=True)
class SourceRow:
    """One row of the file that speaks of a person."""

    sheet: int
    """Index into `Table.sheets`."""
    number: int
    """The row's number as a spreadsheet shows it."""
    commission: str
    """The commission's name as written, in this row or above it in the block; empty when there is none."""
    cells: dict[Field, CellValue]
    """Cells that are not blank."""


@dataclass(slots=True)
class Sheet:
    """A sheet with a table in it."""

    name: str
    titles: list[str]
    """Lines above the table."""
    headings: dict[Field, str]


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A line that says how many rows a block has."""

    commission: str
    last: int
    """Index of the block's last row in `Table.rows`."""
    said: int


@dataclass(slots=True)
class Table:
    """All rows of a file, in its order."""

    typed: bool
    """Whether the file tells numbers from texts."""
    sheets: list[Sheet] = field(default_factory=list)
    rows: list[SourceRow] = field(default_factory=list)
    subtotals: list[Subtotal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: NoteKind, **params: str) -> None:
        """Add a note, up to a sensible number of them."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(Note(kind, params))


def read(content: bytes, said: Said | None = None) -> Table:
    """The table in a file. Raises UnreadableFile, with what is wrong, when there is none to be read. `said`: which
    columns are what, where that was said of headings which are not known."""
    is_workbook = kind_of(content) is FileKind.WORKBOOK
    grids = open_workbook(content) if is_workbook else open_text(content)
    table = Table(typed=is_workbook)
    _note_hidden(table, grids)
    unknown: dict[str, str] = {}
    for grid in grids.sheets:
        reader = _SheetReader(table, grid, said)
        reader.read()
        unknown = unknown or reader.unknown
    if not table.sheets:
        raise UnreadableFile(FileFault.NO_TABLE, **unknown)
    return table


def _note_hidden(table: Table, grids: Grids) -> None:
    for name in grids.hidden_sheets:
        table.note(NoteKind.HIDDEN_SHEET, sheet=name)
    if grids.hidden_rows:
        table.note(NoteKind.HIDDEN_ROWS, count=str(grids.hidden_rows))


class _SheetReader:
    """Walks down one sheet, keeping the columns and the commission that hold for the next row."""

    def __init__(self, table: Table, grid: Grid, said: Said | None) -> None:
        self.table = table
        self.said = said
        self.unknown: dict[str, str] = {}
        """A row that may be a heading row, until one is found."""
        self.grid = grid
        self.columns: Columns | None = None
        self.commission = ""
        self.titles: list[str] = []
        self.seen = False

    def read(self) -> None:
        """Add the sheet's rows to the table."""
        for number, row in enumerate(self.grid.rows, start=1):
            if self._is_heading(row, number):
                continue
            if self.columns is None:
                self._remember_title(row)
            else:
                self._take(row, number, self.columns)
        if self.columns is None and self.seen:
            self.table.note(NoteKind.SHEET_WITHOUT_TABLE, sheet=self.grid.name)

    def _is_heading(self, row: Sequence[CellValue], number: int) -> bool:
        if self.columns is not None and not self._may_be_heading(row, self.columns):
            return False
        found = recognise(row, self.said)
        if found is None:
            self.unknown = self.unknown or self._as_headings(row, number)
            return False
        if self.columns is not None and found.index.items() <= self.columns.index.items():
            return True
        if found.missing:
            columns = ", ".join(field.value for field in found.missing)
            where = {"sheet": self.grid.name, "row": str(number), **self._as_headings(row, number)}
            raise UnreadableFile(FileFault.COLUMN_MISSING, columns=columns, **where)
        if self.columns is None:
            self.table.sheets.append(Sheet(self.grid.name, self.titles, found.headings))
            texts = texts_of(row)
            if self.said and texts and key_of(texts) in self.said:
                self.table.note(NoteKind.COLUMNS_SAID, **self._as_headings(row, number))
        self.columns = found
        return True

    def _as_headings(self, row: Sequence[CellValue], number: int) -> dict[str, str]:
        """Where a row stands and what is in it, if that may be headings."""
        texts = texts_of(row)
        told = {"sheet": self.grid.name, "row": str(number), "headings": json.dumps(texts, ensure_ascii=False)}
        return told if texts else {}

    @staticmethod
    def _may_be_heading(row: Sequence[CellValue], columns: Columns) -> bool:
        """A heading stands where identity numbers stand, or the columns are ordered anew: no digit there either way."""
        place = columns.index[Field.NUMBER]
        value = row[place] if place < len(row) else None
        return isinstance(value, str) and value != "" and not any(map(str.isdigit, value))

    def _remember_title(self, row: Sequence[CellValue]) -> None:
        texts = [tidy(text_of(value)) for value in row if not is_blank(value)]
        self.seen = self.seen or bool(texts)
        if texts and len(self.titles) < 20:
            self.titles.append(texts[0])

    def _take(self, row: Sequence[CellValue], number: int, columns: Columns) -> None:
        width = len(row)
        cells = {
            name: row[place] for name, place in columns.index.items() if place < width and not is_blank(row[place])
        }
        if len(cells) <= _FEW and self._is_no_person(row, number, cells):
            return
        if Field.COMMISSION in cells:
            self.commission = tidy(text_of(cells[Field.COMMISSION]))
        self.table.rows.append(SourceRow(len(self.table.sheets) - 1, number, self.commission, cells))

    def _is_no_person(self, row: Sequence[CellValue], number: int, cells: dict[Field, CellValue]) -> bool:
        """Deal with a row of few cells: blank, a subtotal (in whatever column), a block's title, a signature."""
        texts = [tidy(text_of(value)) for value in row if not is_blank(value)]
        subtotal = next((found for text in texts if (found := _SUBTOTAL.match(text))), None)
        if subtotal:
            self._end_block(int(subtotal[1]) if subtotal[1] else None)
            return True
        if Field.NUMBER in cells or Field.OFFICE in cells or sum(name in cells for name in _PERSON) > 1:
            return False
        words = [text for text in texts if not text.isdigit()]
        if len(words) == 1 and parse_commission(words[0]):
            self.commission = words[0]
        elif words:
            self.table.note(NoteKind.ROW_NOT_READ, sheet=self.grid.name, row=str(number))
        return True

    def _end_block(self, said: int | None) -> None:
        if said is not None and self.commission:
            self.table.subtotals.append(Subtotal(self.commission, len(self.table.rows) - 1, said))
        self.commission = ""

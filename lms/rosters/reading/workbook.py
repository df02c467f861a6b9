"""The sheets of an XLSX workbook, row by row."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from lms.rosters.reading.cells import CellValue
from lms.rosters.reading.faults import FileFault, UnreadableFile
from lms.rosters.reading.inspection import inspect


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its name and its rows as they stand, the first being row 1."""

    name: str
    rows: Iterator[Sequence[CellValue]]
    typed: bool
    """Whether numbers and texts are told apart (not so in a text file)."""


@dataclass(frozen=True, slots=True)
class Grids:
    """All visible sheets, and what the reader should be told about the rest."""

    sheets: Iterator[Grid]
    hidden_rows: int = 0
    hidden_sheets: tuple[str, ...] = ()


def open_workbook(content: bytes) -> Grids:
    """The visible sheets of a workbook. Raises UnreadableFile when it is protected, damaged or dangerous."""
    facts = inspect(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    except PasswordError as error:
        raise UnreadableFile(FileFault.ENCRYPTED) from error
    except BaseException as error:
        raise _damaged(error) from error
    hidden = tuple(sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible)
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return Grids((Grid(name, _rows(book, name), typed=True) for name in visible), facts.hidden_rows, hidden)


def _rows(book: CalamineWorkbook, name: str) -> Iterator[Sequence[CellValue]]:
    try:
        sheet = book.get_sheet_by_name(name)
        yield from sheet.iter_rows()
    except BaseException as error:
        raise _damaged(error) from error


def _damaged(error: BaseException) -> BaseException:
    """The parser's own errors and its panics mean a damaged file; everything else goes on as it is."""
    if isinstance(error, CalamineError | ValueError) or type(error).__name__ == "PanicException":
        return UnreadableFile(FileFault.DAMAGED)
    return error

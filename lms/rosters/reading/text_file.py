"""A text table (CSV): which letters, which separator, which rows."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from lms.core.documents.tables import harmless
from lms.rosters.reading.cells import CellValue
from lms.rosters.reading.faults import FileFault, UnreadableFile
from lms.rosters.reading.headings import recognise
from lms.rosters.reading.inspection import MAX_COLUMNS, MAX_ROWS
from lms.rosters.reading.workbook import Grid, Grids

SEPARATORS = (";", ",", "\t", "|")
_SAMPLE_ROWS = 60
_SOME_ZEROS = 8


def open_text(content: bytes) -> Grids:
    """The one table of a text file. Raises UnreadableFile when it is no text."""
    encoding = _encoding_of(content)
    separator, skip = _separator_of(content, encoding)
    return Grids(iter([Grid("", _rows(content, encoding, separator, skip), typed=False)]))


def _encoding_of(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _checked(content, encoding)
    first, second = content[:4096:2].count(0), content[1:4096:2].count(0)
    if first + second > _SOME_ZEROS and min(first, second) * 20 < max(first, second):
        return _checked(content, "utf-16-be" if first > second else "utf-16-le")
    if b"\x00" in content:
        raise UnreadableFile(FileFault.NOT_A_TABLE, kind="")
    try:
        return _checked(content, "utf-8")
    except UnreadableFile:
        return _checked(content, "cp1251")


def _checked(content: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), 1 << 20):
            decoder.decode(content[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableFile(FileFault.NOT_A_TABLE, kind="") from error
    return encoding


def _separator_of(content: bytes, encoding: str) -> tuple[str, int]:
    """The separator under which a heading row is seen best, and how many rows to skip (Excel's `sep=` line)."""
    first = io.TextIOWrapper(io.BytesIO(content), encoding).readline(64).strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    best = max(SEPARATORS, key=lambda separator: _score(content, encoding, separator))
    return best, 0


def _score(content: bytes, encoding: str, separator: str) -> tuple[int, int]:
    columns = cells = 0
    for number, row in enumerate(_rows(content, encoding, separator, 0)):
        if number >= _SAMPLE_ROWS:
            break
        found = recognise(row)
        columns = max(columns, len(found.index) if found else 0)
        cells += len(row)
    return columns, cells


def _rows(content: bytes, encoding: str, separator: str, skip: int) -> Iterator[Sequence[CellValue]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    try:
        for number, row in enumerate(csv.reader(text, delimiter=separator)):
            if number >= MAX_ROWS or len(row) > MAX_COLUMNS:
                raise UnreadableFile(FileFault.TOO_MANY_CELLS, rows=f"{MAX_ROWS}", columns=f"{MAX_COLUMNS}")
            yield [] if number < skip else [_unprotected(cell) for cell in row]
    except csv.Error as error:
        raise UnreadableFile(FileFault.DAMAGED) from error


def _unprotected(cell: str) -> str:
    """The cell without the sign that our own files put before what could be taken for a formula."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell

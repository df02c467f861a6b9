"""Look through a workbook's parts before anything parses them: what they would build, and what they hide."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass

from lms.rosters.reading.archive import Budget, list_entries, pieces_of
from lms.rosters.reading.faults import FileFault, UnreadableFile

MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 6_000_000
"""Rows times columns of one sheet: the parser builds the whole rectangle."""
MAX_TEXT = 256 * 1024 * 1024
"""Bytes of text in all cells, a repeated string counted as often as it stands."""
_CELL = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br=[\"']([A-Za-z]{1,4})(\d{1,9})[\"'][^<>]*(?<!/)>")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^<>]*\br=)[^<>]*(?<!/)>")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b[^<>]*\bhidden=[\"'](?:1|true)[\"']")
_STRING = re.compile(rb"<(?:\w+:)?si\b")
_USE = re.compile(rb"\bt=[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{1,9})</")


@dataclass(slots=True)
class WorkbookFacts:
    """What the look through the parts found."""

    hidden_rows: int = 0
    cells: int = 0
    longest_text: int = 0


def inspect(content: bytes) -> WorkbookFacts:
    """The facts of a workbook that is safe to parse. Raises UnreadableFile: protected, damaged, bomb, too large."""
    facts = WorkbookFacts()
    budget = Budget()
    entries = list_entries(content)
    for entry in entries:
        _inspect_part(content, entry, budget, facts)
    if facts.longest_text * facts.cells > MAX_TEXT:
        _check_repeated_text(content, entries)
    return facts


def _inspect_part(content: bytes, entry: zipfile.ZipInfo, budget: Budget, facts: WorkbookFacts) -> None:
    is_sheet = "worksheets/" in entry.filename
    rows = columns = 0
    for number, piece in enumerate(pieces_of(content, entry, budget)):
        if number == 0:
            _refuse_entities(piece)
        if is_sheet or b"<c " in piece or b":c " in piece:
            rows, columns = _measure(piece, rows, columns, facts)
        elif "sharedStrings" in entry.filename:
            facts.longest_text = max(facts.longest_text, *map(len, _STRING.split(piece)))


def _measure(piece: bytes, rows: int, columns: int, facts: WorkbookFacts) -> tuple[int, int]:
    cells = _CELL.findall(piece)
    facts.cells += len(cells)
    facts.hidden_rows += len(_HIDDEN.findall(piece))
    rows = max(rows, *map(int, {row for _, row in cells}), 0)
    columns = max(columns, *map(_column_number, {letters for letters, _ in cells}), 0)
    if _UNPLACED.search(piece):
        lines = [len(_UNPLACED.findall(line)) for line in _ROW.split(piece)]
        facts.cells += sum(lines)
        rows, columns = rows + len(lines), max(columns, *lines)
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise UnreadableFile(FileFault.TOO_MANY_CELLS, rows=f"{MAX_ROWS}", columns=f"{MAX_COLUMNS}")
    return rows, columns


def _refuse_entities(piece: bytes) -> None:
    head = piece[:4096].replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise UnreadableFile(FileFault.HIDDEN_ORDERS)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_repeated_text(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Some strings are long and there are many cells: count exactly what the cells would hold."""
    lengths: list[int] = []
    for entry in entries:
        if "sharedStrings" in entry.filename:
            whole = b"".join(pieces_of(content, entry, Budget()))
            lengths.extend(len(text) for text in _STRING.split(whole)[1:])
    total = 0
    for entry in entries:
        if "worksheets/" in entry.filename:
            for piece in pieces_of(content, entry, Budget()):
                total += sum(lengths[int(index)] for index in _USE.findall(piece) if int(index) < len(lengths))
                if total > MAX_TEXT:
                    raise UnreadableFile(FileFault.UNPACKS_TOO_LARGE)

"""Tables that leave the house: cells that stay text in every spreadsheet program, and CSV as officers open it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

BOM = "\ufeff"
FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
SKIPPED_BY_PROGRAMS = " \u00a0\"'"
SEPARATORS = {"kk": ";", "ru": ";", "en": ","}
"""What spreadsheet programs set to that language take for the end of a cell."""
ROWS_AT_ONCE = 500


class Words(str):
    """Text of a cell that no program takes for a formula: what many rows say need be looked at once only."""

    __slots__ = ()


WRITTEN_AS_THEY_ARE = frozenset({int, date, type(None), Words})
"""Types of cells that the writer of CSV writes as `harmless` would."""


def harmless(value: object) -> str:
    """`value` as the text of a cell that no program takes for a formula: where one could, a ' stands before it."""
    if not isinstance(value, str):
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M")
        if isinstance(value, (int, float, date)):
            return str(value)
        value = str(value)
    text = value.replace("\x00", "")
    first = text.lstrip(SKIPPED_BY_PROGRAMS)[:1]
    return f"'{text}" if first in FORMULA_SIGNS else text


def words(value: object) -> Words:
    """`value` as the text of a cell that many rows have."""
    return Words(harmless(value))


def csv_parts(rows: Iterable[Sequence[Any]], *, language: str = "en") -> Iterator[str]:
    """A CSV file in parts, to be sent while it is made: byte order mark, every cell harmless, separator by language."""
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer, delimiter=SEPARATORS[language], lineterminator="\r\n")
    for number, row in enumerate(rows, start=1):
        writer.writerow(  # most cells are a name, a word, a number: those are looked at here, it is quicker
            [
                cell
                if (kind := type(cell)) in WRITTEN_AS_THEY_ARE
                or (kind is str and cell[:1].isalnum() and "\x00" not in cell)
                else harmless(cell)
                for cell in row
            ]
        )
        if number == 1 or number % ROWS_AT_ONCE == 0:  # the headings leave at once
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text

r"""Values as text and back: a row is a line of values between tabs, in the words of PostgreSQL's COPY.

The same row is the same line on every database: moments in UTC to the microsecond, `\N` for NULL, `\t`, `\n` and the
like for signs that would break a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from lms.core.database.rows.tables import Kind

NULL = r"\N"
_SIGNS = {"\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_SPECIAL = re.compile(r"[\\\x08-\x0d]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {written[1]: sign for sign, written in _SIGNS.items()}
_WHOLE = len("2026-01-01 00:00:00.000000")

Column = Sequence[Any]
Words = Sequence[str]


def escape(value: str) -> str:
    """Text as it stands in a line."""
    return _SPECIAL.sub(lambda found: _SIGNS[found[0]], value)


def unescape(value: str) -> str:
    """The text that `escape` wrote."""
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), value) if "\\" in value else value


def moment(value: str) -> str:
    """A moment of SQLite with all its digits."""
    return value if len(value) == _WHOLE else f"{value.replace('T', ' ')[:19]}.{value[20:26]:0<6}"


def plain_float(value: float) -> str:
    """A number as both databases write it in the end."""
    return repr(float(value))


def _written(write: Callable[[Any], str]) -> Callable[[Column], list[str]]:
    return lambda values: [NULL if value is None else write(value) for value in values]


def _read(read: Callable[[str], Any]) -> Callable[[Words], list[Any]]:
    return lambda values: [None if value == NULL else read(value) for value in values]


WRITE: Mapping[Kind, Callable[[Column], list[str]]] = MappingProxyType(
    {
        Kind.INTEGER: _written(str),
        Kind.BOOLEAN: _written(lambda value: "t" if value else "f"),
        Kind.FLOAT: _written(plain_float),
        Kind.TEXT: _written(escape),
        Kind.JSON: _written(escape),
        Kind.MOMENT: _written(moment),
        Kind.DATE: _written(str),
        Kind.BYTES: _written(lambda value: f"\\\\x{value.hex()}"),
    }
)
"""For each kind: a column of SQLite's values as words."""
READ: Mapping[Kind, Callable[[Words], list[Any]]] = MappingProxyType(
    {
        Kind.INTEGER: _read(int),
        Kind.BOOLEAN: _read(lambda word: int(word == "t")),
        Kind.FLOAT: _read(float),
        Kind.TEXT: _read(unescape),
        Kind.JSON: _read(unescape),
        Kind.MOMENT: _read(str),
        Kind.DATE: _read(str),
        Kind.BYTES: _read(lambda word: bytes.fromhex(word[3:])),
    }
)
"""For each kind: words as SQLite's values."""


def lines_of(kinds: Sequence[Kind], rows: Sequence[Sequence[Any]]) -> bytes:
    """Some rows (at least one) of SQLite as lines."""
    columns = [WRITE[kind](column) for kind, column in zip(kinds, zip(*rows, strict=True), strict=True)]
    return ("\n".join(map("\t".join, zip(*columns, strict=True))) + "\n").encode()


def rows_of(kinds: Sequence[Kind], lines: bytes) -> list[tuple[Any, ...]]:
    """Whole lines (at least one) as rows for SQLite. Raises ValueError when they are none of such a table."""
    split = [line.split("\t") for line in lines.decode()[:-1].split("\n")]
    columns = [READ[kind](column) for kind, column in zip(kinds, zip(*split, strict=True), strict=True)]
    return list(zip(*columns, strict=True))

"""What stands in a cell, as text."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

_SPACES = dict.fromkeys(
    (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000), " "
)
_NOTHING = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), None)
_TABLE: dict[int, str | None] = {**_SPACES, **_NOTHING}
_RUN = re.compile(" {2,}")


def text_of(value: CellValue) -> str:
    """The cell as text, spaces as they stand; whole numbers without a decimal point, dates as 2022-11-20."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int | timedelta):
        return str(value)
    return value.isoformat()


def plain(text: str) -> str:
    """`text` with every kind of space an ordinary one and invisible characters gone; nothing trimmed."""
    return text if text.isprintable() else text.translate(_TABLE)


def tidy(text: str) -> str:
    """`text` without spaces at its ends and with single spaces inside."""
    clean = plain(text).strip(" ")
    return _RUN.sub(" ", clean) if "  " in clean else clean


def is_blank(value: CellValue) -> bool:
    """Whether nothing can be seen in the cell."""
    if isinstance(value, str):
        return not value[:1].isalnum() and not plain(value).strip(" ")
    return value is None

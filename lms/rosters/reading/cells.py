"""What stands in a cell, as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lms.core.text import plain

CellValue = str | int | float | bool | date | datetime | time | timedelta | None


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


def is_blank(value: CellValue) -> bool:
    """Whether nothing can be seen in the cell."""
    if isinstance(value, str):
        return not value[:1].isalnum() and not plain(value).strip(" ")
    return value is None

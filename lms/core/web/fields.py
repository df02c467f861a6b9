"""Fields of forms that several rooms share: what cannot be read is refused in the reader's language."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from wtforms import DateField, IntegerField, TimeField
from wtforms.validators import Length

from lms.core.web.languages import lazy, number


def stripped(value: str | None) -> str:
    """What was typed, without blanks around it; each line break is one sign, as the browser counts it."""
    return (value or "").replace("\r\n", "\n").strip()


class AtMost(Length):  # type: ignore[misc]  # the library ships no types
    """Refuses text of more than so many signs, in the reader's language."""

    def __init__(self, signs: int, message: lazy | None = None) -> None:
        too_long = message or lazy("This is too long. Take at most %(n)s signs.", n=number(signs))
        super().__init__(max=signs, message=too_long)


class DayField(DateField):  # type: ignore[misc]  # the library ships no types
    """A date; a wrong one is refused in the reader's language, and stays as it was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)

    def __call__(self, **kwargs: Any) -> Markup:
        """The field; a plain one for what is no date: browsers empty a calendar's field then."""
        is_no_day = self.data is None and any(self.raw_data or ())
        shown: Markup = super().__call__(**({"type": "text", **kwargs} if is_no_day else kwargs))
        return shown

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what the browser sends (ISO), or what was typed where it has no calendar: `20.11.2026`."""
        typed = [value.strip() for value in valuelist]
        _read(super().process_formdata, typed, lazy("This is no date. Choose one, or type it as 2026-11-20."))

    def _value(self) -> str:
        written: str = self.data.isoformat() if self.data else super()._value()
        return written


class ClockField(TimeField):  # type: ignore[misc]  # the library ships no types
    """Hours and minutes; a wrong one is refused in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what the browser sends."""
        _read(super().process_formdata, valuelist, lazy("This is no time. Type it as 15:00."))


class WholeNumberField(IntegerField):  # type: ignore[misc]  # the library ships no types
    """A whole number; a wrong one is refused in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        _read(super().process_formdata, valuelist, lazy("This is no number. Type digits only."))


def _read(read: Any, typed: list[str], sentence: lazy) -> None:
    try:
        if any(typed):
            read(typed)
    except (ValueError, OverflowError) as wrong:
        raise ValueError(str(sentence)) from wrong

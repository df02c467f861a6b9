"""Fields of forms that several rooms share: what cannot be read is refused in the reader's language."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, Field, Form, IntegerField, TimeField
from wtforms.validators import Length, ValidationError

from lms.core.web.languages import _, lazy


def stripped(value: str | None) -> str:
    """What was typed, without blanks around it."""
    return (value or "").strip()


class AtMost(Length):  # type: ignore[misc]  # the library ships no types
    """At most so many signs; more are refused in the reader's language."""

    def __init__(self, signs: int) -> None:
        super().__init__(max=signs)

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse what is longer."""
        if len(field.data or "") > self.max:
            raise ValidationError(_("This is too long. Take at most %(n)s signs.", n=self.max))


class DayField(DateField):  # type: ignore[misc]  # the library ships no types
    """A date; a wrong one is refused in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what the browser sends (ISO)."""
        _read(super().process_formdata, valuelist, lazy("This is no date. Choose one, or type it as 2026-11-20."))


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

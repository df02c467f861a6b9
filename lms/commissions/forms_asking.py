"""A form that asks, of what was typed, whether it is meant so."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField


class AskingForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Asks once more before it is done. Whoever types something else is asked anew."""

    sure = BooleanField()
    asked = HiddenField()
    """Of what was typed it was asked whether it is meant so."""

    @property
    def is_sure(self) -> bool:
        """Whether what is typed now is meant so."""
        return bool(self.sure.data) and self.asked.data == self._typed

    def ask(self) -> None:
        """Ask it of what is typed now."""
        self.asked.data, self.sure.data = self._typed, False

    @property
    def _typed(self) -> str:
        raise NotImplementedError

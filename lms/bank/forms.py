"""Forms of the bank beside the editor: a case from below, an answer, a note."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from lms.bank.rules import LONGEST_TEXT
from lms.core.web.fields import AtMost, stripped
from lms.core.web.languages import lazy


def _area(label: lazy, said_when_empty: lazy) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[stripped],
        validators=[DataRequired(said_when_empty), AtMost(LONGEST_TEXT)],
        render_kw={"rows": 5},
    )


class CaseForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Something that happened at a commission."""

    happened = _area(lazy("What happened"), lazy("Write what happened."))
    done = _area(lazy("What was done"), lazy("Write what was done, or that nothing was."))
    question = _area(lazy("What you ask those above"), lazy("Write what you ask."))


class AnswerForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """An answer to whoever sent a case."""

    answer = _area(lazy("Answer"), lazy("Write the answer: the sender waits for it."))

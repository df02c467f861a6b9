"""Forms of papers: which to print, which day stands on one, why one is void."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from lms.core.web.fields import AtMost, DayField, WholeNumberField, stripped
from lms.core.web.languages import NAMES, lazy
from lms.papertests import words
from lms.papertests.keying import LONGEST_REASON

SELECT = {"class": "form-select"}


class PrintForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Beside the people who are ticked."""

    spare = WholeNumberField(lazy("Spare papers without a name, 0 to 20"), [Optional()], default=0)
    language = SelectField(
        lazy("Language of the spare papers"),
        choices=[SelectChoice(code, name) for code, name in NAMES.items()],
        render_kw=SELECT,
    )
    again = BooleanField(lazy("Print the same papers again"))


class DayForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """The day that stands on a paper."""

    written_on = DayField(lazy("Day that stands on the paper"), [Optional()])


class VoidForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Why a paper will never be keyed in."""

    because = SelectField(
        lazy("Reason"),
        [InputRequired(lazy("Choose the reason."))],
        choices=[SelectChoice("", lazy("Choose")), *(SelectChoice(one, said) for one, said in words.BECAUSE.items())],
        render_kw=SELECT,
    )


class CorrectForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Why what was keyed in is corrected."""

    reason = StringField(
        lazy("Why it is corrected"),
        [InputRequired(lazy("Say why it is corrected.")), AtMost(LONGEST_REASON)],
        filters=[stripped],
    )

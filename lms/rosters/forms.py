"""Forms about rosters."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired

from lms.core.web.fields import AtMost, stripped
from lms.core.web.languages import lazy

FULL = "full"
ADDITIONS = "additions"


class UploadForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A file or several, whose branch they are for, and what they list."""

    file = MultipleFileField(lazy("Files with rosters"), [FileRequired(lazy("Choose the file with the roster."))])
    commission = SelectField(lazy("The file is for the branch of"), coerce=int, render_kw={"class": "form-select"})
    lists = RadioField(
        lazy("What the file lists"),
        choices=[
            SelectChoice(FULL, lazy("Whole commissions: who is not listed any more is leaving")),
            SelectChoice(ADDITIONS, lazy("Only additions and changes: nobody is leaving")),
        ],
        default=FULL,
    )


class ExportForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Whose branch is taken out of the house, and why."""

    commission = SelectField(lazy("Branch of"), coerce=int, render_kw={"class": "form-select"})
    reason = TextAreaField(
        lazy("What the list is needed for"),
        [DataRequired(lazy("Say what the list is needed for.")), AtMost(500)],
        filters=[stripped],
        render_kw={"rows": "3"},
    )


class ApplyForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Apply an import; problem rows are left out, and many members leave, only if that is said."""

    leave_out_problems = BooleanField(lazy("Leave these rows out"))
    let_leave = BooleanField(lazy("These members leave their seats"))
    """Its label is put with the figures where it is shown."""

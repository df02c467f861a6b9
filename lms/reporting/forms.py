"""What is asked before a list of people leaves the house."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from lms.core.web.fields import AtMost, stripped
from lms.core.web.languages import lazy


class ExportForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Why a list of people is taken out of the house."""

    reason = TextAreaField(
        lazy("What the list is needed for"),
        [DataRequired(lazy("Say what the list is needed for.")), AtMost(500)],
        filters=[stripped],
        render_kw={"rows": "3"},
    )

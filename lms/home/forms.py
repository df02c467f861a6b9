"""Forms of the account page."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from lms.core.web.languages import NAMES, lazy


class LanguageForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """In which language a person learns."""

    language = RadioField(
        lazy("Language of learning"),
        [InputRequired(lazy("Choose a language."))],
        choices=[SelectChoice(value, name) for value, name in NAMES.items()],
    )

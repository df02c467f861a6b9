"""Forms of the account page and of calls."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from lms.core.web.fields import DayField, stripped
from lms.core.web.languages import NAMES, _, lazy
from lms.home.rules import Outcome

MOST_NOTE = 200


class LanguageForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """In which language a person learns."""

    language = RadioField(
        lazy("Language of learning"),
        [InputRequired(lazy("Choose a language."))],
        choices=[SelectChoice(value, name) for value, name in NAMES.items()],
    )


class ContactForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What came of a call."""

    outcome = RadioField(
        lazy("What came of it"),
        [InputRequired(lazy("Say whether you reached the person."))],
        choices=[
            SelectChoice(Outcome.REACHED.value, lazy("Reached")),
            SelectChoice(Outcome.NO_ANSWER.value, lazy("No answer")),
            SelectChoice(Outcome.PUT_BACK.value, lazy("Put back on the list")),
        ],
    )
    try_on = DayField(lazy("Try again on"), [Optional()])
    note = StringField(lazy("Note"), filters=[stripped])

    def validate_note(self, field: StringField) -> None:
        """Refuse what is too long for a note."""
        if len(field.data or "") > MOST_NOTE:
            raise ValidationError(_("Keep the note within %(n)s characters.", n=MOST_NOTE))

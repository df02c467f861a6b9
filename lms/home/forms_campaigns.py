"""Forms about campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from lms.core.web.fields import DayField, WholeNumberField, stripped
from lms.core.web.languages import lazy
from lms.curriculum.models import Course
from lms.curriculum.queries import find_newest_version
from lms.curriculum.words import title_of

NAME = [InputRequired(lazy("Type the name in all three languages.")), Length(max=120)]


class RulesForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """When a precinct is ready, and which courses count again."""

    percent = WholeNumberField(
        lazy("Per cent of the members who must have finished"),
        [InputRequired(lazy("Type a number from 1 to 100."))],
        render_kw={"inputmode": "numeric"},
    )
    counts = SelectMultipleField(lazy("Courses that count in the next campaign too"), coerce=int)

    def offer(self, courses: Sequence[Course]) -> None:
        """Offer these courses."""
        self.counts.choices = [SelectChoice(one.id, _title(one)) for one in courses]


class NextForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What is known of the next election."""

    code = StringField(
        lazy("Short code"),
        [
            InputRequired(lazy("Type a short code, as kz-2029.")),
            Length(max=40),
            Regexp("^[a-z0-9-]+$", message=lazy("Small Latin letters, digits and dashes only, as kz-2029.")),
        ],
        filters=[stripped],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
    kk = StringField(lazy("Name in Kazakh"), NAME, filters=[stripped])
    ru = StringField(lazy("Name in Russian"), NAME, filters=[stripped])
    en = StringField(lazy("Name in English"), NAME, filters=[stripped])
    called_on = DayField(lazy("Day on which the election was called"), [InputRequired(lazy("Choose the day."))])
    election_on = DayField(lazy("Election day"), [InputRequired(lazy("Choose the day."))])
    sure = BooleanField(
        lazy("The present campaign is over; close it for good"),
        [InputRequired(lazy("Tick this to close the present campaign and open the next one."))],
    )


def _title(course: Course) -> str:
    version = find_newest_version(course.id)
    return title_of(version) if version else course.code

"""Forms about campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Regexp, ValidationError

from lms.campaigns.queries import find_campaign
from lms.core import clock
from lms.core.web.fields import AtMost, DayField, WholeNumberField, stripped
from lms.core.web.languages import _, lazy
from lms.curriculum.models import Course
from lms.curriculum.queries import find_newest_version
from lms.curriculum.words import title_of

NAME = [InputRequired(lazy("Type the name in all three languages.")), AtMost(120)]


class RulesForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """The election's day, when a precinct is ready, and which courses count again."""

    election_on = DayField(lazy("Election day"), [InputRequired(lazy("Choose the day."))])
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
            AtMost(40),
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

    def validate_code(self, field: StringField) -> None:
        """One that no campaign had before."""
        if find_campaign(field.data or "") is not None:
            raise ValidationError(_("There was a campaign %(code)s already. Choose another code.", code=field.data))

    def validate_election_on(self, field: DayField) -> None:
        """A day to come, later than the call."""
        if field.data is None:
            return
        if field.data <= clock.today():
            raise ValidationError(_("This day is over or is today. Choose the day of the next election."))
        if self.called_on.data is not None and field.data <= self.called_on.data:
            raise ValidationError(_("The election is later than the day on which it was called. Check both dates."))

    sure = BooleanField(
        lazy("The present campaign is over; close it for good"),
        [InputRequired(lazy("Tick this to close the present campaign and open the next one."))],
    )


def _title(course: Course) -> str:
    version = find_newest_version(course.id)
    return title_of(version) if version else course.code

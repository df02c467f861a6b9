"""Forms of whoever opens a room and remarks on what happens there."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired

from lms.core.web.fields import AtMost, stripped
from lms.core.web.languages import _n, lazy
from lms.sittings import rules, words
from lms.sittings.actions import Plan

SELECT = {"class": "form-select"}


class OpenForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What whoever opens a room decides."""

    course = SelectField(
        lazy("Course"), [DataRequired(lazy("Choose a course."))], coerce=int, validate_choice=False, render_kw=SELECT
    )
    commission = SelectField(lazy("For the people of"), coerce=int, validate_choice=False, render_kw=SELECT)
    place = StringField(
        lazy("Place"),
        [InputRequired(lazy("Say where it is: the school and the room.")), AtMost(rules.LONGEST_PLACE)],
        filters=[stripped],
    )
    hours = SelectField(
        lazy("How long the code works"), coerce=int, validate_choice=False, default=rules.USUAL_HOURS, render_kw=SELECT
    )

    def offer(self, *, courses: Sequence[tuple[int, str]], commissions: Sequence[tuple[int, str]]) -> None:
        """Set what there is to choose from."""
        self.course.choices = [SelectChoice(*one) for one in courses]
        self.commission.choices = [SelectChoice(*one) for one in commissions]
        self.hours.choices = [
            SelectChoice(hours, _n("%(n)s hour", "%(n)s hours", hours)) for hours in range(1, rules.MOST_HOURS + 1)
        ]

    def plan(self) -> Plan:
        """What was decided, once the form is valid."""
        return Plan(
            course_id=self.course.data or 0,
            commission_id=self.commission.data or 0,
            place=self.place.data,
            hours=self.hours.data or 0,
        )


class RemarkForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What was seen of somebody's test."""

    kind = RadioField(
        lazy("What you saw"),
        [InputRequired(lazy("Choose what you saw."))],
        choices=[SelectChoice(code, words.REMARKS[code]) for code in rules.REMARKS],
    )
    note = StringField(
        lazy("In your own words, if you like"),
        [AtMost(rules.LONGEST_NOTE)],
        filters=[stripped],
    )

"""Forms of officers about tests: help, more time, late answers, more attempts, files, receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.assessment import words
from lms.assessment.helping import Terms
from lms.assessment.lengthening import Outage, Why
from lms.assessment.rules_time import MOST_MINUTES, MOST_PERCENT
from lms.core import clock
from lms.core.web.fields import AtMost, ClockField, DayField, WholeNumberField, stripped
from lms.core.web.languages import _, lazy

NOTE = [Length(max=300, message=lazy("This is too long. Take at most 300 signs."))]
SELECT = {"class": "form-select"}
NUMERIC = {"inputmode": "numeric"}


def choices(said: Mapping[str, lazy]) -> list[SelectChoice]:
    """The lines of a choice of reasons."""
    return [SelectChoice("", lazy("Choose")), *offered(said)]


def offered(said: Mapping[str, lazy]) -> list[SelectChoice]:
    """The lines of a choice, none of them empty."""
    return [SelectChoice(code, name) for code, name in said.items()]


class OfficerForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A decision, with its reason."""

    note = StringField(lazy("In your own words, if you like"), NOTE, filters=[stripped])

    def why(self) -> Why:
        """Why it was decided."""
        return Why(self.reason.data, self.note.data)

    def blame(self, sentence: str) -> None:
        """Say what was refused, over the whole form."""
        self.form_errors.append(sentence)


class HelpForm(OfficerForm):
    """What is given to a person or to a commission."""

    percent = WholeNumberField(
        lazy("More time, in per cent"),
        [Optional()],
        render_kw=NUMERIC,
    )
    minutes = WholeNumberField(
        lazy("More time, in minutes"),
        [Optional()],
        render_kw=NUMERIC,
    )
    helps = SelectMultipleField(
        lazy("Other help"),
        choices=offered(words.HELPS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = SelectField(
        lazy("Reason"),
        [InputRequired(lazy("Choose the reason."))],
        choices=choices(words.REASONS),
        render_kw=SELECT,
    )
    starts_on = DayField(lazy("First day"), [InputRequired(lazy("Choose the first day."))])
    ends_on = DayField(lazy("Last day, empty for the whole campaign"), [Optional()])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether all is well; what is wrong is said at once, each at its field."""
        good = super().validate(extra_validators)
        if not (
            self.percent.data or self.minutes.data or self.helps.data or self.percent.errors or self.minutes.errors
        ):
            self.percent.errors = [_("Say what is given: more time, or one of the other kinds of help.")]
            return False
        for field, most in ((self.percent, MOST_PERCENT), (self.minutes, MOST_MINUTES)):
            if field.data is not None and not 0 <= field.data <= most:
                field.errors, good = [_("Type a number from 0 to %(most)s.", most=most)], False
        return bool(good)

    def terms(self) -> Terms:
        """What is given."""
        return Terms(
            percent=self.percent.data or 0,
            minutes=self.minutes.data or 0,
            helps=tuple(self.helps.data or ()),
            reason=self.reason.data,
            note=self.note.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )


class TimeForm(OfficerForm):
    """More time for one test."""

    minutes = WholeNumberField(
        lazy("Minutes more"),
        [
            InputRequired(lazy("Type how many minutes.")),
        ],
        render_kw=NUMERIC,
    )
    reason = SelectField(
        lazy("Reason"), [InputRequired(lazy("Choose the reason."))], choices=choices(words.MORE), render_kw=SELECT
    )


class OutageForm(TimeForm):
    """More time for every test of a branch that an outage met."""

    day = DayField(lazy("Day of the outage"), [InputRequired(lazy("Choose the day."))])
    begins = ClockField(lazy("Begins at"), [InputRequired(lazy("Type when it began."))])
    ends = ClockField(lazy("Ends at"), [InputRequired(lazy("Type when it was over."))])
    reopen = BooleanField(lazy("Open those again whose time ran out meanwhile"))

    def outage(self, zone: str) -> Outage:
        """The stretch of time, by clocks in `zone`."""
        since, until = (
            datetime.combine(self.day.data, at, clock.zone(zone)) for at in (self.begins.data, self.ends.data)
        )
        return Outage(since, until)


class LateForm(OfficerForm):
    """Whether late answers count."""

    counts = RadioField(
        lazy("Decision"),
        [InputRequired(lazy("Choose whether they count."))],
        choices=offered({"yes": lazy("They count: the test is graded anew"), "no": lazy("They do not count")}),
    )
    reason = SelectField(
        lazy("Reason"), [InputRequired(lazy("Choose the reason."))], choices=choices(words.LATE), render_kw=SELECT
    )


class AttemptsForm(OfficerForm):
    """More attempts."""

    attempts = WholeNumberField(
        lazy("How many attempts more"),
        [
            InputRequired(lazy("Type how many attempts.")),
        ],
        default=1,
        render_kw=NUMERIC,
    )
    reason = SelectField(
        lazy("Reason"), [InputRequired(lazy("Choose the reason."))], choices=choices(words.GRANTED), render_kw=SELECT
    )


class RescueForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A file of saved answers."""

    file = FileField(lazy("The file"), [FileRequired(lazy("Choose the file that the test’s page saved."))])


class ReceiptForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A receipt code."""

    code = StringField(
        lazy("Receipt code"),
        [InputRequired(lazy("Type the code that stands on the page with the result.")), AtMost(60)],
        filters=[stripped],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )

"""The form of a workshop."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from lms.core.web.fields import AtMost, ClockField, DayField, WholeNumberField, stripped
from lms.core.web.languages import LANGUAGES, NAMES, lazy
from lms.workshops import rules
from lms.workshops.models import Workshop


class WorkshopForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Everything a trainer decides about a workshop."""

    course = SelectField(lazy("Course"), coerce=int, validate_choice=False)
    trainer = SelectField(lazy("Trainer"), coerce=int, validate_choice=False)
    day = DayField(lazy("Day"), [InputRequired(lazy("Choose the day."))])
    starts = ClockField(lazy("Begins at"), [InputRequired(lazy("Type when it begins."))])
    ends = ClockField(lazy("Ends at"), [InputRequired(lazy("Type when it ends."))])
    time_zone = SelectField(lazy("Time zone"), validate_choice=False)
    place = StringField(lazy("Place"), [AtMost(200)], filters=[stripped])
    link = StringField(
        lazy("Link, when it is held online"), [AtMost(500)], filters=[stripped], render_kw={"inputmode": "url"}
    )
    seats = WholeNumberField(
        lazy("Seats"),
        [
            InputRequired(lazy("Type how many seats there are.")),
        ],
        default=30,
        render_kw={"inputmode": "numeric"},
    )
    language = SelectField(
        lazy("Language of the workshop"),
        choices=[SelectChoice(one, NAMES[one]) for one in LANGUAGES],
        validate_choice=False,
    )
    commissions = SelectMultipleField(coerce=int, validate_choice=False)
    area = SelectField(lazy("Commissions below"), coerce=int, validate_choice=False)
    words = StringField(lazy("Number or part of the name"), [AtMost(80)], filters=[stripped])

    def offer(
        self,
        *,
        courses: Iterable[tuple[int, str]],
        trainers: Iterable[tuple[int, str]],
        zones: Iterable[str],
    ) -> None:
        """Set what there is to choose from."""
        self.course.choices = [SelectChoice(*one) for one in courses]
        self.trainer.choices = [SelectChoice(*one) for one in trainers]
        self.time_zone.choices = [SelectChoice(zone, zone) for zone in zones]

    def offer_areas(self, areas: Iterable[tuple[int, str]], area_id: int | None) -> None:
        """Set below which commissions one can look, and where one looks now."""
        self.area.choices, self.area.data = [SelectChoice(*one) for one in areas], area_id

    @property
    def chosen(self) -> frozenset[int]:
        """Ids of the commissions ticked."""
        return frozenset(self.commissions.data or ())

    def tick(self, commission_ids: Collection[int]) -> None:
        """Tick some commissions more."""
        self.commissions.data = sorted(self.chosen | set(commission_ids))

    def plan(self) -> rules.Plan:
        """What the trainer decided, once the form is valid."""
        return rules.Plan(
            course_id=self.course.data or 0,
            trainer_id=self.trainer.data or 0,
            day=self.day.data,
            starts=self.starts.data,
            ends=self.ends.data,
            time_zone=self.time_zone.data or "",
            place=self.place.data,
            link=self.link.data,
            seats=self.seats.data,
            language=self.language.data or "",
            commission_ids=self.chosen,
        )


def values_of(workshop: Workshop) -> dict[str, Any]:
    """A workshop as the form shows it."""
    starts = rules.to_local(workshop.starts_at, workshop.time_zone)
    ends = rules.to_local(workshop.ends_at, workshop.time_zone)
    return {
        "course": workshop.course_id,
        "trainer": workshop.trainer_id,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "time_zone": workshop.time_zone,
        "place": workshop.place,
        "link": workshop.link,
        "seats": workshop.seats,
        "language": workshop.language,
        "commissions": [one.id for one in workshop.invited],
    }

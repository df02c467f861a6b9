"""Forms about commissions themselves: a new one below, names, seats, where it stands, closing."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from lms.campaigns.queries import this_country
from lms.commissions import days
from lms.commissions.errors import WrongDay
from lms.commissions.forms_asking import AskingForm
from lms.commissions.models import Commission
from lms.commissions.names import constituency_names, precinct_names, territory_name
from lms.commissions.rules import NUMBERED, Territory, level_of, list_commonest_first
from lms.commissions.sizes import seats_fault, usual_seats
from lms.commissions.zones import zone_fault
from lms.core import clock
from lms.core.web.fields import AtMost, DayField, WholeNumberField, stripped
from lms.core.web.languages import LANGUAGES, lazy

LONGEST = AtMost(200)
NUMBERS = {"inputmode": "numeric"}


class NamesForm(AskingForm):
    """A commission's name in each language."""

    kk = StringField(lazy("Name in Kazakh"), [LONGEST], filters=[stripped])
    ru = StringField(lazy("Name in Russian"), [LONGEST], filters=[stripped])
    en = StringField(lazy("Name in English"), [LONGEST], filters=[stripped])
    sure = BooleanField(lazy("It is meant to have the same number or name"))

    @property
    def _typed(self) -> str:
        return "|".join(self.names().values())

    def names(self) -> dict[str, str]:
        """Language -> name."""
        return {language: self[language].data or "" for language in LANGUAGES}


class SeatsForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """How many seats, from which day on."""

    seats = WholeNumberField(lazy("Seats"), [InputRequired(lazy("Type how many seats there are."))], render_kw=NUMBERS)
    since = DayField(lazy("From which day"), [InputRequired(lazy("Choose the day from which it holds."))])


class MoveForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Under which commission it stands from a day on."""

    parent = StringField(
        lazy("Code of the commission above"),
        [InputRequired(lazy("Type the code of the commission under which it is to stand.")), LONGEST],
        filters=[stripped],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    since = DayField(lazy("From which day"), [InputRequired(lazy("Choose the day from which it holds."))])


class CloseForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """From which day on it is closed."""

    on = DayField(lazy("From which day"), [InputRequired(lazy("Choose the day from which it holds."))])


class PlaceForm(NamesForm):
    """A new commission below another one."""

    territory = SelectField(lazy("Kind of commission"), render_kw={"class": "form-select"})
    number = WholeNumberField(lazy("Number"), render_kw=NUMBERS)
    seats = WholeNumberField(
        lazy("Seats"),
        [InputRequired(lazy("Type how many seats there are."))],
        render_kw=NUMBERS,
    )
    since = DayField(lazy("From which day"), [Optional()])
    time_zone = StringField(lazy("Time zone"), [LONGEST], filters=[stripped], render_kw={"autocomplete": "off"})

    def __init__(self, parent: Commission, **values: Any) -> None:
        self._parent = parent
        kinds = list_commonest_first(parent.territory, constituencies=this_country().has_constituencies)
        super().__init__(**{"seats": usual_seats(level_of(kinds[0])), **values})
        self.territory.choices = [SelectChoice(one.value, territory_name(one)) for one in kinds]

    @property
    def _typed(self) -> str:
        return "|".join([self.territory.data or "", str(self.number.data), *self.names().values()])

    @property
    def kind(self) -> Territory:
        """What it is responsible for."""
        return Territory(self.territory.data)

    @property
    def is_numbered(self) -> bool:
        """Whether it is known by its number."""
        return level_of(self.kind) in NUMBERED

    @property
    def may_lack_number(self) -> bool:
        """Whether a kind is offered that takes the next free number."""
        kinds = (Territory(one.value) for one in self.territory.choices)
        return any(level_of(kind) not in NUMBERED for kind in kinds)

    def validate_number(self, field: WholeNumberField) -> None:
        """A precinct or a constituency is known by its number; others may take the next free one."""
        if field.raw_data and field.raw_data[0].strip():
            if field.data is not None and not 1 <= field.data <= 99_999:
                raise ValidationError(str(lazy("A number is from 1 to 99999.")))
        elif self.territory.data and self.is_numbered:
            raise ValidationError(str(lazy("Type the number of the precinct or constituency.")))

    def validate_seats(self, field: WholeNumberField) -> None:
        """As many as the country's rules know for the level."""
        if field.data is not None and self.territory.data in set(Territory):
            fault = seats_fault(level_of(self.kind), field.data, clock.today())
            if fault:
                raise ValidationError(fault)

    def validate_since(self, field: DayField) -> None:
        """A day on which the commission above was there, and no later than today."""
        if field.data:
            zone = self.time_zone.data if self.time_zone.data in available_timezones() else self._parent.time_zone
            try:
                days.check_made(self._parent, field.data, zone)
            except WrongDay as wrong:
                raise ValidationError(wrong.sentence) from wrong

    def validate_kk(self, field: StringField) -> None:
        """A precinct or a constituency is called by its number when no name is typed; others need one."""
        typed = self.names().values()
        if not self.territory.data or all(typed):
            return
        if not self.is_numbered:
            raise ValidationError(str(lazy("Type the name in all three languages.")))
        if any(typed):
            sentence = lazy(
                "Type the name in all three languages, or leave all three empty to have the number as its name."
            )
            raise ValidationError(str(sentence))

    def validate_time_zone(self, field: StringField) -> None:
        """A zone by its usual name, which the kind of commission may have."""
        if field.data and field.data not in available_timezones():
            raise ValidationError(str(lazy("There is no such time zone. Type it as Asia/Almaty or Europe/Berlin.")))
        if field.data and self.territory.data in set(Territory):
            fault = zone_fault(self.kind, field.data, self._parent.time_zone)
            if fault:
                raise ValidationError(fault)

    def full_names(self) -> dict[str, str]:
        """Language -> name, of a precinct or a constituency that was given none by its number."""
        typed = self.names()
        if not self.is_numbered or any(typed.values()):
            return typed
        if self.kind is Territory.CONSTITUENCY:
            return constituency_names(self.number.data or 0)
        return precinct_names(self.number.data or 0, abroad=self.kind is Territory.PRECINCT_ABROAD)

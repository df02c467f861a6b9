"""Forms about roles and seats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from lms.campaigns.numbers import read_typed
from lms.campaigns.queries import number_scheme, this_country
from lms.commissions.coming import DifferentName
from lms.commissions.errors import sentence_of
from lms.commissions.forms_asking import AskingForm
from lms.commissions.models import Appointment, ReserveEntry
from lms.commissions.names import kind_name, office_name, role_name
from lms.commissions.queries import find_seat_of
from lms.commissions.reserve import Waiting
from lms.commissions.rules import Act, Kind, Office, Role, SeatFault, find_act_fault
from lms.commissions.seating import Terms
from lms.core import clock
from lms.core.errors import CascadeError
from lms.core.web.fields import AtMost, DayField, WholeNumberField, stripped
from lms.core.web.languages import LANGUAGES, NAMES, _, current_language, lazy
from lms.people.actions import NewPerson
from lms.people.contacts import find_email, find_phone
from lms.people.models import Person
from lms.people.spelling import spell
from lms.people.vault import open_text
from lms.people.words import email_sentence, name_sentence, number_hint, phone_sentence

MOST_TURNS = 999
WHERE_A_DAY_BEGINS_FIRST = "Pacific/Kiritimati"
NAME = [AtMost(100, message=lazy("This is too long for a name."))]


class RoleForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A role at this commission, from when to when."""

    role = SelectField(
        lazy("Role"), [InputRequired(lazy("Choose a role."))], validate_choice=False, render_kw={"class": "form-select"}
    )
    first = DayField(lazy("First day"), [Optional()])
    last = DayField(lazy("Last day"), [Optional()])

    def offer(self, roles: list[Role]) -> None:
        """Offer these roles only."""
        self.role.choices = [(role.value, role_name(role)) for role in roles]

    @property
    def offered(self) -> set[str]:
        """The roles on offer."""
        return {value for value, _name in self.role.choices}

    def validate_role(self, field: SelectField) -> None:
        """A role that is not offered is refused with a sentence."""
        if field.data not in self.offered:
            raise ValidationError(_("You cannot give this role here. Choose one from the list."))


class GrantForm(RoleForm):
    """Give a role at this commission to an account."""

    login = StringField(
        lazy("Login of the person"),
        [InputRequired(lazy("Type the login of the person.")), AtMost(80)],
        render_kw={"autocapitalize": "none", "autocomplete": "off"},
    )


class ActForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """From which day a change of seat holds, and by which decision."""

    since = DayField(lazy("From which day"), [InputRequired(lazy("Choose the day from which it holds."))])
    act = StringField(
        lazy("Number of the decision"),
        [InputRequired(lazy("Type the number of the decision.")), AtMost(60)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    act_on = DayField(lazy("Date of the decision"), [InputRequired(lazy("Choose the date of the decision."))])

    def validate_since(self, field: DayField) -> None:
        """Days that cannot be are said together with what is wrong elsewhere; the rules look once more."""
        if field.data and field.data > clock.today(WHERE_A_DAY_BEGINS_FIRST):
            raise ValidationError(sentence_of(SeatFault.FUTURE, {}))

    def validate_act_on(self, field: DayField) -> None:
        """As above."""
        if field.data and self.since.data and (fault := find_act_fault(field.data, self.since.data)):
            raise ValidationError(sentence_of(fault, {}))

    def decision(self) -> Act:
        """The decision."""
        return Act(self.act.data, self.act_on.data)

    def blame(self, field: str, sentence: str) -> None:
        """Say on this field (or over the whole form, when there is none) what was refused."""
        if field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, sentence]
        else:
            self.form_errors.append(sentence)


class WithdrawForm(ActForm):
    """Take somebody off the reserve: by which decision, and why."""

    since = None  # type: ignore[assignment]  # it holds from today
    reason = StringField(
        lazy("Reason"),
        [InputRequired(lazy("Say in a few words why the person no longer waits.")), AtMost(300)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )

    def validate_act_on(self, field: DayField) -> None:
        """A decision that has been made."""
        if field.data and field.data > clock.today(WHERE_A_DAY_BEGINS_FIRST):
            raise ValidationError(sentence_of(SeatFault.FUTURE, {}))


class OfficeForm(ActForm):
    """Give a member another office."""

    office = SelectField(lazy("Office"), render_kw={"class": "form-select"})

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        offered = this_country().offices
        self.office.choices = [SelectChoice(one.value, office_name(one)) for one in Office if one.value in offered]

    def terms(self, **more: Any) -> Terms:
        """On what terms the seat is held from then on."""
        return Terms(self.since.data, Office(self.office.data), self.decision(), **more)


class ReasonForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Why personal data is asked for."""

    reason = StringField(
        lazy("Why you need it"),
        [InputRequired(lazy("Say in a few words why you need the whole number.")), AtMost(300)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


class NumberTyped(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """An identity number, as the field `number` of a form."""

    number_is_odd = False
    """Whether the number that was typed is taken and yet should be looked at once more."""

    def validate_number(self, field: StringField) -> None:
        """Refuse what is no identity number; blanks inside do not matter."""
        written, sentence = read_typed(field.data or "", for_somebody_new=True)
        if sentence:
            raise ValidationError(sentence)
        field.data, self.number_is_odd = written.number, written.is_odd

    @property
    def number_hint(self) -> str:
        """What an identity number looks like."""
        return number_hint(number_scheme())


class RenumberForm(NumberTyped):
    """The right identity number of somebody, and why it is corrected."""

    number = StringField(
        lazy("The right identity number"),
        filters=[stripped],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    reason = StringField(
        lazy("Why it is corrected"),
        [InputRequired(lazy("Say in a few words why the number is corrected.")), AtMost(300)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


class EnterNumberForm(RenumberForm):
    """The identity number of somebody who is known without one, and where it is known from."""

    number = StringField(
        lazy("Identity number"), filters=[stripped], render_kw={"inputmode": "numeric", "autocomplete": "off"}
    )
    reason = StringField(
        lazy("Where it is known from"),
        [InputRequired(lazy("Say in a few words where the number is known from.")), AtMost(300)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


class PersonForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What is known of a person."""

    surname = StringField(
        lazy("Surname"), [InputRequired(lazy("Type the surname.")), *NAME], render_kw={"autocomplete": "off"}
    )
    given_name = StringField(
        lazy("Given name"), [InputRequired(lazy("Type the given name.")), *NAME], render_kw={"autocomplete": "off"}
    )
    patronymic = StringField(lazy("Patronymic, if there is one"), NAME, render_kw={"autocomplete": "off"})
    phone = StringField(
        lazy("Phone, if there is one"), filters=[stripped], render_kw={"inputmode": "tel", "autocomplete": "off"}
    )
    language = RadioField(
        lazy("Language of learning"), choices=[SelectChoice(one, NAMES[one]) for one in LANGUAGES], default="kk"
    )

    def validate_surname(self, field: StringField) -> None:
        """Put right what needs no guess, refuse what is no name."""
        spelling = spell(field.data or "")
        if spelling.fault:
            raise ValidationError(name_sentence(spelling.fault))
        field.data = spelling.text

    validate_given_name = validate_surname
    validate_patronymic = validate_surname

    def validate_phone(self, field: StringField) -> None:
        """Refuse what is no phone number; none at all is good."""
        plan = this_country().phone
        phone = find_phone(field.data or "", plan)
        if field.data and phone is None:
            raise ValidationError(phone_sentence(plan))
        field.data = phone or ""

    def known(self) -> dict[str, str]:
        """Field -> what was typed."""
        names = ("surname", "given_name", "patronymic", "phone", "language")
        return {name: self._fields[name].data or "" for name in names}


class CorrectionForm(PersonForm):
    """What is known better now of a person."""

    email = StringField(lazy("E-mail, if there is one"), [AtMost(254)], filters=[stripped])

    def validate_email(self, field: StringField) -> None:
        """Refuse what is no address; none at all is good."""
        email = find_email(field.data or "")
        if field.data and email is None:
            raise ValidationError(email_sentence())
        field.data = email or ""

    def known(self) -> dict[str, str]:
        """Field -> what was typed."""
        return {**super().known(), "email": self.email.data or ""}


class NewHolderForm(PersonForm, RoleForm, AskingForm):
    """Somebody new who holds a role and no seat."""

    sure = BooleanField(lazy("It is somebody else: bring in a new person"))
    may_be: Sequence[Person] = ()
    """Who is known already and may be the one, as far as the reader reaches them."""

    @property
    def _typed(self) -> str:
        return "|".join(self.known()[name] for name in ("surname", "given_name", "patronymic", "phone"))


class NumberForm(PersonForm, NumberTyped):
    """A person who is known, or found, by the identity number. No language is chosen beforehand: whoever is known keeps
    theirs unless another one is chosen."""

    language = RadioField(lazy("Language of learning"), default="")
    number = StringField(
        lazy("Identity number"), filters=[stripped], render_kw={"inputmode": "numeric", "autocomplete": "off"}
    )

    rename = BooleanField(lazy("What I typed is right: correct the name that is known"))
    sits: Appointment | None = None
    """The seat of whoever the number is of, where that is why they cannot come and the reader looks after it."""
    asked = HiddenField()
    """Of what was typed it was asked whether the known name is to be corrected."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        unchosen = _("As it is known; of somebody new: %(language)s", language=NAMES[current_language()])
        self.language.choices = [
            SelectChoice("", unchosen),
            *(SelectChoice(one, NAMES[one]) for one in LANGUAGES),
        ]

    @property
    def renames(self) -> bool | None:
        """Whether a known name is to be corrected to what was typed; None while that was not asked."""
        return bool(self.rename.data) if self.asked.data == self._typed else None

    def ask(self) -> None:
        """Ask it of what is typed now."""
        self.asked.data, self.rename.data = self._typed, False

    @property
    def _typed(self) -> str:
        parts = (self.surname, self.given_name, self.patronymic)
        return "|".join([(self.number.data or "")[-4:], *(part.data or "" for part in parts)])

    def coming(self) -> NewPerson:
        """Who comes."""
        return NewPerson(number=self.number.data or "", **self.known())


class NewcomerForm(OfficeForm, NumberForm):
    """Who comes to a seat, and on what terms. `entry`: whoever comes out of the reserve, whose number nobody types."""

    kind = RadioField(lazy("How the member comes"), default=Kind.ELECTED.value)
    nominated_by = StringField(lazy("Nominated by"), [AtMost(200)], filters=[stripped])

    def __init__(self, *, entry: ReserveEntry | None = None, **values: Any) -> None:
        self.entry = entry
        super().__init__(**{**values, **(_known_of(entry) if entry else {})})
        self.kind.choices = [SelectChoice(one.value, kind_name(one)) for one in Kind]

    def validate_number(self, field: StringField) -> None:
        """Out of the reserve comes whoever waits there; otherwise refuse what is no identity number."""
        if self.entry is None:
            super().validate_number(field)
        elif self.entry.person.number_encrypted:
            field.data = open_text(self.entry.person.number_encrypted)

    def seat_terms(self) -> Terms:
        """On what terms they come."""
        return self.terms(kind=Kind(self.kind.data), nominated_by=self.nominated_by.data or "")


class ReserveForm(ActForm, NumberForm):
    """Who waits for a seat, named by whom, by which decision, from when to when."""

    nominated_by = StringField(
        lazy("Nominated by"),
        [InputRequired(lazy("Type the body that nominates this person.")), AtMost(200)],
        filters=[stripped],
    )
    until = DayField(lazy("Until which day"), [Optional()])
    turn = WholeNumberField(lazy("Turn"), [Optional()], render_kw={"inputmode": "numeric"})

    def validate_turn(self, field: WholeNumberField) -> None:
        """Turns are counted from one."""
        if field.data is not None and not 1 <= field.data <= MOST_TURNS:
            raise ValidationError(_("A turn is from 1 to %(n)s.", n=MOST_TURNS))

    def waiting(self) -> Waiting:
        """On what terms the person waits."""
        body, turn = self.nominated_by.data, self.turn.data
        return Waiting(body, self.since.data, self.decision(), self.until.data, turn)


def take_refusal(form: NewcomerForm | ReserveForm, refusal: CascadeError) -> None:
    """Say on the form what was refused. Where it is a question about the name, put it; where somebody sits already, say
    who it is."""
    form.blame(getattr(refusal, "field", ""), refusal.sentence)
    if isinstance(refusal, DifferentName):
        form.ask()
    form.sits = find_seat_of(getattr(refusal, "sits", 0))


def _known_of(entry: ReserveEntry) -> dict[str, str]:
    person = entry.person
    names = ("surname", "given_name", "patronymic", "phone", "language")
    return {**{name: getattr(person, name) for name in names}, "nominated_by": entry.nominated_by}

"""Forms about roles."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from lms.commissions.names import role_name
from lms.commissions.rules import Role
from lms.core.web.fields import DayField
from lms.core.web.languages import _, lazy


class GrantForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Give a role at this commission to an account."""

    role = SelectField(
        lazy("Role"), [InputRequired(lazy("Choose a role."))], validate_choice=False, render_kw={"class": "form-select"}
    )
    login = StringField(
        lazy("Login of the person"),
        [InputRequired(lazy("Type the login of the person.")), Length(max=80)],
        render_kw={"autocapitalize": "none", "autocomplete": "off"},
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

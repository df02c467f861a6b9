"""Forms about roles."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from lms.commissions.names import role_name
from lms.commissions.rules import Role
from lms.core.web.languages import lazy


class GrantForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Give a role at this commission to an account."""

    role = SelectField(lazy("Role"), [InputRequired()], render_kw={"class": "form-select"})
    login = StringField(
        lazy("Login of the person"),
        [InputRequired(lazy("Type the login of the person.")), Length(max=80)],
        render_kw={"autocapitalize": "none", "autocomplete": "off"},
    )

    def offer(self, roles: list[Role]) -> None:
        """Offer these roles only."""
        self.role.choices = [(role.value, role_name(role)) for role in roles]

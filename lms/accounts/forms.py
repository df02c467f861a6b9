"""Forms of signing in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from lms.core.web.languages import lazy


class SignInForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Login and the code from the slip, or the password."""

    login = StringField(
        lazy("Login"),
        [InputRequired(lazy("Type the login from your slip.")), Length(max=80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    secret = PasswordField(
        lazy("Password, or the code from the slip"),
        [InputRequired(lazy("Type your password, or the code from your slip.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A new password, twice; whoever has one already types that first."""

    current = PasswordField(
        lazy("Password that you have now"),
        [InputRequired(lazy("Type the password that you have now.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        lazy("New password"),
        [InputRequired(lazy("Type a new password."))],
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        lazy("The same password once more"),
        [InputRequired(lazy("Type the password once more."))],
        render_kw={"autocomplete": "new-password"},
    )


class SixDigitsForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """The six digits that the person's device shows now."""

    code = StringField(
        lazy("Six digits"),
        [InputRequired(lazy("Type the six digits.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

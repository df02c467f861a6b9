"""Forms of signing in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from lms.core.web.fields import AtMost
from lms.core.web.languages import lazy


class SignInForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Login and the code from the slip, or the password."""

    login = StringField(
        lazy("Login"),
        [InputRequired(lazy("Type the login from your slip.")), AtMost(80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    secret = PasswordField(
        lazy("Password, or the code from the slip"),
        [InputRequired(lazy("Type your password, or the code from your slip.")), AtMost(200)],
        render_kw={"autocomplete": "current-password"},
    )


class PresentPasswordForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """The present password, before anything is changed by which somebody signs in."""

    current = PasswordField(
        lazy("Password that you have now"),
        [InputRequired(lazy("Type the password that you have now.")), AtMost(200)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(PresentPasswordForm):
    """A new password, twice; whoever has one already types that first."""

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
        [InputRequired(lazy("Type the six digits.")), AtMost(20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class AppForm(SixDigitsForm, PresentPasswordForm):
    """The six digits of an app that is to be kept; on *My account* with the present password."""


class PasskeyForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What the browser's authenticator answered; a script writes it."""

    answer = HiddenField(validators=[InputRequired(), Length(max=20_000)])


class NewPasskeyForm(PasskeyForm, PresentPasswordForm):
    """A passkey that is to be kept, and what the person calls it."""

    answer = HiddenField(
        validators=[
            InputRequired(lazy("A passkey needs JavaScript, which is switched off in this browser.")),
            Length(max=20_000),
        ]
    )
    passkey_name = StringField(lazy("What you call it"), [AtMost(60)], render_kw={"autocomplete": "off"})


class RecoveryCodeForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """One of the recovery codes."""

    code = StringField(
        lazy("Recovery code"),
        [InputRequired(lazy("Type one of your recovery codes.")), AtMost(40)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

"""Forms about certificates."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from lms.core.web.fields import AtMost
from lms.core.web.languages import lazy


class WithdrawForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Why a certificate is withdrawn."""

    reason = TextAreaField(
        lazy("Reason, with the number and date of the decision"),
        [InputRequired(lazy("Say why the certificate is withdrawn.")), AtMost(500)],
        render_kw={"rows": "3"},
    )


class CodeForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """The code printed on a certificate."""

    class Meta:
        """Looking something up changes nothing, so the form needs no token."""

        csrf = False

    code = StringField(
        lazy("Code from the certificate"),
        [InputRequired(lazy("Type the code that stands behind /verify/ on the certificate.")), AtMost(80)],
        render_kw={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"},
    )

"""What a demo installation says on its sign-in pages."""

from __future__ import annotations

import pyotp
from flask import render_template
from markupsafe import Markup

from lms.accounts.models import Account
from lms.campaigns.queries import is_demo
from lms.core import clock
from lms.people.vault import open_text


def demo_note() -> Markup:
    """The sign-ins to try, one for each kind of person; nothing outside demo installations."""
    if not is_demo():
        return Markup("")
    return Markup(render_template("demo/note.html"))  # noqa: S704 - our own template


def demo_second_factor(account: Account) -> Markup:
    """The six digits that a demo person's device would show now; nothing outside demo installations."""
    if not is_demo() or account.totp_encrypted is None:
        return Markup("")
    digits = pyotp.TOTP(open_text(account.totp_encrypted)).at(clock.now())
    return Markup(render_template("demo/second_factor.html", digits=digits))  # noqa: S704 - our own template

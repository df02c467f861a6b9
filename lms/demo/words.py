"""What a demo installation says on its sign-in pages."""

from __future__ import annotations

import pyotp
from flask import render_template
from markupsafe import Markup

from lms.accounts.models import Account
from lms.campaigns.queries import is_demo
from lms.core import clock
from lms.core.web.languages import _
from lms.demo.sign_ins import list_shown
from lms.people.vault import open_text


def demo_note() -> Markup:
    """The sign-ins to try, one for each kind of person; nothing outside demo installations."""
    if not is_demo():
        return Markup("")
    page = render_template("demo/note.html", sign_ins=list_shown(), kind_name=kind_name)
    return Markup(page)  # noqa: S704 - our own template


def kind_name(kind: str) -> str:
    """What a kind of person is called, with what they do in a few words."""
    return {
        "member": _("Member of a precinct commission: learns"),
        "chair": _("Chair of a precinct commission: sees who has finished"),
        "trainer": _("Trainer: holds workshops"),
        "territorial_officer": _("Territorial officer: looks after a region"),
        "methodologist": _("Methodologist: publishes courses"),
        "cec_administrator": _("CEC administrator: sees everything"),
    }[kind]


def demo_second_factor(account: Account) -> Markup:
    """The six digits that a demo person's device would show now; nothing outside demo installations."""
    if not is_demo() or account.totp_encrypted is None:
        return Markup("")
    digits = pyotp.TOTP(open_text(account.totp_encrypted)).at(clock.machine_time())
    return Markup(render_template("demo/second_factor.html", digits=digits))  # noqa: S704 - our own template

"""What kinds, levels and states of certificates are called, and what a stranger is told of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lms.certificates import rules
from lms.certificates.facts import Facts
from lms.certificates.models import Certificate
from lms.commissions.names import level_name
from lms.core.web.languages import _, pick


@dataclass(frozen=True)
class Shown:
    """What anyone may know of a certificate. Nothing else leaves."""

    kind: str
    number: str
    holder: str
    course: str
    level: str
    issued_on: date
    status: rules.Status
    demo: bool


def shown_of(certificate: Certificate, today: date) -> Shown:
    """What the check page tells."""
    facts = cast(Facts, certificate.facts)
    return Shown(
        kind=kind_name(certificate.kind),
        number=certificate.number,
        holder=facts["masked"],
        course=pick(facts["course"]),
        level=level_name(facts["level"]),
        issued_on=certificate.issued_on,
        status=rules.status_of(certificate.withdrawn_at, certificate.valid_until, today),
        demo=facts["demo"],
    )


def kind_name(kind: str) -> str:
    """What a kind of certificate is called."""
    return {"qualification": _("certificate of training completed"), "attendance": _("certificate of attendance")}[kind]


def status_name(status: str) -> str:
    """Whether a certificate holds, in a word."""
    return {"valid": _("valid"), "expired": _("expired"), "withdrawn": _("withdrawn")}[status]


def field_name(name: str) -> str:
    """What a fact of a certificate is called."""
    return {
        "signature": _("the signature"),
        "demo": _("the DEMO mark"),
        "kind": _("kind"),
        "number": _("number"),
        "holder": _("holder"),
        "course": _("course"),
        "commission": _("commission"),
        "level": _("level of the commission"),
        "hours": _("hours"),
        "score": _("test result"),
        "workshop_on": _("day of the workshop"),
        "issued_on": _("day of issue"),
        "valid_until": _("valid until"),
        "facts": _("a fact that the code does not spell out (name, commission, hours, result or dates)"),
    }.get(name, name)

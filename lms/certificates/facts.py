"""Everything a certificate says, gathered when it is issued and never changed afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from sqlalchemy import func, select

from lms.campaigns.queries import is_demo
from lms.certificates import rules
from lms.commissions.models import Appointment, Commission
from lms.commissions.queries import find_central, find_seat_of
from lms.core.database.base import db
from lms.core.web.languages import LANGUAGES
from lms.curriculum.models import Module
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import TEST, WORKSHOP

Texts = dict[str, str]
"""language -> words"""


class Facts(TypedDict):
    """What is printed, and by what it can be checked."""

    demo: bool
    kind: str
    number: str
    holder: str
    """Full name as in the roster."""
    masked: str
    issuer: Texts
    course: Texts
    course_code: str
    version: int
    level: str
    commission: Texts
    """The holder's commission and the one above it; empty when the holder had no seat."""
    hours: int
    """Academic hours."""
    right: float | None
    """What the answers of the test were worth, in questions."""
    """Right answers in the test; None when unknown."""
    total: int | None
    workshop_on: str
    """ISO date, or empty."""
    issued_on: str
    valid_until: str


def gather(enrolment: Enrolment, *, issued_on: date) -> tuple[Facts, Appointment | None]:
    """The facts of a completed enrolment, and the holder's seat."""
    person, version = enrolment.person, enrolment.version
    seat = find_seat_of(person.id)
    central = find_central()
    level = seat.commission.level if seat else version.level
    done = _details(enrolment)
    facts = Facts(
        demo=is_demo(),
        kind=rules.Kind.QUALIFICATION,
        number=rules.number_of(central.code if central else "KZ", issued_on.year, level, enrolment.id),
        holder=person.full_name,
        masked=rules.masked_name(person.surname, person.given_name, person.patronymic),
        issuer=_names(central),
        course={text.language: text.title for text in version.texts},
        course_code=version.course.code,
        version=version.number,
        level=level,
        commission=_place(seat.commission) if seat else {},
        hours=_hours(enrolment, done),
        right=done.get(TEST, {}).get("right"),
        total=done.get(TEST, {}).get("total"),
        workshop_on=done.get(WORKSHOP, {}).get("on", ""),
        issued_on=issued_on.isoformat(),
        valid_until=rules.valid_until(issued_on).isoformat(),
    )
    return facts, seat


def claim_of(facts: Facts) -> rules.Claim:
    """What the QR says of these facts."""
    return rules.Claim(
        demo=facts["demo"],
        kind=facts["kind"],
        number=facts["number"],
        holder=facts["masked"],
        course=facts["course_code"],
        level=facts["level"],
        issued_on=date.fromisoformat(facts["issued_on"]),
        digest=rules.digest_of(facts),
    )


def _details(enrolment: Enrolment) -> dict[str, dict[str, Any]]:
    rows = db.session.execute(
        select(CompletedActivity.activity, CompletedActivity.details).where(
            CompletedActivity.enrolment_id == enrolment.id
        )
    )
    return {row[0]: row[1] or {} for row in rows}


def _hours(enrolment: Enrolment, done: dict[str, dict[str, Any]]) -> int:
    """Reading, test and workshop together."""
    reading = db.session.scalar(select(func.sum(Module.minutes)).where(Module.version_id == enrolment.version_id)) or 0
    test = enrolment.version.test.get("minutes", 0)
    workshop = done.get(WORKSHOP, {}).get("minutes", 0)
    return rules.academic_hours(int(reading) + int(test) + int(workshop))


def _place(commission: Commission) -> Texts:
    """Own name and the name of the commission above: precinct numbers repeat in every district."""
    parent = db.session.get(Commission, commission.parent_id) if commission.parent_id else None
    own, above = _names(commission), _names(parent)
    return {one: ", ".join(dict.fromkeys(filter(None, (own.get(one), above.get(one))))) for one in LANGUAGES}


def _names(commission: Commission | None) -> Texts:
    return {row.language: row.name for row in commission.names} if commission else {}

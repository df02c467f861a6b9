"""Certificates of those in a demo who have finished: issued on their day, laid out only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row, Select, func, select

from lms.certificates import rules
from lms.certificates.facts import Facts, Texts, claim_of
from lms.certificates.keys import signing_key
from lms.certificates.models import Certificate
from lms.certificates.signing import sign_claim
from lms.commissions.models import Appointment, Commission, CommissionName
from lms.commissions.queries import find_central
from lms.core.clock import CAPITAL
from lms.core.database.base import db
from lms.core.database.bulk import reserve_ids, write_rows
from lms.core.web.languages import LANGUAGES
from lms.curriculum.models import CourseVersion, Module
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import TEST, WORKSHOP
from lms.people.models import Person

AT_ONCE = 500
ZONE = ZoneInfo(CAPITAL)
COLUMNS = (
    "id", "campaign_id", "enrolment_id", "person_id", "commission_id", "kind", "number", "code", "facts", "payload",
    "issued_on", "valid_until",
)  # fmt: skip
Details = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Common:
    """What many certificates say alike."""

    course_code: str
    version: int
    minutes: int
    """Of reading and the test."""
    course: Texts
    issuer: Texts
    country: str
    places: dict[int, Texts]
    """Commission with the one above it, by id."""
    levels: dict[int, str]
    key: Ed25519PrivateKey


def issue_certificates(campaign_id: int, version: CourseVersion, progress: Callable[[int, int], None]) -> None:
    """A certificate for everyone who has finished, with what `certificates.facts.gather` would say."""
    statement = _finished(campaign_id)
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    common, details = _gather_common(version), _gather_details(campaign_id)
    first = reserve_ids(Certificate, total)
    found = db.session.execute(statement).all()

    def rows() -> Iterator[Sequence[Any]]:
        for done, row in enumerate(found):
            yield first + done, campaign_id, *_certificate(row, common, details.get(row.id, {}))
            if done % AT_ONCE == 0:
                progress(done, total)

    write_rows(Certificate, COLUMNS, rows())
    progress(total, total)


def _finished(campaign_id: int) -> Select[Any]:
    return (
        select(
            Enrolment.id, Enrolment.person_id, Enrolment.completed_at, Appointment.commission_id,
            Person.surname, Person.given_name, Person.patronymic,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Appointment, (Appointment.person_id == Person.id) & Appointment.ends_on.is_(None))
        .where(Enrolment.campaign_id == campaign_id, Enrolment.completed_at.is_not(None))
        .order_by(Enrolment.completed_at, Enrolment.id)
    )  # fmt: skip


def _certificate(row: Row[Any], common: Common, done: Details) -> Sequence[Any]:
    issued_on: date = row.completed_at.astimezone(ZONE).date()
    facts = _facts(row, common, done, issued_on)
    return (
        row.id, row.person_id, row.commission_id, facts["kind"], facts["number"], rules.new_code(), facts,
        sign_claim(claim_of(facts), common.key), issued_on, rules.valid_until(issued_on),
    )  # fmt: skip


def _facts(row: Row[Any], common: Common, done: Details, issued_on: date) -> Facts:
    level = common.levels[row.commission_id]
    return Facts(
        demo=True,
        kind=rules.Kind.QUALIFICATION.value,
        number=rules.number_of(common.country, issued_on.year, level, row.id),
        holder=" ".join(part for part in (row.surname, row.given_name, row.patronymic) if part),
        masked=rules.masked_name(row.surname, row.given_name, row.patronymic),
        issuer=common.issuer,
        course=common.course,
        course_code=common.course_code,
        version=common.version,
        level=level,
        commission=common.places[row.commission_id],
        hours=rules.academic_hours(common.minutes + int(done.get(WORKSHOP, {}).get("minutes", 0))),
        right=done.get(TEST, {}).get("right"),
        total=done.get(TEST, {}).get("total"),
        workshop_on=done.get(WORKSHOP, {}).get("on", ""),
        issued_on=issued_on.isoformat(),
        valid_until=rules.valid_until(issued_on).isoformat(),
    )


def _gather_common(version: CourseVersion) -> Common:
    names = _names_by_commission()
    commissions = db.session.execute(select(Commission.id, Commission.parent_id, Commission.level)).all()
    central = find_central()
    reading = db.session.scalar(select(func.sum(Module.minutes)).where(Module.version_id == version.id)) or 0
    return Common(
        course_code=version.course.code,
        version=version.number,
        minutes=int(reading) + int(version.test.get("minutes", 0)),
        course={text.language: text.title for text in version.texts},
        issuer=names[central.id] if central else {},
        country=central.code if central else "KZ",
        places={row.id: _place(names[row.id], names.get(row.parent_id, {})) for row in commissions},
        levels={row.id: row.level for row in commissions},
        key=signing_key(),
    )


def _names_by_commission() -> dict[int, Texts]:
    names: dict[int, Texts] = {}
    rows = db.session.execute(
        select(CommissionName.commission_id, CommissionName.language, CommissionName.name).order_by(
            CommissionName.commission_id, CommissionName.language
        )
    )
    for commission_id, language, name in rows:
        names.setdefault(commission_id, {})[language] = name
    return names


def _place(own: Texts, above: Texts) -> Texts:
    """Own name and the name of the commission above."""
    return {one: ", ".join(dict.fromkeys(filter(None, (own.get(one), above.get(one))))) for one in LANGUAGES}


def _gather_details(campaign_id: int) -> dict[int, Details]:
    """What is known of tests and workshops, by enrolment; of imported history nothing is."""
    rows = db.session.execute(
        select(CompletedActivity.enrolment_id, CompletedActivity.activity, CompletedActivity.details)
        .join(Enrolment, Enrolment.id == CompletedActivity.enrolment_id)
        .where(
            Enrolment.campaign_id == campaign_id,
            Enrolment.imported_at.is_(None),
            CompletedActivity.activity.in_((TEST, WORKSHOP)),
        )
    )
    found: dict[int, Details] = {}
    for enrolment_id, activity, details in rows:
        found.setdefault(enrolment_id, {})[activity] = details or {}
    return found

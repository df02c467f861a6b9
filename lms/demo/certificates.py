"""Certificates of those in the demo region who have finished: issued on their day, laid out only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lms.campaigns.models import Installation
from lms.certificates import rules
from lms.certificates.facts import claim_of, gather
from lms.certificates.keys import signing_key
from lms.certificates.models import Certificate
from lms.certificates.signing import sign_claim
from lms.commissions.models import Commission
from lms.core.database.base import db
from lms.core.database.bulk import insert_many
from lms.demo.country import ZONE
from lms.learning.models import Enrolment

AT_ONCE = 100


def issue_certificates(campaign_id: int, progress: Callable[[int, int], None]) -> None:
    """A certificate for everyone who has finished."""
    known = [
        *db.session.scalars(select(Commission).options(selectinload(Commission.names))),
        db.session.get(Installation, 1),
    ]
    enrolments = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.campaign_id == campaign_id, Enrolment.completed_at.is_not(None))
        .options(joinedload(Enrolment.person), joinedload(Enrolment.version))
        .order_by(Enrolment.completed_at, Enrolment.id)
    ).all()
    rows = []
    with db.session.no_autoflush:
        for done, enrolment in enumerate(enrolments, start=1):
            rows.append(_row(enrolment))
            if done % AT_ONCE == 0 or done == len(enrolments):
                progress(done, len(enrolments))
    insert_many(Certificate, rows)
    known.clear()  # held until here, so that each is read once


def _row(enrolment: Enrolment) -> dict[str, Any]:
    if enrolment.completed_at is None:
        raise ValueError("not finished")
    day = enrolment.completed_at.astimezone(ZoneInfo(ZONE)).date()
    facts, seat = gather(enrolment, issued_on=day)
    return {
        "campaign_id": enrolment.campaign_id,
        "enrolment_id": enrolment.id,
        "person_id": enrolment.person_id,
        "commission_id": seat.commission_id if seat else None,
        "kind": facts["kind"],
        "number": facts["number"],
        "code": rules.new_code(),
        "facts": dict(facts),
        "payload": sign_claim(claim_of(facts), signing_key()),
        "issued_on": day,
        "valid_until": rules.valid_until(day),
        "withdrawn_because": "",
    }

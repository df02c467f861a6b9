"""Attempts beyond those of the course: after a workshop, or by an officer's decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, func, select

from lms.assessment import queries, rules
from lms.assessment.lengthening import Why, noted
from lms.assessment.models import AttemptGrant
from lms.assessment.permissions import check_not_own, find_chance
from lms.assessment.rules import Hindrance
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.curriculum.settings import TestSettings
from lms.learning.models import Enrolment
from lms.learning.queries import find_enrolment

MOST = 5
"""Attempts that one decision gives."""


class Attended(Protocol):
    """What of a workshop matters here: that somebody was there, or was ticked by mistake."""

    @property
    def workshop_id(self) -> int:
        """Which workshop."""

    @property
    def campaign_id(self) -> int:
        """Of which campaign."""

    @property
    def course_id(self) -> int:
        """Of which course."""

    @property
    def person_id(self) -> int:
        """Who was there."""

    @property
    def held_at(self) -> datetime:
        """When it began."""

    @property
    def by(self) -> Actor:
        """Who ticked."""


def grant_attempts(*, enrolment: Enrolment, attempts: int, why: Why, by: Scope) -> AttemptGrant:
    """An officer's grant of further attempts. Refused while some are left, while one goes on, or when the test is
    passed; Forbidden for oneself."""
    if not 1 <= attempts <= MOST:
        raise Refused(_("Type a number of attempts from 1 to %(most)s.", most=MOST))
    check_not_own(by, enrolment)
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    chance = find_chance(enrolment, queries.list_attempts(enrolment.id))
    if chance.hindrance is not Hindrance.USED_UP:
        raise Refused(_("More attempts are given when every attempt is used and none of them was passed."))
    given = select(func.count(AttemptGrant.id)).where(AttemptGrant.enrolment_id == enrolment.id)
    source = f"officer:{(db.session.scalar(given) or 0) + 1}"
    made = _give(enrolment, attempts, source, why.reason, by)
    _record(made, enrolment, why, by)
    return made


def grant_after_workshop(event: Attended) -> None:
    """Give the attempts that the course promises to whoever comes to a workshop after the last one; once for each
    workshop, and nothing where none is due."""
    enrolment = find_enrolment(event.person_id, event.campaign_id, event.course_id)
    if enrolment is None:
        return
    settings = TestSettings.model_validate(enrolment.version.test)
    if settings.after_attempts != "workshop":
        return
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    attempts, granted = queries.list_attempts(enrolment.id), queries.count_granted(enrolment.id)
    earlier = [queries.as_earlier(one) for one in attempts]
    if not rules.gives_more(earlier, settings, granted, event.held_at):
        return
    source = f"workshop:{event.workshop_id}"
    if _find(enrolment.id, source) is None:
        _record(_give(enrolment, settings.more, source, "workshop", event.by), enrolment, Why("workshop"), event.by)


def take_back_after_workshop(event: Attended) -> None:
    """Take back what a tick by mistake gave, unless an attempt has begun on it: an attempt is never undone."""
    enrolment = find_enrolment(event.person_id, event.campaign_id, event.course_id)
    made = _find(enrolment.id, f"workshop:{event.workshop_id}") if enrolment else None
    if enrolment is None or made is None:
        return
    db.session.refresh(enrolment, with_for_update={"key_share": True})
    settings = TestSettings.model_validate(enrolment.version.test)
    used = len(queries.list_attempts(enrolment.id))
    if used > settings.attempts + queries.count_granted(enrolment.id) - made.attempts:
        return
    db.session.execute(delete(AttemptGrant).where(AttemptGrant.id == made.id))
    record("assessment.attempts_taken_back", by=event.by, subject=f"enrolment:{enrolment.id}", attempts=made.attempts)


def list_grants(enrolment_id: int) -> Sequence[AttemptGrant]:
    """What was given beyond the attempts of the course, the first first."""
    return db.session.scalars(
        select(AttemptGrant).where(AttemptGrant.enrolment_id == enrolment_id).order_by(AttemptGrant.id)
    ).all()


def _find(enrolment_id: int, source: str) -> AttemptGrant | None:
    return db.session.scalar(
        select(AttemptGrant).where(AttemptGrant.enrolment_id == enrolment_id, AttemptGrant.source == source)
    )


def _give(enrolment: Enrolment, attempts: int, source: str, reason: str, by: Actor) -> AttemptGrant:
    made = AttemptGrant(
        enrolment_id=enrolment.id,
        attempts=attempts,
        source=source,
        reason=reason,
        given_by_id=by.account_id,
        given_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _record(made: AttemptGrant, enrolment: Enrolment, why: Why, by: Actor) -> None:
    record(
        "assessment.attempts_granted",
        by=by,
        subject=f"person:{enrolment.person_id}",
        values=noted(why),
        enrolment=enrolment.id,
        attempts=made.attempts,
        source=made.source,
        reason=made.reason,
    )

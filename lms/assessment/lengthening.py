"""More time for attempts that have begun: one by one, or all of a branch after an outage. The deadline of an attempt
follows from its beginning, its settings and its extensions, which are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from lms.assessment import queries, rules, rules_time
from lms.assessment.models import Attempt, AttemptExtension, LateDecision, PaperQuestion
from lms.assessment.permissions import check_not_own
from lms.assessment.rules import Kind, State
from lms.commissions.models import Appointment, Commission, CommissionClosure
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import Changed, record, record_all
from lms.core.database.base import db
from lms.core.database.bulk import insert_many
from lms.core.errors import Refused
from lms.core.text import tidy
from lms.core.web.languages import _
from lms.learning.models import Enrolment

_Other = aliased(Attempt)


@dataclass(frozen=True)
class Why:
    """Why more time is given: `rules_time.WHY_MORE`, and in the officer's own words."""

    reason: str
    note: str = ""


@dataclass(frozen=True)
class Outage:
    """A stretch of time in which the test could not be taken, by the server's clock."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Answered:
    """How many attempts an outage was answered for."""

    lengthened: int
    reopened: int


def lengthen_attempt(*, attempt: Attempt, minutes: int, why: Why, by: Scope) -> datetime:
    """The new deadline of an attempt that is going on. Refused when its time is up, or for so many minutes; Forbidden
    for one's own."""
    check_minutes(minutes)
    check_not_own(by, attempt)
    db.session.refresh(attempt, with_for_update=True)  # closing waits, and then sees the new deadline
    now = clock.now()
    if attempt.state != State.OPEN or rules.is_up(attempt.started_at, attempt.deadline, now):
        raise Refused(
            _("The time of this test is up, so it cannot be lengthened. Look whether it can be opened again.")
        )
    _lengthen([attempt], minutes, why, by, now)
    _record_one("assessment.attempt_lengthened", attempt, minutes, why, by)
    return attempt.deadline


def reopen_attempt(*, attempt: Attempt, minutes: int, why: Why, by: Scope) -> datetime:
    """The new deadline of an attempt whose time ran out, and which goes on for so many minutes from now. Refused when
    that cannot be; Forbidden for one's own."""
    check_minutes(minutes)
    check_not_own(by, attempt)
    enrolment = db.session.get_one(Enrolment, attempt.enrolment_id)
    db.session.refresh(enrolment, with_for_update={"key_share": True})  # no other attempt begins meanwhile
    db.session.refresh(attempt, with_for_update=True)
    sentence = find_reopen_hindrance(attempt)
    if sentence:
        raise Refused(sentence)
    now = clock.now()
    _reopen(attempt, minutes, why, by, now)
    _record_one("assessment.attempt_reopened", attempt, minutes, why, by)
    return attempt.deadline


def find_reopen_hindrance(attempt: Attempt) -> str:
    """Why an attempt cannot be opened again, and what to do; empty when it can."""
    if attempt.kind != Kind.FINAL or attempt.state != State.TIMED_OUT:
        return _("Only a test whose time ran out can be opened again. This one was sent, or is going on.")
    if not rules_time.may_reopen(State(attempt.state), attempt.deadline, clock.now(), passed=bool(attempt.passed)):
        return _(
            "A test is opened again within %(hours)s hours after its time ran out, and not once it is passed. "
            "Give another attempt instead.",
            hours=int(rules_time.REOPENS_WITHIN.total_seconds() // 3600),
        )
    if _is_barred(attempt):
        return _(
            "This test cannot be opened again: another attempt has begun or is passed, or its late answers are "
            "decided. Give another attempt instead."
        )
    return ""


def answer_outage(
    *, commission: Commission, outage: Outage, minutes: int, reopen: bool, why: Why, by: Scope
) -> Answered:
    """Lengthen every attempt of a branch that was going on during an outage and still is; with `reopen`, open those
    again whose time ran out meanwhile. How many of each."""
    check_minutes(minutes)
    if outage.until <= outage.since or outage.until > clock.now():
        raise Refused(_("The outage must end after it began, and not in the future. Look at the two moments again."))
    now = clock.now()
    ran_out = _list_locked(commission, outage, Attempt.state == State.TIMED_OUT) if reopen else []
    again = [one for one in ran_out if not find_reopen_hindrance(one)]
    going_on = _list_locked(commission, outage, Attempt.state == State.OPEN)
    still = [one for one in going_on if not rules.is_up(one.started_at, one.deadline, now)]
    if still:
        _lengthen(still, minutes, why, by, now)
    for attempt in again:
        _reopen(attempt, minutes, why, by, now)
    details = {"minutes": minutes, "reason": why.reason}
    record_all("assessment.attempt_lengthened", by=by, acts=[(f"attempt:{one.id}", details) for one in still])
    record_all("assessment.attempt_reopened", by=by, acts=[(f"attempt:{one.id}", details) for one in again])
    record(
        "assessment.outage_answered",
        by=by,
        subject=f"commission:{commission.id}",
        values=noted(why),
        since=outage.since.isoformat(),
        until=outage.until.isoformat(),
        lengthened=len(still),
        reopened=len(again),
        **details,
    )
    return Answered(len(still), len(again))


def check_minutes(minutes: int) -> None:
    """Raise Refused unless so many minutes may be added."""
    if not 1 <= minutes <= rules_time.MOST_MORE:
        raise Refused(_("Type a number of minutes from 1 to %(most)s.", most=rules_time.MOST_MORE))


def noted(why: Why) -> Changed:
    """What the officer wrote, for the record: it may be personal, so it stands where it can be erased."""
    note = tidy(why.note)
    return {"note": ("", note)} if note else {}


def in_branch(commission_id: int) -> ColumnElement[bool]:
    """A condition: the attempt is of somebody who now sits in a commission or below it."""
    return exists().where(
        Appointment.person_id == Attempt.person_id,
        Appointment.ends_on.is_(None),
        Appointment.commission_id == CommissionClosure.descendant_id,
        CommissionClosure.ancestor_id == commission_id,
    )


def _list_locked(commission: Commission, outage: Outage, state: ColumnElement[bool]) -> Sequence[Attempt]:
    """Attempts of a branch in some state that were going on during an outage, held until the end."""
    return db.session.scalars(
        select(Attempt)
        .where(
            state,
            Attempt.kind == Kind.FINAL,
            Attempt.started_at < outage.until,
            Attempt.deadline > outage.since,
            in_branch(commission.id),
        )
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    ).all()


def _lengthen(attempts: Sequence[Attempt], minutes: int, why: Why, by: Scope, now: datetime) -> None:
    insert_many(AttemptExtension, [_row(one, minutes, why, by, now, reopens=False) for one in attempts])
    more = timedelta(minutes=minutes)
    db.session.execute(update(Attempt), [{"id": one.id, "deadline": one.deadline + more} for one in attempts])
    for one in attempts:
        db.session.refresh(one)


def _reopen(attempt: Attempt, minutes: int, why: Why, by: Scope, now: datetime) -> None:
    insert_many(AttemptExtension, [_row(attempt, minutes, why, by, now, reopens=True)])
    attempt.state, attempt.submitted_at = State.OPEN, None
    attempt.credit, attempt.passed = None, None
    attempt.deadline = now + timedelta(minutes=minutes)
    db.session.execute(update(PaperQuestion).where(PaperQuestion.attempt_id == attempt.id).values(credit=None))
    db.session.flush()


def _row(attempt: Attempt, minutes: int, why: Why, by: Scope, now: datetime, *, reopens: bool) -> dict[str, object]:
    return {
        "attempt_id": attempt.id,
        "minutes": minutes,
        "reopens": reopens,
        "reason": why.reason,
        "given_by_id": by.account_id,
        "given_at": now,
    }


def _record_one(action: str, attempt: Attempt, minutes: int, why: Why, by: Scope) -> None:
    record(
        action,
        by=by,
        subject=f"person:{attempt.person_id}",
        values=noted(why),
        attempt=attempt.id,
        minutes=minutes,
        reason=why.reason,
        until=attempt.deadline.isoformat(),
    )


def _is_barred(attempt: Attempt) -> bool:
    """Whether something that followed rests on the attempt being over."""
    later = select(_Other.id).where(
        _Other.enrolment_id == attempt.enrolment_id,
        _Other.kind == Kind.FINAL,
        _Other.id != attempt.id,
        (_Other.number > attempt.number) | _Other.passed.is_(True),
    )
    decided = select(LateDecision.id).where(LateDecision.attempt_id == attempt.id)
    return any(db.session.scalar(found.limit(1)) is not None for found in (later, decided))


def deadline_of(attempt: Attempt) -> datetime:
    """The deadline that follows from the beginning, the settings and the extensions of an attempt at the test."""
    settings = queries.settings_of(attempt)
    minutes = settings.minutes + (settings.extra.adds if settings.extra else 0)
    return rules_time.derive_deadline(attempt.started_at, minutes, queries.list_extensions(attempt.id))

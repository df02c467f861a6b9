"""Save one answer: a single statement writes the step and checks, in the same breath, owner, session, state and time.

An answer is a step that is only ever added. It counts unless a newer answer had been given meanwhile by somebody who
is not this client: then the step is kept as stale, and the member is asked which of the two counts. A step sent twice
is written once. What comes after the deadline is kept and marked.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account
from lms.assessment.models import AnswerStep, Attempt
from lms.assessment.rules import State, is_over, seconds_left
from lms.core.database.base import UtcDateTime

TRIES = 5
"""Two answers that build on the same one may meet; the later one then looks again. More than twice is not seen."""


class Fate(StrEnum):
    """What became of an answer."""

    SAVED = "saved"
    STALE = "stale"
    LATE = "late"
    CLOSED = "closed"
    SIGNED_OUT = "signed_out"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Sender:
    """Who sends an answer, as the signed session says."""

    account_id: int
    session_version: int
    second_factor: bool


@dataclass(frozen=True)
class Step:
    """An answer as it came. `client` and `seq` name it for good; `base` is the newest revision the client had seen."""

    attempt_id: int
    position: int
    client: str
    seq: int
    base: int
    response: dict[str, Any]


@dataclass(frozen=True)
class Receipt:
    """What became of an answer: the revision that counts now, its response, seconds left; of a step sent twice too."""

    fate: Fate
    revision: int = 0
    response: dict[str, Any] = field(default_factory=dict)
    left: int = 0
    differs: bool = False
    """A step of this name was saved before and said something else; this one was not saved."""


def save(connection: Connection, step: Step, sender: Sender, now: datetime) -> Receipt:
    """The receipt of one answer, written in the caller's transaction: nothing may be said before it is committed."""
    values = _values(step, sender, now)
    for _try in range(TRIES):
        row = connection.execute(_insert(connection.dialect.name), values).one_or_none()
        if row is not None and not row.stale:
            return Receipt(Fate.SAVED, row.id, step.response, seconds_left(row.deadline, now))
        if row is not None:
            return _against_newer(connection, step, row.id, seconds_left(row.deadline, now))
        receipt = _look(connection, step, values, now)
        if receipt is not None:
            return receipt
    raise RuntimeError("an answer found no place")


def find_refusal(connection: Connection, attempt_id: int, sender: Sender) -> Fate | None:
    """Why the sender may not answer in this attempt whatever they say; None when it is theirs."""
    own = and_(Attempt.person_id == Account.person_id, Attempt.id == attempt_id)
    query = select(Attempt.id.label("attempt")).select_from(Account).outerjoin(Attempt, own).where(*_signed_in())
    values = {
        "account": sender.account_id,
        "version": sender.session_version,
        "second": int(sender.second_factor),
    }
    found = connection.execute(query, values).one_or_none()
    if found is None:
        return Fate.SIGNED_OUT
    return Fate.NOT_YOURS if found.attempt is None else None


def _values(step: Step, sender: Sender, now: datetime) -> dict[str, Any]:
    return {
        "attempt": step.attempt_id,
        "position": step.position,
        "client": step.client,
        "seq": step.seq,
        "base": step.base,
        "response": step.response,
        "account": sender.account_id,
        "version": sender.session_version,
        "second": int(sender.second_factor),
        "now": now,
    }


def _look(connection: Connection, step: Step, values: dict[str, Any], now: datetime) -> Receipt | None:
    """Why nothing was written; None when another answer took the place just now and one should try again."""
    found: Row[Any] | None = connection.execute(_look_again(), values).one_or_none()
    if found is None:
        return Receipt(Fate.SIGNED_OUT)
    if found.attempt is None:
        return Receipt(Fate.NOT_YOURS)
    left = seconds_left(found.deadline, now)
    if found.step is not None:
        return _repeated(connection, step, found, left)
    if found.state == State.SUBMITTED or not 1 <= step.position <= found.total:
        return Receipt(Fate.CLOSED)
    if found.state == State.TIMED_OUT or is_over(found.deadline, now):
        connection.execute(_insert_late(connection.dialect.name), {**values, "late_now": now})
        return Receipt(Fate.LATE)
    return None


def _repeated(connection: Connection, step: Step, found: Row[Any], left: int) -> Receipt:
    """A step that is here already is answered as it was the first time."""
    if found.response != step.response or found.position != step.position:
        return Receipt(Fate.SAVED, found.step, found.response, left, differs=True)
    if found.late:
        return Receipt(Fate.LATE)
    if found.stale:
        return _against_newer(connection, step, found.step, left)
    return Receipt(Fate.SAVED, found.step, step.response, left)


def _against_newer(connection: Connection, step: Step, own: int, left: int) -> Receipt:
    """The newer answer that stands against a stale step; when both say the same there is nothing to ask."""
    row = connection.execute(_newest(), {"attempt": step.attempt_id, "position": step.position}).one()
    fate = Fate.SAVED if row.response == step.response else Fate.STALE
    return Receipt(fate, row.id, row.response, left)


@functools.cache
def _insert(dialect: str) -> Any:
    """The one statement. No row comes back when it was not allowed, sent before, or overtaken in this very moment."""
    newer = aliased(AnswerStep)
    client, seq, base = _text("client"), _number("seq"), _number("base")
    known = or_(newer.id.is_(None), newer.id == base, and_(newer.client == client, newer.client_seq < seq))
    stale = case((known, false()), else_=~false())
    follows = case((known, func.coalesce(newer.id, 0)), else_=base)
    source = (
        select(
            Attempt.id,
            _number("position"),
            client,
            seq,
            follows,
            bindparam("response", type_=JSON()),
            stale,
            false(),
            bindparam("now", type_=UtcDateTime()),
        )
        .join(Account, Account.person_id == Attempt.person_id)
        .outerjoin(newer, newer.id == _newest_id())
        .where(
            Attempt.id == _number("attempt"),
            Attempt.state == State.OPEN.value,
            Attempt.deadline > bindparam("now", type_=UtcDateTime()),
            _number("position").between(1, Attempt.total),
            *_signed_in(),
        )
        .with_for_update(read=True, of=Attempt)
    )
    columns = [
        *("attempt_id", "position", "client", "client_seq", "base_revision"),
        *("response", "stale", "late", "received_at"),
    ]
    ends = select(Attempt.deadline).where(Attempt.id == _number("attempt")).scalar_subquery()
    return (
        _into(dialect)
        .from_select(columns, source)
        .on_conflict_do_nothing()
        .returning(AnswerStep.id, AnswerStep.stale, ends.label("deadline"))
    )


@functools.cache
def _insert_late(dialect: str) -> Any:
    return (
        _into(dialect)
        .values(
            attempt_id=_number("attempt"),
            position=_number("position"),
            client=_text("client"),
            client_seq=_number("seq"),
            base_revision=_number("base"),
            response=bindparam("response", type_=JSON()),
            stale=False,
            late=True,
            received_at=bindparam("late_now", type_=UtcDateTime()),
        )
        .on_conflict_do_nothing()
    )


@functools.cache
def _look_again() -> Select[Any]:
    """The second look: the sender, their attempt, and the step if it was sent before."""
    before = and_(
        AnswerStep.attempt_id == Attempt.id,
        AnswerStep.client == _text("client"),
        AnswerStep.client_seq == _number("seq"),
    )
    return (
        select(
            Attempt.id.label("attempt"),
            Attempt.state,
            Attempt.deadline,
            Attempt.total,
            AnswerStep.id.label("step"),
            AnswerStep.position,
            AnswerStep.response,
            AnswerStep.stale,
            AnswerStep.late,
        )
        .select_from(Account)
        .outerjoin(Attempt, and_(Attempt.person_id == Account.person_id, Attempt.id == _number("attempt")))
        .outerjoin(AnswerStep, before)
        .where(*_signed_in())
    )


@functools.cache
def _newest() -> Select[Any]:
    """The answer that counts at a place of an attempt."""
    return (
        select(AnswerStep.id, AnswerStep.response)
        .where(
            AnswerStep.attempt_id == _number("attempt"),
            AnswerStep.position == _number("position"),
            counts(),
        )
        .order_by(AnswerStep.id.desc())
        .limit(1)
    )


def counts() -> ColumnElement[bool]:
    """A condition: the step was given in time and knowing of the answer before it."""
    return and_(~AnswerStep.stale, ~AnswerStep.late)


def _newest_id() -> Any:
    inner = aliased(AnswerStep)
    return (
        select(func.max(inner.id))
        .where(inner.attempt_id == Attempt.id, inner.position == _number("position"), ~inner.stale, ~inner.late)
        .correlate(Attempt)
        .scalar_subquery()
    )


def _signed_in() -> list[ColumnElement[bool]]:
    """Conditions: the session is still good, and the second factor was proven where the account has one."""
    return [
        Account.id == _number("account"),
        Account.session_version == _number("version"),
        Account.disabled_at.is_(None),
        or_(Account.totp_encrypted.is_(None), _number("second") == literal(1)),
    ]


def _into(dialect: str) -> Any:
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(AnswerStep)


def _number(name: str) -> Any:
    return bindparam(name, type_=Integer())


def _text(name: str) -> Any:
    return bindparam(name, type_=String())

"""The SQL of the answer save, built once.

An INSERT with ON CONFLICT is compiled anew at each use, which costs more than all the rest of a save; so it is compiled
here, once for each dialect.
"""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import (
    JSON,
    Dialect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Compiled
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account, AccountSession, Passkey
from lms.assessment.models import AnswerStep, Attempt
from lms.assessment.rules import State
from lms.core.database.base import UtcDateTime, table_of

STEP, ATTEMPT, ACCOUNT, SESSION = table_of(AnswerStep), table_of(Attempt), table_of(Account), table_of(AccountSession)
PASSKEY = table_of(Passkey)
COLUMNS = [
    *("attempt_id", "position", "client", "client_seq", "base_revision"),
    *("response", "stale", "late", "received_at", "language"),
]


def _number(name: str) -> Any:
    return bindparam(name, type_=Integer())


def _text(name: str) -> Any:
    return bindparam(name, type_=String())


RESPONSE = bindparam("response", type_=JSON())
NOW = bindparam("now", type_=UtcDateTime())
OWN_ATTEMPT = and_(ATTEMPT.c.person_id == ACCOUNT.c.person_id, ATTEMPT.c.id == _number("attempt"))


@functools.lru_cache(maxsize=16)
def insert_step(dialect: Dialect, *, carried: bool = False) -> Any:
    """The one statement: gives id, stale and the attempt's deadline. No row comes back when the answer was not allowed,
    was sent before, or was overtaken in this very moment. `carried`: it came in a file of the account, without a
    session of its own."""
    newer = STEP.alias("newer")
    client, seq, base = _text("client"), _number("seq"), _number("base")
    known = or_(newer.c.id.is_(None), newer.c.id == base, and_(newer.c.client == client, newer.c.client_seq < seq))
    source = (
        select(
            ATTEMPT.c.id,
            _number("position"),
            client,
            seq,
            case((known, func.coalesce(newer.c.id, 0)), else_=base),
            RESPONSE,
            case((known, false()), else_=true()),
            false(),
            NOW,
            _text("language"),
        )
        .select_from(ATTEMPT)
        .join(ACCOUNT, ACCOUNT.c.person_id == ATTEMPT.c.person_id)
        .outerjoin(newer, newer.c.id == _newest_id())
        .where(
            ATTEMPT.c.id == _number("attempt"),
            ATTEMPT.c.state == State.OPEN.value,
            ATTEMPT.c.deadline > NOW,
            _number("position").between(1, ATTEMPT.c.total),
            *(whose_file() if carried else signed_in()),
        )
        .with_for_update(read=True, of=ATTEMPT)  # closing waits for saves on their way, and lets in none after
    )
    ends = select(ATTEMPT.c.deadline).where(ATTEMPT.c.id == _number("attempt")).scalar_subquery()
    statement = _into(dialect).from_select(COLUMNS, source).on_conflict_do_nothing()
    return _compile(statement.returning(STEP.c.id, STEP.c.stale, ends.label("deadline")), dialect)


@functools.lru_cache(maxsize=16)
def insert_late(dialect: Dialect) -> Any:
    """Keep a step that came after the deadline; once."""
    statement = _into(dialect).values(
        attempt_id=_number("attempt"),
        position=_number("position"),
        client=_text("client"),
        client_seq=_number("seq"),
        base_revision=_number("base"),
        response=RESPONSE,
        stale=False,
        late=True,
        received_at=NOW,
        language=_text("language"),
    )
    return _compile(statement.on_conflict_do_nothing(), dialect)


@functools.cache
def look_again(*, carried: bool = False) -> Select[Any]:
    """The second look: the sender, their attempt, and the step if it was sent before."""
    before = and_(
        STEP.c.attempt_id == ATTEMPT.c.id, STEP.c.client == _text("client"), STEP.c.client_seq == _number("seq")
    )
    return (
        select(
            ATTEMPT.c.id.label("attempt"),
            ATTEMPT.c.state,
            ATTEMPT.c.deadline,
            ATTEMPT.c.total,
            STEP.c.id.label("step"),
            STEP.c.position,
            STEP.c.response,
            STEP.c.stale,
            STEP.c.late,
        )
        .select_from(ACCOUNT)
        .outerjoin(ATTEMPT, OWN_ATTEMPT)
        .outerjoin(STEP, before)
        .where(*(whose_file() if carried else signed_in()))
    )


@functools.cache
def whose() -> Select[Any]:
    """A row when the sender is signed in; in it the attempt's id when it is theirs."""
    return (
        select(ATTEMPT.c.id.label("attempt")).select_from(ACCOUNT).outerjoin(ATTEMPT, OWN_ATTEMPT).where(*signed_in())
    )


@functools.cache
def newest() -> Select[Any]:
    """The answer that counts at a place of an attempt."""
    return (
        select(STEP.c.id, STEP.c.response)
        .where(STEP.c.attempt_id == _number("attempt"), STEP.c.position == _number("position"), counts(STEP.c))
        .order_by(STEP.c.id.desc())
        .limit(1)
    )


def counts(step: Any) -> ColumnElement[bool]:
    """A condition: the step was given in time and knowing of the answer before it."""
    return and_(~step.stale, ~step.late)


def signed_in() -> list[ColumnElement[bool]]:
    """Conditions: the session is still good and was not ended, the second factor proven where the account has one."""
    has_passkey = exists().where(PASSKEY.c.account_id == ACCOUNT.c.id)
    return [
        ACCOUNT.c.id == _number("account"),
        ACCOUNT.c.session_version == _number("version"),
        ACCOUNT.c.disabled_at.is_(None),
        exists().where(SESSION.c.key == _text("session"), SESSION.c.account_id == ACCOUNT.c.id),
        or_(_number("second") == literal(1), and_(ACCOUNT.c.totp_encrypted.is_(None), ~has_passkey)),
    ]


def whose_file() -> list[ColumnElement[bool]]:
    """Conditions on what came in a file: it is of this account, whose attempt it is is asked beside."""
    return [ACCOUNT.c.id == _number("account")]


def _newest_id() -> Any:
    inner = STEP.alias("inner_step")
    return (
        select(func.max(inner.c.id))
        .where(inner.c.attempt_id == ATTEMPT.c.id, inner.c.position == _number("position"), counts(inner.c))
        .correlate(ATTEMPT)
        .scalar_subquery()
    )


def _into(dialect: Dialect) -> Any:
    return (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(STEP)


def _compile(statement: Any, dialect: Dialect) -> Compiled:
    compiled: Compiled = statement.compile(dialect=dialect)
    return compiled

"""Save one answer: a single statement writes the step and checks, in the same breath, owner, session, state and time.

An answer is a step that is only ever added. It counts unless a newer answer had been given meanwhile by somebody who
is not this client: then the step is kept as stale, and the member is asked which of the two counts. A step sent twice
is written once. What comes after the deadline is kept and marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row

from lms.assessment import statements
from lms.assessment.rules import State, is_over, seconds_left

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
    session: str
    """The key of the browser's session."""
    second_factor: bool


@dataclass(frozen=True)
class Carried:
    """Whose answers a rescue file holds, once it was opened and found genuine; somebody else may bring it."""

    account_id: int


@dataclass(frozen=True)
class Step:
    """An answer as it came. `client` and `seq` name it for good; `base` is the newest revision the client had seen."""

    attempt_id: int
    position: int
    client: str
    seq: int
    base: int
    response: dict[str, Any]
    language: str | None = None
    """Of the page on which it was given."""


@dataclass(frozen=True)
class Receipt:
    """What became of an answer: the revision that counts now, its response, seconds left; of a step sent twice too."""

    fate: Fate
    revision: int = 0
    response: dict[str, Any] = field(default_factory=dict)
    left: int = 0
    differs: bool = False
    """A step of this name was saved before and said something else; this one was not saved."""


def save(connection: Connection, step: Step, sender: Sender | Carried, now: datetime) -> Receipt:
    """The receipt of one answer, written in the caller's transaction: nothing may be said before it is committed."""
    values, carried = _values(step, sender, now), isinstance(sender, Carried)
    for _try in range(TRIES):
        insert = statements.insert_step(connection.dialect, carried=carried)
        row = connection.execute(insert, values).one_or_none()
        if row is not None and not row.stale:
            return Receipt(Fate.SAVED, row.id, step.response, seconds_left(row.deadline, now))
        if row is not None:
            return _against_newer(connection, step, row.id, seconds_left(row.deadline, now))
        receipt = _look(connection, step, values, now, carried=carried)
        if receipt is not None:
            return receipt
    raise RuntimeError("an answer found no place")


def find_refusal(connection: Connection, attempt_id: int, sender: Sender) -> Fate | None:
    """Why the sender may not answer in this attempt whatever they say; None when it is theirs."""
    values = {"attempt": attempt_id, **_who(sender)}
    found = connection.execute(statements.whose(), values).one_or_none()
    if found is None:
        return Fate.SIGNED_OUT
    return Fate.NOT_YOURS if found.attempt is None else None


def _values(step: Step, sender: Sender | Carried, now: datetime) -> dict[str, Any]:
    return {
        "attempt": step.attempt_id,
        "position": step.position,
        "client": step.client,
        "seq": step.seq,
        "base": step.base,
        "response": step.response,
        "language": step.language,
        "now": now,
        **_who(sender),
    }


def _who(sender: Sender | Carried) -> dict[str, Any]:
    if isinstance(sender, Carried):
        return {"account": sender.account_id}
    return {
        "account": sender.account_id,
        "version": sender.session_version,
        "session": sender.session,
        "second": int(sender.second_factor),
    }


def _look(
    connection: Connection, step: Step, values: dict[str, Any], now: datetime, *, carried: bool
) -> Receipt | None:
    """Why nothing was written; None when another answer took the place just now and one should try again."""
    found: Row[Any] | None = connection.execute(statements.look_again(carried=carried), values).one_or_none()
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
        connection.execute(statements.insert_late(connection.dialect), values)
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
    row = connection.execute(statements.newest(), {"attempt": step.attempt_id, "position": step.position}).one()
    fate = Fate.SAVED if row.response == step.response else Fate.STALE
    return Receipt(fate, row.id, row.response, left)

"""Counters: each commission counted again from its own rows, in the transaction in which something happens there.

A recount instead of `finished + 1`: whatever happened, and however often it is told, the counter is right afterwards,
and one that was wrong is mended by the next thing that happens in its commission. What happened is noted and counted
once, just before the commit: rows are held as briefly as possible, always in the same order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Connection,
    Integer,
    Select,
    cast,
    delete,
    exists,
    extract,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy import case as sql_case
from sqlalchemy import event as sql_event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from lms.accounts.models import Account
from lms.commissions.models import Appointment, Commission
from lms.commissions.rules import Office
from lms.core.database.base import db
from lms.core.database.inserting import insert_into
from lms.reporting.everyone import per_person
from lms.reporting.models import CompletionChange, CompletionCounter, CompletionUnit

Runs = Connection | Session
"""What statements are run through."""
BATCH = 500
COUNTED = ("must", "begun", "finished", "never", "leaders", "ends")
_PENDING = "completion_to_count"


@dataclass
class _Pending:
    """What has to be counted before the commit, in one campaign."""

    people: set[int] = field(default_factory=set)
    commissions: set[int] = field(default_factory=set)
    at_once: bool = False
    """Whether somebody who looks after others did any of it."""


def note_person(*, campaign_id: int, person_id: int, at_once: bool) -> None:
    """Have the commission in which a person sits counted again before this transaction's commit."""
    pending = _pending(campaign_id)
    pending.people.add(person_id)
    pending.at_once |= at_once


def note_commissions(*, campaign_id: int, ids: Iterable[int]) -> None:
    """Have commissions counted again before this transaction's commit, and shown at once."""
    pending = _pending(campaign_id)
    pending.commissions.update(ids)
    pending.at_once = True


def settle(session: Session | None = None) -> None:
    """Count what was noted in this transaction; nothing to do when nothing was."""
    session = session or db.session()
    noted: dict[int, _Pending] = session.info.pop(_PENDING, {})
    for campaign_id, pending in sorted(noted.items()):
        places = sorted(pending.commissions | _seats_of(session, pending.people))
        recount(session, campaign_id, places)
        rows = [{"campaign_id": campaign_id, "commission_id": one, "at_once": pending.at_once} for one in places]
        if rows:
            session.execute(insert(CompletionChange), rows)


def recount(runs: Runs, campaign_id: int, commission_ids: Sequence[int] | None = None) -> None:
    """Count commissions (all when none are named) from rows. Their counters are held before anything is read, so of two
    transactions in one commission the second sees what the first has done."""
    if commission_ids is None:
        _make_missing(runs, campaign_id, select(Commission.id))
        hold(runs, campaign_id, select(Commission.id))
        _write(runs, campaign_id, select(Commission.id))
        return
    for start in range(0, len(commission_ids), BATCH):
        part = commission_ids[start : start + BATCH]
        if hold(runs, campaign_id, part) < len(part):
            _make_missing(runs, campaign_id, select(Commission.id).where(Commission.id.in_(part)))
            hold(runs, campaign_id, part)
        _write(runs, campaign_id, select(Commission.id).where(Commission.id.in_(part)))


def forget(session: Session, commission_ids: Collection[int]) -> None:
    """Keep nothing of commissions that are about to be taken away, in any campaign; they are not counted either."""
    noted: dict[int, _Pending] = session.info.get(_PENDING, {})
    for pending in noted.values():
        pending.commissions.difference_update(commission_ids)
    ids = sorted(commission_ids)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        for model in (CompletionChange, CompletionCounter, CompletionUnit):
            session.execute(delete(model).where(model.commission_id.in_(part)))


def is_postgresql(runs: Runs) -> bool:
    """Which of the two databases it is."""
    bind = runs if isinstance(runs, Connection) else runs.get_bind()
    return bind.dialect.name == "postgresql"


def _pending(campaign_id: int) -> _Pending:
    noted: dict[int, _Pending] = db.session.info.setdefault(_PENDING, {})
    return noted.setdefault(campaign_id, _Pending())


def _seats_of(session: Session, people: Collection[int]) -> set[int]:
    """Where people sit. Their seats are held, so that who moves now is counted by whoever moves them."""
    found: set[int] = set()
    wanted = sorted(people)
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        seats = select(Appointment.commission_id).where(Appointment.person_id.in_(part), Appointment.ends_on.is_(None))
        held = session.scalars(seats.order_by(Appointment.id).with_for_update(read=True)).all()
        if len(held) < len(part):  # one has just been moved: look again for the new seat
            found.update(session.scalars(seats))
        found.update(held)
    return found


def _make_missing(runs: Runs, campaign_id: int, places: Select[tuple[int]]) -> None:
    counter = exists().where(
        CompletionCounter.campaign_id == campaign_id, CompletionCounter.commission_id == Commission.id
    )
    zero = literal(0)
    rows = select(literal(campaign_id), Commission.id, zero, zero, zero, zero, zero, literal([], JSON)).where(
        Commission.id.in_(places), ~counter
    )
    runs.execute(_insert(runs, rows).on_conflict_do_nothing())


def hold(runs: Runs, campaign_id: int, places: Sequence[int] | Select[tuple[int]]) -> int:
    """Hold counters until the commit, always in the same order; how many there are."""
    held = (
        select(CompletionCounter.commission_id)
        .where(CompletionCounter.campaign_id == campaign_id, CompletionCounter.commission_id.in_(places))
        .order_by(CompletionCounter.commission_id)
        .with_for_update()
    )
    return len(runs.execute(held).all())


def _write(runs: Runs, campaign_id: int, places: Select[tuple[int]]) -> None:
    person = per_person(campaign_id, places, seat=(Appointment.office,))
    finished = func.coalesce(func.sum(person.c.finished), 0)
    rows = (
        select(
            literal(campaign_id),
            Commission.id,
            func.count(person.c.person_id),
            func.coalesce(func.sum(sql_case((person.c.finished == 0, person.c.begun), else_=0)), 0),
            finished,
            func.count(person.c.person_id) - func.count(Account.password_hash),
            _leader(person, Office.CHAIR) + _leader(person, Office.SECRETARY),
            _hours(runs, person.c.finished_at, person.c.finished == 1),
        )
        .outerjoin(person, person.c.commission_id == Commission.id)
        .outerjoin(Account, Account.person_id == person.c.person_id)
        .where(Commission.id.in_(places))
        .group_by(Commission.id)
    )
    statement = _insert(runs, rows)
    new = {name: statement.excluded[name] for name in COUNTED}
    runs.execute(statement.on_conflict_do_update(index_elements=["campaign_id", "commission_id"], set_=new))


def _leader(person: CTE, office: Office) -> ColumnElement[int]:
    """1 if somebody who holds the office has finished, else 0."""
    return func.coalesce(func.max(sql_case((person.c.office == office.value, person.c.finished), else_=0)), 0)


def _insert(runs: Runs, rows: Select[Any]) -> postgresql.Insert | sqlite.Insert:
    return insert_into(CompletionCounter).from_select(["campaign_id", "commission_id", *COUNTED], rows)


def _hours(runs: Runs, moment: ColumnElement[object], wanted: ColumnElement[bool]) -> ColumnElement[object]:
    """The whole hours since 1970 of all moments that are wanted, as a JSON list."""
    if is_postgresql(runs):
        hour = cast(func.floor(extract("epoch", moment) / 3600), Integer)
        return func.coalesce(func.json_agg(hour).filter(wanted), literal([], JSON))
    return func.json_group_array(cast(func.strftime("%s", moment), Integer).op("/")(3600)).filter(wanted)


@sql_event.listens_for(Session, "before_commit")
def _count_before_commit(session: Session) -> None:
    if _PENDING in session.info:
        settle(session)


@sql_event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        session.info.pop(_PENDING, None)

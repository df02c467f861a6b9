"""The snapshot above the precincts: one row a territory, made again from what has changed, by one at a time.

Whoever reads a page of a branch makes it when it is half a minute old; at once after somebody who looks after others
has done something. Nobody waits for it: while another makes it, or writes on SQLite, the last one is shown with its
time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from time import time

import structlog
from sqlalchemy import Connection, delete, exists, func, or_, select, update
from sqlalchemy import event as sql_event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from lms.core.database import engine
from lms.core.database.base import db
from lms.core.database.engine import own_reading, own_transaction, quick_transaction
from lms.core.database.inserting import insert_into
from lms.learning.models import Enrolment
from lms.reporting.counting import Runs, recount, settle
from lms.reporting.models import CompletionChange, CompletionRound
from lms.reporting.units import count_units, units_of

MOST_AGE = timedelta(seconds=30)
_COUNTED = "completion_counted"
"""Campaigns of which this transaction has seen that they were counted once."""
log = structlog.get_logger(__name__)


@contextmanager
def reading_snapshot(campaign_id: int) -> Iterator[tuple[Runs, datetime]]:
    """What the snapshot is read through, and when it was made: half a minute ago at most, unless it is being made now.
    The first time ever, everything is counted."""
    runs = _settled()
    as_of, at_once = _find_round(runs, campaign_id)
    if as_of is not None and not is_due(as_of, at_once=at_once):
        yield runs, as_of
        return
    refresh(campaign_id)
    if not engine.reading.get():
        runs = _settled()
        yield runs, _find_round(runs, campaign_id)[0] or machine_time()
        return
    with own_reading() as connection:  # the request's own transaction may still see what was before
        as_of, _at_once = _find_round(connection, campaign_id)
        yield connection, as_of or machine_time()


@contextmanager
def reading_counters(campaign_id: int) -> Iterator[Runs]:
    """What counters are read through. The first time ever, everything is counted."""
    runs: Runs = _settled()
    counted: set[int] = db.session.info.setdefault(_COUNTED, set())
    if campaign_id in counted or _find_round(runs, campaign_id)[0] is not None:
        counted.add(campaign_id)
        yield runs
        return
    with reading_snapshot(campaign_id) as (runs, _as_of):
        yield runs


def _settled() -> Connection:
    """This transaction with all that was done in it, past the unit of work: there are many rows, and plain ones."""
    settle()
    db.session.flush()
    return db.session.connection()


def is_due(as_of: datetime, *, at_once: bool) -> bool:
    """Whether a snapshot of that time has to be made again."""
    return at_once or machine_time() - as_of >= MOST_AGE


def refresh(campaign_id: int, *, now: bool = False) -> None:
    """Make the snapshot again if it is due and nobody else is at it, `now` in any case; the first time ever, count
    everything."""
    never = _find_round(db.session(), campaign_id)[0] is None
    if not engine.reading.get():  # this transaction writes: it must not wait for itself
        rebuild(db.session(), campaign_id) if never else _make_again(db.session(), campaign_id, now=now)
    elif never:
        with own_transaction() as connection:
            if _hold_round(connection, campaign_id) is None:
                rebuild(connection, campaign_id)
    else:
        _refresh_aside(campaign_id, now=now)


def _refresh_aside(campaign_id: int, *, now: bool) -> None:
    try:
        with quick_transaction() as connection:
            if connection is not None:
                _make_again(connection, campaign_id, now=now)
    except SQLAlchemyError as fault:  # a database that only reads has its last snapshot
        log.warning("snapshot_kept", reason=type(fault).__name__)


def rebuild(runs: Runs, campaign_id: int) -> None:
    """Count every commission from rows and make the whole snapshot, in the caller's transaction."""
    _hold_round(runs, campaign_id)
    moment = machine_time()
    recount(runs, campaign_id)
    runs.execute(delete(CompletionChange).where(CompletionChange.campaign_id == campaign_id))
    count_units(runs, campaign_id)
    _note_made(runs, campaign_id, moment)


def find_begin(runs: Runs, campaign_id: int) -> datetime | None:
    """When the first people of a campaign were enrolled. Kept with the snapshot once it is known."""
    kept = runs.execute(select(CompletionRound.began_at).where(CompletionRound.campaign_id == campaign_id)).scalar()
    return kept or _look_up_begin(runs, campaign_id)


def _look_up_begin(runs: Runs, campaign_id: int) -> datetime | None:
    return runs.execute(select(func.min(Enrolment.enrolled_at)).where(Enrolment.campaign_id == campaign_id)).scalar()


def note_recount(runs: Runs, campaign_id: int, day: date) -> bool:
    """Whether nobody has recounted on that day yet; from now on somebody has."""
    noted = runs.execute(
        update(CompletionRound)
        .where(
            CompletionRound.campaign_id == campaign_id,
            or_(CompletionRound.recounted_on.is_(None), CompletionRound.recounted_on != day),
        )
        .values(recounted_on=day)
        .returning(CompletionRound.campaign_id)
    )
    return noted.first() is not None


def machine_time() -> datetime:
    """The moment by the machine's clock: a snapshot ages while a demo's clock stands still."""
    return datetime.fromtimestamp(time(), UTC)


def _make_again(runs: Runs, campaign_id: int, *, now: bool) -> None:
    held = select(CompletionRound.as_of).where(CompletionRound.campaign_id == campaign_id)
    as_of = runs.execute(held.with_for_update(skip_locked=not now)).scalar_one_or_none()
    if as_of is None or not (now or is_due(as_of, at_once=_find_round(runs, campaign_id)[1])):
        return  # another is at it, or has just done it
    moment = machine_time()
    changed = runs.execute(
        delete(CompletionChange)
        .where(CompletionChange.campaign_id == campaign_id)
        .returning(CompletionChange.commission_id)
    )
    units = units_of(runs, set(changed.scalars()))
    if units:
        count_units(runs, campaign_id, units)
    _note_made(runs, campaign_id, moment)


def _find_round(runs: Runs, campaign_id: int) -> tuple[datetime | None, bool]:
    """When the snapshot was made (None: never), and whether something is to be shown at once."""
    waiting = exists().where(CompletionChange.campaign_id == campaign_id, CompletionChange.at_once)
    row = runs.execute(
        select(CompletionRound.as_of, waiting).where(CompletionRound.campaign_id == campaign_id)
    ).one_or_none()
    return (row[0], bool(row[1])) if row else (None, False)


def _hold_round(runs: Runs, campaign_id: int) -> datetime | None:
    """Wait until nobody else makes the snapshot; when it was made."""
    runs.execute(insert_into(CompletionRound).values(campaign_id=campaign_id).on_conflict_do_nothing())
    held = select(CompletionRound.as_of).where(CompletionRound.campaign_id == campaign_id)
    return runs.execute(held.with_for_update()).scalar_one()


def _note_made(runs: Runs, campaign_id: int, moment: datetime) -> None:
    made = {"as_of": moment, "began_at": find_begin(runs, campaign_id)}
    runs.execute(update(CompletionRound).where(CompletionRound.campaign_id == campaign_id).values(made))


@sql_event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop(_COUNTED, None)

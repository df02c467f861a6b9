"""What was done cannot be altered unseen; personal values can be erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.core.audit.actions import record, record_all, record_aside, record_changes, refused_unrecorded
from lms.core.audit.erasing import count_values, erase_origins, erase_values_of, is_old_origin
from lms.core.audit.hashes import hash_of
from lms.core.audit.models import AuditEntry, AuditOrigin, AuditSeal, AuditValue
from lms.core.audit.origins import COMMAND, WORKER, working
from lms.core.audit.sealing import look_at_chain, seal
from lms.core.audit.values import Aside, look_aside
from lms.core.database.base import db
from lms.core.errors import Unrecorded
from lms.core.jobs import queue
from tests.factories.commissions import SYSTEM

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)


@pytest.fixture
def sealed(app: Flask) -> list[AuditSeal]:
    """Two seals over two entries each."""
    seals = []
    for hour in (0, 1):
        with time_machine.travel(NOON + timedelta(hours=hour), tick=False):
            for number in (1, 2):
                record("probe.done", by=SYSTEM, subject=f"probe:{number}", values={"phone": ("1", "2")}, count=number)
        with time_machine.travel(NOON + timedelta(hours=hour, minutes=20), tick=False):
            made = seal()
            assert made is not None
            seals.append(made)
    return seals


def test_an_untouched_chain_holds(sealed: list[AuditSeal]) -> None:
    assert [row.count for row in sealed] == [2, 2]
    db.session.expire_all()
    assert look_at_chain().broken is None


def thaw() -> None:
    """Take the database's own locks off the record, as somebody may who owns the database."""
    for table in ("audit_entry", "audit_seal", "audit_value", "audit_origin"):
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER frozen_{table}"))
        else:
            for act in ("update", "delete"):
                db.session.execute(text(f"DROP TRIGGER frozen_{table}_{act}"))


@pytest.fixture
def thawed(sealed: list[AuditSeal]) -> list[AuditSeal]:
    """The same, without the database's own locks."""
    thaw()
    return sealed


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(subject="x"),
        delete(AuditEntry),
        update(AuditSeal).values(count=1),
        delete(AuditSeal),
        update(AuditValue).values(after="3"),
        update(AuditValue).values(before="", after=""),
        update(AuditValue).values(before="", after="", salt="", field="e-mail"),
        delete(AuditValue),
        update(AuditOrigin).values(network="10.0.0.0"),
        delete(AuditOrigin),
    ],
)
def test_the_database_refuses_changes_of_the_record(app: Flask, sealed: list[AuditSeal], statement: Any) -> None:
    act_from(app)
    with pytest.raises(DBAPIError, match="never change"), db.session.begin_nested():
        db.session.execute(statement)


def edit() -> None:
    db.session.execute(update(AuditEntry).values(account_id=7))


def edit_details() -> None:
    db.session.execute(update(AuditEntry).values(details={"count": 3}))


def change_time() -> None:
    db.session.execute(update(AuditEntry).values(at=NOON - timedelta(days=1)))


@pytest.mark.parametrize("tamper", [edit, edit_details, change_time])
def test_an_edited_entry_breaks_the_first_seal_over_it(thawed: list[AuditSeal], tamper: Callable[[], None]) -> None:
    tamper()
    db.session.expire_all()
    assert look_at_chain().broken == thawed[0]


def test_a_deleted_entry_is_missed(thawed: list[AuditSeal]) -> None:
    db.session.execute(delete(AuditValue))
    db.session.execute(delete(AuditEntry).where(AuditEntry.id == thawed[1].last_id))
    assert look_at_chain().broken == thawed[1]


def test_an_entry_slipped_in_is_noticed(sealed: list[AuditSeal]) -> None:
    db.session.add(AuditEntry(id=-1, at=NOON, account_id=None, action="x", subject="y", details={}))
    db.session.flush()
    assert look_at_chain().broken == sealed[0]


def test_a_seal_made_again_over_edits_does_not_fit_the_next(thawed: list[AuditSeal]) -> None:
    first = thawed[0]
    db.session.execute(update(AuditSeal).where(AuditSeal.id == first.id).values(hash="0" * 64))
    db.session.expire_all()
    assert look_at_chain().broken == first


def test_erased_personal_values_leave_the_chain_whole(sealed: list[AuditSeal]) -> None:
    assert count_values(["probe:1"]) == 2
    assert erase_values_of(["probe:1"]) == 2
    db.session.expire_all()
    assert look_at_chain().broken is None
    assert look_aside() == Aside(kept=2, erased=2, unproven=0, broken=None)
    assert count_values(["probe:1"]) == erase_values_of(["probe:1"]) == 0
    assert set(db.session.scalars(select(AuditValue.after))) == {"", "2"}


def change_value() -> None:
    db.session.execute(update(AuditValue).values(after="3"))


def change_field() -> None:
    db.session.execute(update(AuditValue).values(field="e-mail"))


def swap_values() -> None:
    db.session.execute(update(AuditValue).values(before=AuditValue.after, after=AuditValue.before))


def remove_value() -> None:
    last = select(func.max(AuditValue.id)).scalar_subquery()
    db.session.execute(delete(AuditValue).where(AuditValue.id == last))


def slip_value_in() -> None:
    entry = db.session.scalars(select(AuditEntry.id)).first()
    db.session.add(AuditValue(entry_id=entry, field="phone", before="1", after="4", salt="5", hash="6"))
    db.session.flush()


def slip_old_value_in() -> None:
    entry = db.session.scalars(select(AuditEntry.id)).first()
    db.session.add(AuditValue(entry_id=entry, field="phone", before="1", after="4"))
    db.session.flush()


def make_value_anew() -> None:
    """With a hash that fits: the entry keeps another."""
    value = db.session.scalars(select(AuditValue)).first()
    assert value is not None
    new = {"after": "3", "salt": "5", "hash": hash_of("5", "phone", "1", "3")}
    db.session.execute(update(AuditValue).where(AuditValue.id == value.id).values(new))


@pytest.mark.parametrize(
    "tamper",
    [change_value, change_field, swap_values, remove_value, slip_value_in, slip_old_value_in, make_value_anew],
)
def test_a_value_cannot_be_altered_unseen(thawed: list[AuditSeal], tamper: Callable[[], None]) -> None:
    assert look_aside().broken is None
    tamper()
    db.session.expire_all()
    assert look_aside().broken is not None


def test_values_of_entries_that_keep_no_hash_are_told_apart(app: Flask) -> None:
    entry = record("probe.done", by=SYSTEM, subject="probe:1")
    db.session.add(AuditValue(entry_id=entry.id, field="phone", before="1", after="2"))
    db.session.flush()
    assert look_aside() == Aside(kept=0, erased=0, unproven=1, broken=None)
    assert erase_values_of(["probe:1"]) == 1


def test_a_value_with_a_hash_beside_an_entry_without_one_was_slipped_in(app: Flask) -> None:
    entry = record("probe.done", by=SYSTEM, subject="probe:1")
    db.session.add(AuditValue(entry_id=entry.id, field="phone", before="1", after="2", salt="3", hash="4"))
    db.session.flush()
    assert look_aside().broken == entry.id


def act_from(app: Flask, address: str = "10.20.30.40", agent: str = "Mozilla (Windows) Firefox/1") -> AuditEntry:
    """An act of a request from there."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}, headers={"User-Agent": agent}):
        return record("probe.done", by=SYSTEM, subject="probe:1")


def test_an_act_tells_from_which_network_and_browser_it_came(app: Flask) -> None:
    first, second, other = act_from(app), act_from(app), act_from(app, agent="curl")
    assert first.origin == second.origin != other.origin
    row = db.session.get_one(AuditOrigin, first.origin)
    assert (row.network, row.browser) == ("10.20.30.0", "Firefox, Windows")
    assert record("probe.done", by=SYSTEM, subject="probe:1").origin == COMMAND
    with working():
        assert act_from(app).origin == WORKER
    assert look_aside().broken is None


def test_many_acts_at_once_tell_the_same(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "10.20.30.40"}):
        record_all("probe.done", by=SYSTEM, acts=[("probe:1", {}), ("probe:2", {})])
        record_changes("probe.done", by=SYSTEM, changes=[("probe:3", {"phone": ("1", "2")})])
    origins = set(db.session.scalars(select(AuditEntry.origin)))
    assert len(origins) == 1
    assert db.session.get_one(AuditOrigin, origins.pop()).network == "10.20.30.0"
    assert look_aside() == Aside(kept=1, erased=0, unproven=0, broken=None)


def test_a_place_stands_for_a_month_of_acts_and_is_erased_when_all_are_old(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        first = act_from(app)
        db.session.commit()
    with time_machine.travel(NOON + timedelta(days=31), tick=False):
        assert act_from(app).origin != first.origin
    due = select(AuditOrigin.hash).where(is_old_origin(NOON + timedelta(days=40)))
    assert db.session.scalars(due).all() == [first.origin]
    assert erase_origins([first.origin]) == 1
    assert db.session.scalars(due).all() == []
    assert db.session.get_one(AuditOrigin, first.origin).network == ""
    assert look_aside().broken is None


def change_origin() -> None:
    db.session.execute(update(AuditOrigin).values(network="10.0.0.0"))


def remove_origin() -> None:
    db.session.execute(delete(AuditOrigin))


@pytest.mark.parametrize("tamper", [change_origin, remove_origin])
def test_from_where_it_was_cannot_be_altered_unseen(app: Flask, tamper: Callable[[], None]) -> None:
    entry = act_from(app)
    thaw()
    tamper()
    db.session.expire_all()
    assert look_aside().broken == entry.id


@pytest.mark.parametrize("changed", [{"origin": WORKER}, {"value_hashes": []}, {"origin": None, "value_hashes": None}])
def test_what_an_entry_keeps_of_these_is_under_its_seal(thawed: list[AuditSeal], changed: dict[str, Any]) -> None:
    db.session.execute(update(AuditEntry).values(changed))
    db.session.expire_all()
    assert look_at_chain().broken == thawed[0]


def test_entries_that_should_have_a_seal_and_have_none_are_noticed(thawed: list[AuditSeal]) -> None:
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert look_at_chain().late is None
        db.session.execute(delete(AuditSeal))
        chain = look_at_chain()
    assert (chain.late, chain.open) == (NOON, 4)


def test_a_chain_made_anew_does_not_hold_the_hash_that_was_kept(thawed: list[AuditSeal]) -> None:
    kept = thawed[-1].hash
    assert look_at_chain(kept).expected
    edit()
    db.session.execute(delete(AuditSeal))
    db.session.expire_all()
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert seal() is not None
    chain = look_at_chain(kept)
    assert (chain.broken, chain.expected, chain.sealed, chain.open) == (None, False, 4, 0)


def test_two_entries_swapped_are_noticed(thawed: list[AuditSeal]) -> None:
    first, second = thawed[0].first_id, thawed[0].last_id
    db.session.execute(delete(AuditValue))
    for before, after in ((first, -9), (second, first), (-9, second)):
        db.session.execute(update(AuditEntry).where(AuditEntry.id == before).values(id=after))
    assert look_at_chain().broken == thawed[0]


def test_an_entry_of_a_clock_ahead_holds_up_those_behind_it(app: Flask) -> None:
    """Sealed without it, the batch would not hold once it is old enough."""
    for at in (NOON, NOON + timedelta(hours=5), NOON):
        with time_machine.travel(at, tick=False):
            record("probe.done", by=SYSTEM, subject="probe:1")
    for at in (NOON + timedelta(hours=1), NOON + timedelta(hours=9)):
        with time_machine.travel(at, tick=False):
            while seal() is not None:
                pass
    chain = look_at_chain()
    assert (chain.broken, chain.sealed, chain.open) == (None, 3, 0)


def test_long_records_are_sealed_in_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.core.audit.sealing.BATCH", 2)
    with time_machine.travel(NOON, tick=False):
        for number in range(5):
            record("probe.done", by=SYSTEM, subject=f"probe:{number}")
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        made = [seal(), seal(), seal(), seal()]
    assert [row and row.count for row in made] == [2, 2, 1, None]
    assert look_at_chain().seals == 3


def test_the_worker_seals_each_minute() -> None:
    assert "audit.seal" in dict(queue.periodic)


def test_young_entries_wait_for_the_next_seal(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        record("probe.done", by=SYSTEM, subject="probe:1")
        assert seal() is None
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        assert seal() is not None
        assert seal() is None


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (sqlite3.IntegrityError("broken"), Unrecorded),
        (sqlite3.OperationalError("no such table: audit_entry"), Unrecorded),
        (sqlite3.OperationalError("database or disk is full"), DBAPIError),
    ],
)
def test_what_cannot_be_recorded_is_told_from_troubles_of_the_database(
    fault: Exception, raised: type[Exception]
) -> None:
    with pytest.raises(raised), refused_unrecorded():
        raise DBAPIError("INSERT", {}, fault)


def test_a_fault_of_the_act_itself_is_not_one_of_its_record(app: Flask) -> None:
    db.session.add(AuditValue(entry_id=-5, field="phone", before="", after=""))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        record("probe.done", by=SYSTEM, subject="probe:1")


def test_values_of_statements_stand_in_no_error(app: Flask) -> None:
    with pytest.raises(DBAPIError) as caught, db.session.begin_nested():
        db.session.execute(text("SELECT * FROM nowhere WHERE number = :number"), {"number": "900101300123"})
    assert "900101300123" not in str(caught.value)


def test_what_somebody_does_who_only_reads_is_recorded_aside(app: Flask) -> None:
    first = act_from(app)
    db.session.commit()
    with app.test_request_context(
        environ_base={"REMOTE_ADDR": "10.20.30.41"}, headers={"User-Agent": "Mozilla (Windows) Firefox/1"}
    ):
        record_aside("probe.seen", by=SYSTEM, subject="probe:2")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "probe.seen")).one()
    assert entry.origin == first.origin
    record_aside("probe.seen", by=SYSTEM, subject="probe:3")
    assert db.session.scalars(select(AuditEntry.origin).where(AuditEntry.subject == "probe:3")).one() == COMMAND

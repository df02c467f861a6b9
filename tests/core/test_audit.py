"""What was done cannot be altered unseen; personal values can be erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.core.audit.actions import find_broken_seal, record, refused_unrecorded, seal
from lms.core.audit.models import AuditEntry, AuditSeal, AuditValue
from lms.core.database.base import db
from lms.core.errors import Unrecorded
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
        with time_machine.travel(NOON + timedelta(hours=hour, minutes=5), tick=False):
            made = seal()
            assert made is not None
            seals.append(made)
    return seals


def test_an_untouched_chain_holds(sealed: list[AuditSeal]) -> None:
    assert [row.count for row in sealed] == [2, 2]
    db.session.expire_all()
    assert find_broken_seal() is None


def edit() -> None:
    db.session.execute(update(AuditEntry).values(account_id=7))


def edit_details() -> None:
    db.session.execute(update(AuditEntry).values(details={"count": 3}))


def change_time() -> None:
    db.session.execute(update(AuditEntry).values(at=NOON - timedelta(days=1)))


@pytest.mark.parametrize("tamper", [edit, edit_details, change_time])
def test_an_edited_entry_breaks_the_first_seal_over_it(sealed: list[AuditSeal], tamper: Callable[[], None]) -> None:
    tamper()
    db.session.expire_all()
    assert find_broken_seal() == sealed[0]


def test_a_deleted_entry_is_missed(sealed: list[AuditSeal]) -> None:
    db.session.execute(delete(AuditValue))
    db.session.execute(delete(AuditEntry).where(AuditEntry.id == sealed[1].last_id))
    assert find_broken_seal() == sealed[1]


def test_an_entry_slipped_in_is_noticed(sealed: list[AuditSeal]) -> None:
    db.session.add(AuditEntry(id=-1, at=NOON, account_id=None, action="x", subject="y", details={}))
    db.session.flush()
    assert find_broken_seal() == sealed[0]


def test_a_seal_made_again_over_edits_does_not_fit_the_next(sealed: list[AuditSeal]) -> None:
    first = sealed[0]
    db.session.execute(update(AuditSeal).where(AuditSeal.id == first.id).values(hash="0" * 64))
    db.session.expire_all()
    assert find_broken_seal() == first


def test_erased_personal_values_leave_the_chain_whole(sealed: list[AuditSeal]) -> None:
    db.session.execute(delete(AuditValue))
    db.session.expire_all()
    assert find_broken_seal() is None


def test_young_entries_wait_for_the_next_seal(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        record("probe.done", by=SYSTEM, subject="probe:1")
        assert seal() is None
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
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

"""Applying is cut off at any statement: nothing has happened, and trying again does all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from lms.commissions.models import Appointment, Commission, CommissionClosure, Seat
from lms.commissions.permissions import SYSTEM
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.operations.actions import init_installation
from lms.people.models import Person
from lms.rosters.models import RosterImport
from lms.rosters.states import ImportState
from tests.factories.rosters import RUSSIAN, commission_rows, workbook
from tests.rosters.test_actions import apply, take

TABLES = (Commission, CommissionClosure, Seat, Person, Appointment, AuditEntry)
POINTS = 10


class CutOff(Exception):
    """What a killed process leaves: an unfinished transaction."""


@contextmanager
def cut_off_after(statements: int) -> Iterator[list[int]]:
    """Let so many statements pass, then fail; the list's only item counts them."""
    seen = [0]

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "SAVEPOINT" in statement:
            return
        seen[0] += 1
        if seen[0] > statements:
            raise CutOff

    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", count)


def state() -> dict[str, int]:
    db.session.expire_all()
    return {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def make_import() -> RosterImport:
    rows = [RUSSIAN]
    for block, name in enumerate(("ТИК: Мангистауская область", "ТИК: г. Актау", "УИК № 1", "УИК № 2", "УИК № 3")):
        rows += commission_rows(name, range(block * 10, block * 10 + 7))
    return take(workbook(("г. Актау", rows)), SYSTEM)


def statements_of_applying() -> int:
    point = db.session.begin_nested()
    with cut_off_after(100_000) as seen:
        apply(make_import(), SYSTEM)
        db.session.flush()
    point.rollback()
    return seen[0]


@pytest.mark.parametrize("tenth", range(POINTS))
def test_cut_off_while_applying(app: Flask, tenth: int) -> None:
    init_installation(login="head", name="Head One", demo=True)
    total = statements_of_applying()
    made = make_import()
    before = state()
    point = db.session.begin_nested()
    with pytest.raises(CutOff), cut_off_after(total * tenth // (2 * POINTS)):
        apply(made, SYSTEM)
    point.rollback()
    assert state() == before
    db.session.refresh(made)
    assert made.state == ImportState.READ
    apply(made, SYSTEM)
    after = state()
    assert (after["commission"], after["appointment"]) == (6, 35)
    again = make_import()
    assert again.counts["outcomes"]["unchanged"] == 35

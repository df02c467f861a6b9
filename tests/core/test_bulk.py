"""Many rows at once: ids in runs, and what PostgreSQL knows of a table that was just filled."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from lms.core import clock
from lms.core.database import runs
from lms.core.database.base import db
from lms.core.database.bulk import look_over, take_ids, write_rows
from lms.core.database.runs import count_in, delete_within, runs_of, within
from lms.people.models import Person


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ([], []),
        ([3], [(3, 3)]),
        ([5, 3, 4], [(3, 5)]),
        ([1, 2, 4, 5, 9], [(1, 2), (4, 5), (9, 9)]),
        ([2, 2, 3], [(2, 3)]),
    ],
)
def test_runs(ids: list[int], found: list[tuple[int, int]]) -> None:
    assert runs_of(ids) == found
    assert count_in(found) == len(set(ids))


def write_people(count: int) -> list[int]:
    ids = take_ids(Person, count)
    rows = ((one, "Серікова", "Айгүл", clock.now()) for one in ids)
    write_rows(Person, ("id", "surname", "given_name", "created_at"), rows)
    return ids


def test_rows_within_runs_are_deleted_some_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    ids = write_people(20)
    chosen = runs_of([ids[0], ids[2], ids[3], ids[7], ids[11], ids[19]])
    assert len(list(within(Person.id, chosen))) == 3
    assert delete_within(Person, Person.id, chosen) == 6
    left = db.session.scalars(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)).all()
    assert left == [one for one in ids if one not in {ids[0], ids[2], ids[3], ids[7], ids[11], ids[19]}]
    assert delete_within(Person, Person.id, []) == 0


def test_a_table_just_filled_is_looked_over(app: Flask, database_kind: str) -> None:
    write_people(500)
    look_over(Person)
    if database_kind == "postgresql":
        known = db.session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'person'"))
        assert known == db.session.scalar(select(func.count()).select_from(Person))

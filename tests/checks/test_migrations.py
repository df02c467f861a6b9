"""The migrations build exactly the tables of the models, on the database of the run, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from lms.app import create_app
from lms.core.config import ROOT, Settings
from lms.core.database import migrating
from lms.core.database.base import db
from lms.core.database.frozen import frozen_tables
from lms.core.database.rows.tables import read_tables
from tests.postgres import Server
from tools import migrations


@pytest.fixture(scope="module")
def migrated(
    settings: Settings, postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The app on a database of its own that was brought up by migrations alone."""
    url = new_database(postgres_server, "migrated", tmp_path_factory.mktemp("migrated"))
    app = create_app(replace(settings, database_url=url))
    with app.app_context():
        upgrade()
        yield app
        db.engine.dispose()


@pytest.fixture(scope="module")
def built(
    settings: Settings, postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database that was built from the models."""
    engine = create_engine(new_database(postgres_server, "built", tmp_path_factory.mktemp("built")))
    db.metadata.create_all(engine)
    yield engine
    engine.dispose()


def new_database(server: Server | None, name: str, folder: Path) -> str:
    """The address of an empty database."""
    if server is None:
        return f"sqlite:///{folder / name}.db"
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.url_of(name)


def test_there_is_one_newest_migration() -> None:
    assert len(migrations.heads()) == 1


def test_the_models_ask_for_nothing_more(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        options: dict[str, Any] = {"compare_type": True, "include_object": migrating.is_ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata) == []


def test_migrations_and_models_build_the_same_tables(migrated: Flask, built: Engine) -> None:
    ours = shape_of(db.engine)
    ours.pop("alembic_version")
    assert ours == shape_of(built)


def test_frozen_rows_are_frozen_by_the_database(migrated: Flask, built: Engine) -> None:
    assert frozen_tables
    assert triggers_of(db.engine) == triggers_of(built)
    assert {table for table, _name in triggers_of(db.engine)} >= set(frozen_tables)


def test_no_id_is_given_twice_where_the_record_names_it(migrated: Flask, built: Engine) -> None:
    assert counting_tables(db.engine) == counting_tables(built)
    if db.engine.dialect.name == "sqlite":
        assert counting_tables(built) >= {"person", "account", "commission", "appointment", "enrolment", "audit_entry"}


def test_every_column_can_be_backed_up(migrated: Flask) -> None:
    """A column of a kind that backups do not know is refused by them: teach `lms.core.database.rows` first."""
    with db.engine.connect() as connection:
        assert {table.name for table in read_tables(connection)} == set(db.metadata.tables)


def test_every_migration_can_be_taken_back_and_made_again(migrated: Flask) -> None:
    downgrade(revision="base")
    assert set(shape_of(db.engine)) == {"alembic_version"}
    upgrade()
    assert len(shape_of(db.engine)) > 10


def test_a_migration_that_breaks_leaves_nothing_behind(migrated: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    downgrade(revision="base")
    monkeypatch.setattr(migrating.Operations, "invoke", fails_after(5, migrating.Operations.invoke))
    with pytest.raises(ConnectionAbortedError):
        upgrade()
    monkeypatch.undo()
    assert set(shape_of(db.engine)) <= {"alembic_version"}
    upgrade()
    assert len(shape_of(db.engine)) > 10


def test_old_sources_stay_readable_and_entry_attempts_can_be_taken_back(migrated: Flask) -> None:
    script = next(one for one in ScriptDirectory(str(ROOT / "migrations")).walk_revisions() if "materials" in one.path)
    downgrade(revision=str(script.down_revision))
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO question (id, code) VALUES (1, 'a/b')"))
        connection.execute(text(OLD_QUESTION), {"source": 'Act, art. "40"'})
    upgrade()
    assert db.session.scalar(text("SELECT source FROM question_version")) in (
        '["Act, art. \\"40\\""]',
        ['Act, art. "40"'],
    )
    assert db.session.scalar(text("SELECT newest FROM question")) == 1
    db.session.rollback()
    with pytest.raises(DatabaseError, match="never change"), db.engine.begin() as connection:
        connection.execute(text("UPDATE question_version SET number = 2"))
    downgrade(revision=str(script.down_revision))
    assert db.session.scalar(text("SELECT source FROM question_version")) == 'Act, art. "40"'
    db.session.rollback()
    with pytest.raises(DatabaseError, match="never change"), db.engine.begin() as connection:
        connection.execute(text("UPDATE question_version SET number = 2"))
    downgrade(revision="base")
    upgrade()


def test_dated_rows_that_were_inverted_or_overlap_are_mended(migrated: Flask) -> None:
    """On every day that holds which was entered last, as it was read before; nothing is lost."""
    dated = {"commission_parent": "parent_id", "seat_number": "seats"}
    downgrade(revision="0023")
    with db.engine.begin() as connection:
        for one in range(1, 7):
            connection.execute(text(OLD_COMMISSION), {"id": one, "code": f"C{one}"})
        for number, (commission, first, last) in enumerate(OLD_PERIODS, 1):
            values = {"commission": commission, "first": first, "last": last, "holds": number % 6 + 1}
            for table, column in dated.items():
                connection.execute(text(OLD_DATED.format(table=table, column=column)), values)
    upgrade()
    for table, column in dated.items():
        read = "SELECT id, commission_id, valid_from, valid_to, {column} FROM {table} ORDER BY id"
        rows = db.session.execute(text(read.format(table=table, column=column))).all()
        days = [(row[0], row[1], str(row[2])[:10], str(row[3])[:10] if row[3] else None) for row in rows]
        assert days == NEW_PERIODS, table
        assert [row[4] for row in rows] == [number % 6 + 1 for number in (*range(1, 12), 8)]
    db.session.rollback()
    downgrade(revision="base")
    upgrade()


OLD_COMMISSION = """
INSERT INTO commission (id, code, level, territory, number, time_zone) VALUES (:id, :code, 'tec', 'region', :id, 'UTC')
"""
OLD_DATED = """
INSERT INTO {table} (commission_id, {column}, valid_from, valid_to) VALUES (:commission, :holds, :first, :last)
"""
OLD_PERIODS: tuple[tuple[int, str, str | None], ...] = (
    (1, "2026-01-01", None),  # as it should be
    (2, "2026-03-01", "2026-02-01"),  # inverted, and overlaid by the next
    (2, "2026-02-01", None),
    (3, "2026-01-01", "2026-06-01"),  # cut where the next begins
    (3, "2026-04-01", None),
    (4, "2026-05-01", None),  # nothing is left of it
    (4, "2026-02-01", None),
    (5, "2026-01-01", None),  # around another one
    (5, "2026-03-01", "2026-04-01"),
    (6, "2026-03-01", "2026-06-01"),  # begins where the next ends
    (6, "2026-01-01", "2026-04-01"),
)
NEW_PERIODS = [
    (1, 1, "2026-01-01", None),
    (2, 2, "2026-03-01", "2026-03-01"),
    (3, 2, "2026-02-01", None),
    (4, 3, "2026-01-01", "2026-04-01"),
    (5, 3, "2026-04-01", None),
    (6, 4, "2026-05-01", "2026-05-01"),
    (7, 4, "2026-02-01", None),
    (8, 5, "2026-01-01", "2026-03-01"),
    (9, 5, "2026-03-01", "2026-04-01"),
    (10, 6, "2026-04-01", "2026-06-01"),
    (11, 6, "2026-01-01", "2026-04-01"),
    (12, 5, "2026-04-01", None),
]
OLD_QUESTION = """
INSERT INTO question_version (id, question_id, number, kind, topic, use, source, body, checksum, created_at)
VALUES (1, 1, 1, 'single', 't', 'test', :source, '{}', 'x', '2022-11-20 00:00:00')
"""


def fails_after(steps: int, invoke: Any) -> Any:
    """A step of a migration that dies after some steps."""
    left = [steps]

    def failing(operations: Any, operation: Any) -> Any:
        if not left[0]:
            raise ConnectionAbortedError
        left[0] -= 1
        return invoke(operations, operation)

    return failing


def shape_of(engine: Engine) -> dict[str, Any]:
    """Everything the database says of its tables, in an order of our own."""
    seen = inspect(engine)
    return {
        table: {
            "columns": ordered({**column, "type": str(column["type"])} for column in seen.get_columns(table)),
            "key": seen.get_pk_constraint(table),
            "foreign keys": ordered(seen.get_foreign_keys(table)),
            "indexes": ordered(seen.get_indexes(table)),
            "unique": ordered(seen.get_unique_constraints(table)),
            "checks": ordered(seen.get_check_constraints(table)),
        }
        for table in seen.get_table_names()
    }


def ordered(things: Any) -> list[Any]:
    """Things by their words, whatever order the database tells them in."""
    return sorted((words_of(thing) for thing in things), key=str)


def words_of(thing: Any) -> Any:
    """A thing in plain words, SQL clauses included."""
    if isinstance(thing, dict):
        return {key: words_of(value) for key, value in thing.items()}
    return [words_of(value) for value in thing] if isinstance(thing, (list, tuple)) else str(thing)


def triggers_of(engine: Engine) -> set[tuple[str, str]]:
    """(table, trigger) of every trigger of ours."""
    statement = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    if engine.dialect.name == "postgresql":
        statement = "SELECT event_object_table, trigger_name FROM information_schema.triggers"
    with engine.connect() as connection:
        return {(table, name) for table, name in connection.execute(text(statement))}


def counting_tables(engine: Engine) -> set[str]:
    """On SQLite, the tables that never give an id a second time; a server's never do."""
    if engine.dialect.name != "sqlite":
        return set()
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")))

"""Every migration, up and down on a database with data: killed at a statement it has not happened, and what is taken
back and made again keeps every row.

The suite kills each migration at some statements, FAULTS=full at every one, on its way up and on its way down.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lms.core.config import ROOT
from lms.core.database.base import db
from lms.core.database.rows.reading import one_moment, sum_of
from lms.core.database.rows.tables import read_tables
from lms.core.database.shape import known_revisions, newest_revision, revision_of
from lms.operations.backup.restoring import leave_database
from tests.factories.installations import NewInstallation, installations
from tests.factories.world import make_world
from tests.faults.killing import die_at_statement, kill_at
from tests.faults.sizes import FULL
from tests.postgres import Server

pytestmark = pytest.mark.faults
PARTS = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
    "postgresql": """
        SELECT 'class', relname::text, '' FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        UNION ALL SELECT 'column', c.relname::text, a.attname || ' ' || a.atttypid || ' ' || a.attnotnull
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT 'trigger', tgname::text, '' FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'constraint', conname::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2, 3""",
}
"""Everything a database consists of beside its rows."""
PLANTED = '''
"""A migration with a planted fault: it commits in the middle."""

import sqlalchemy as sa
from alembic import op

revision = "planted"
down_revision = {head!r}


def upgrade():
    op.create_table("planted", sa.Column("id", sa.Integer, primary_key=True))
    op.get_bind().connection.driver_connection.commit()
    op.create_index("planted_index", "planted", ["id"])


def downgrade():
    op.drop_table("planted")
'''


@pytest.fixture(scope="module")
def new(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstallation]:
    """A maker of empty installations."""
    with installations(postgres_server, tmp_path_factory.mktemp("migrations")) as make:
        yield make


@pytest.fixture
def filled(new: NewInstallation) -> Iterator[Flask]:
    """An installation of the newest shape with one thing of every kind."""
    app = new()
    with app.app_context():
        upgrade()
        make_world()
        db.session.commit()
        leave_database()
        yield app


def rows_of() -> dict[str, Any]:
    """Columns and sum of every table."""
    with one_moment(db.engine) as connection:
        return {table.name: (table.columns, sum_of(connection, table)) for table in read_tables(connection)}


def state_of() -> tuple[object, ...]:
    """All there is: revision, rows, and the parts of the database."""
    with one_moment(db.engine) as connection:
        parts = [tuple(row) for row in connection.execute(text(PARTS[connection.dialect.name]))]
        revision = revision_of(connection)
    state = (revision, rows_of(), parts)
    leave_database()
    return state


def find_halves(work: Callable[[], object], numbers: Iterator[int]) -> tuple[list[int], int]:
    """The statements (of these numbers, from 0) at which a kill left anything but the state before, and how many kills
    there were. The work is done in the end."""
    before, kills = state_of(), 0
    for number in numbers:
        if not kill_at(number, work, die_at_statement):
            return [], kills
        kills += 1
        if state_of() != before:
            break
    return [number], kills


def newest_first() -> list[tuple[str, str]]:
    """Every (revision, the one before it or `base`), from the newest down."""
    known, found, at = known_revisions(), [], newest_revision()
    while at:
        before = known[at][0] if known[at] else ""
        found.append((at, before or "base"))
        at = before
    return found


def test_a_migration_that_commits_midway_is_found(filled: Flask, tmp_path: Path) -> None:
    """First seen to fail."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "planted.py").write_text(PLANTED.format(head=newest_revision()).lstrip())
    halves, kills = find_halves(partial(upgrade, directory=str(folder), revision="planted"), count())
    assert halves
    assert kills > 1


@pytest.mark.timeout(7200)
def test_every_migration_is_whole_and_keeps_the_rows(filled: Flask) -> None:
    steps, killed = (0, 1) if FULL else (6, 40), 0
    for revision, before in newest_first():
        up, down = partial(upgrade, revision=revision), partial(downgrade, revision=before)
        halves, kills = find_halves(down, count(*steps))
        assert halves == [], f"{revision} down"
        kept, killed = rows_of(), killed + kills
        leave_database()
        halves, kills = find_halves(up, count(*steps))
        assert halves == [], f"{revision} up"
        killed += kills
        down()
        assert rows_of() == kept, f"{revision} up and down again"
        leave_database()
    print(f"{killed} kills at statements of migrations, none left a half")  # noqa: T201 - the figures are the point
    assert kept == {}
    assert killed >= 2

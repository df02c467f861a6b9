"""Every migration, up and down on a database with data: killed at a statement it has not happened, and what is taken
back and made again keeps every row.

The suite kills each migration once on its way up and once on its way down; FAULTS=full at every statement.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, event, text

from lms.assessment.papers import forget_papers
from lms.core.config import ROOT
from lms.core.database.base import db
from lms.core.database.rows.reading import one_moment, sum_of
from lms.core.database.rows.tables import read_tables
from lms.core.database.shape import known_revisions, newest_revision, revision_of
from lms.operations.backup.restoring import leave_database
from tests.factories.installations import NewInstallation, installations
from tests.factories.world import make_world
from tests.faults.killing import die_at_statement, is_full, kill_at
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
    forget_papers()
    with app.app_context():
        upgrade()
        make_world()
        db.session.commit()
        leave_database()
        yield app
    forget_papers()


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


def statements_of(work: Any) -> int:
    """How many statements some work makes; it is done."""
    seen = [0]

    def count(*_words: object) -> None:
        seen[0] += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    leave_database()
    return seen[0]


def find_halves(work: Any, back: Any, rng: random.Random, *, every_statement: bool) -> list[int]:
    """The statements at which a kill left neither the state before nor the one after. Leaves the state before."""
    before = state_of()
    count = statements_of(work)
    after = state_of()
    back()
    leave_database()
    numbers = range(count) if every_statement else [rng.randrange(count // 2, count)]
    halves = []
    for number in numbers:
        died = kill_at(number, work, die_at_statement)
        found = state_of()
        if found not in (before, after):
            halves.append(number)
            break
        if found == after and before != after:
            back()
            leave_database()
        assert died
    return halves


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
    go = partial(upgrade, directory=str(folder), revision="planted")
    back = partial(downgrade, directory=str(folder), revision=newest_revision())
    assert find_halves(go, back, random.Random(1), every_statement=True)


@pytest.mark.timeout(7200)
def test_every_migration_is_whole_and_keeps_the_rows(filled: Flask) -> None:
    rng = random.Random(2022)
    kills = 0
    for revision, before in newest_first():
        up, down = partial(upgrade, revision=revision), partial(downgrade, revision=before)
        assert find_halves(down, up, rng, every_statement=is_full()) == [], f"{revision} down"
        down()
        kept = rows_of()
        leave_database()
        assert find_halves(up, down, rng, every_statement=is_full()) == [], f"{revision} up"
        assert rows_of() == kept, f"{revision} up and down again"
        leave_database()
        kills += 2
    print(f"{kills} migrations killed")  # noqa: T201 - the figures are the point
    assert set(kept) == set()

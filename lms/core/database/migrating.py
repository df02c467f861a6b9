"""What migrations need to know of our tables: which are ours, how columns are written, which rows are frozen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, MigrationScript, Operations
from alembic.operations.ops import CreateTableOp, UpgradeOps
from sqlalchemy import Connection, Engine

from lms.core.database.base import UtcDateTime, db
from lms.core.database.frozen import frozen_tables, trigger_statements


@contextmanager
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection on which tables may be rebuilt: SQLite's foreign keys rest meanwhile and are checked at the end."""
    with engine.connect() as opened:
        if engine.dialect.name != "sqlite":
            yield opened
            return
        raw: Any = opened.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield opened
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            raw.execute("PRAGMA foreign_keys=ON")
        if broken:
            raise RuntimeError(f"A migration left rows that point nowhere: {broken[:5]}")


def is_ours(_item: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    """Whether a table is one of our models: the queue and Alembic keep tables of their own beside them."""
    return not (kind == "table" and reflected and name not in db.metadata.tables)


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """How a column type of ours is written in a migration: in SQLAlchemy's own words, so that it outlives the class."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def complete(_context: Any, _revision: Any, directives: list[MigrationScript]) -> None:
    """Have a new migration freeze the rows of every frozen table that it creates."""
    upgrades = directives[0].upgrade_ops
    if isinstance(upgrades, UpgradeOps):
        created = [step.table_name for step in upgrades.ops if isinstance(step, CreateTableOp)]
        upgrades.ops.extend(_freezing(table) for table in created if table in frozen_tables)


def _freezing(table: str) -> FreezeOp:
    emptied = frozen_tables[table]
    others = [column.name for column in db.metadata.tables[table].columns if column.name not in emptied]
    return FreezeOp(table, emptied, tuple(others) if emptied else ())


@Operations.register_operation("freeze")
class FreezeOp(MigrateOperation):
    """`op.freeze("table")`: the database refuses changes of its rows, but for emptying some columns."""

    def __init__(self, table: str, emptied: tuple[str, ...] = (), kept: tuple[str, ...] = ()) -> None:
        self.table, self.emptied, self.kept = table, emptied, kept

    @classmethod
    def freeze(
        cls, operations: Operations, table: str, emptied: tuple[str, ...] = (), kept: tuple[str, ...] = ()
    ) -> None:
        """Make the triggers of a frozen table."""
        operations.invoke(cls(table, emptied, kept))


@Operations.implementation_for(FreezeOp)
def _freeze(operations: Operations, step: FreezeOp) -> None:
    for statement in trigger_statements(step.table, operations.get_bind().dialect.name, step.emptied, step.kept):
        operations.execute(statement)


@renderers.dispatch_for(FreezeOp)
def _render_freeze(_context: AutogenContext, step: FreezeOp) -> str:
    return f"op.freeze({step.table!r}{f', {step.emptied!r}, {step.kept!r}' if step.emptied else ''})"

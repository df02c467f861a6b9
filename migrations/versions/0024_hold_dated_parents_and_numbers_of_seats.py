"""Have the database refuse that two parents, or two numbers of seats, of a commission hold on one day, and such as end
before they begin.

What is there is mended first, and no row goes. A period that ends before it begins has no day in it and never held:
it ends on its first day, as what was called off is written everywhere. Where two periods of a commission share days,
the one that was entered later holds on them, as it was read so far: the earlier one ends where the later begins,
begins where the later ends, or, when nothing of it is left, ends on its first day; where it held before and after the
later one, the rest becomes a row of its own.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
TABLES = {"commission_parent": "parent_id", "seat_number": "seats"}
WORDS = "two periods of a commission would overlap"
OVERLAP = """SELECT 1 FROM {came}{table} other
    WHERE other.commission_id = {row}.commission_id AND other.id <> {row}.id
    AND other.valid_from < coalesce({row}.valid_to, {never}) AND {row}.valid_from < coalesce(other.valid_to, {never})
    AND other.valid_to {differs} other.valid_from AND {row}.valid_to {differs} {row}.valid_from"""
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_{table}_overlap() RETURNS trigger AS $$ BEGIN
    IF EXISTS ({overlap}) THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'exclusion_violation'; END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql
"""
Period = tuple[date, date]
"""The first day on which it holds and the first on which it no longer does: the last there is, where it has no end."""
IN_ORDER = "valid_to IS NULL OR valid_to >= valid_from"


def upgrade() -> None:
    """Make the change."""
    for table, column in TABLES.items():
        mend(table, column)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_check_constraint(batch_op.f(f"ck_{table}_ends_after_start"), IN_ORDER)
        now = sa.text("valid_to IS NULL")
        op.create_index(
            f"uq_{table}_now", table, ["commission_id"], unique=True, sqlite_where=now, postgresql_where=now
        )
        for statement in trigger_statements(op.get_bind().dialect.name, table):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take it back: the rules alone hold it. What was mended stays so."""
    on_server = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for act in ("insert", "update"):
            op.execute(sa.text(f"DROP TRIGGER {table}_overlap_{act}" + (f" ON {table}" if on_server else "")))
        if on_server:
            op.execute(sa.text(f"DROP FUNCTION refuse_{table}_overlap()"))
        op.drop_index(f"uq_{table}_now", table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_ends_after_start"), type_="check")


def mend(table: str, column: str) -> None:
    """Have no period of `table` end before it begins, and no two of a commission share a day."""
    rows = sa.table(
        table,
        sa.column("id", sa.Integer),
        sa.column("commission_id", sa.Integer),
        sa.column(column, sa.Integer),
        sa.column("valid_from", sa.Date),
        sa.column("valid_to", sa.Date),
    )
    connection = op.get_bind()
    inverted = rows.c.valid_to < rows.c.valid_from
    connection.execute(rows.update().where(inverted).values(valid_to=rows.c.valid_from))
    held = sa.or_(rows.c.valid_to.is_(None), rows.c.valid_to > rows.c.valid_from)
    several = sa.select(rows.c.commission_id).where(held).group_by(rows.c.commission_id).having(sa.func.count() > 1)
    for place in connection.scalars(several).all():
        found = connection.execute(rows.select().where(rows.c.commission_id == place, held).order_by(rows.c.id)).all()
        periods = [(one.valid_from, one.valid_to or date.max) for one in found]
        for at, one in enumerate(found):
            parts = left_of(periods[at], periods[at + 1 :])
            if parts == [periods[at]]:
                continue
            starts, ends = parts[0] if parts else (one.valid_from, one.valid_from)
            changed = {"valid_from": starts, "valid_to": _or_none(ends)}
            connection.execute(rows.update().where(rows.c.id == one.id).values(changed))
            for starts, ends in parts[1:]:
                rest = {"commission_id": place, column: one[2], "valid_from": starts, "valid_to": _or_none(ends)}
                connection.execute(rows.insert().values(rest))


def left_of(period: Period, later: list[Period]) -> list[Period]:
    """What is left of a period once others that were entered after it take their days."""
    parts = [period]
    for begins, over in later:
        parts = [
            (starts, ends)
            for first, last in parts
            for starts, ends in ((first, min(last, begins)), (max(first, over), last))
            if starts < ends
        ]
    return parts


def _or_none(day: date) -> date | None:
    return None if day == date.max else day


def trigger_statements(dialect: str, table: str) -> list[str]:
    """Periods that overlap."""
    if dialect == "sqlite":
        overlap = OVERLAP.format(came="", table=table, row="NEW", never="'9999-12-31'", differs="IS NOT")
        refusal = f"BEGIN SELECT RAISE(ABORT, '{WORDS}') WHERE EXISTS ({overlap}); END"
        columns = "commission_id, valid_from, valid_to"
        return [
            f"CREATE TRIGGER {table}_overlap_insert AFTER INSERT ON {table} {refusal}",
            f"CREATE TRIGGER {table}_overlap_update AFTER UPDATE OF {columns} ON {table} {refusal}",
        ]
    parts = {"row": "came", "never": "'infinity'::date", "differs": "IS DISTINCT FROM"}
    overlap = OVERLAP.format(came="came CROSS JOIN ", table=table, **parts)
    called = f"REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}_overlap()"
    return [
        FUNCTION.format(table=table, overlap=overlap, words=WORDS),
        f"CREATE TRIGGER {table}_overlap_insert AFTER INSERT ON {table} {called}",
        f"CREATE TRIGGER {table}_overlap_update AFTER UPDATE ON {table} {called}",
    ]

"""Have the database refuse seats in closed commissions, commissions below themselves, and roles given by the wrong."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
NAMED = ("person", "account", "commission", "appointment", "enrolment")
"""Tables whose rows are named in the record, and of which undoing a roster deletes some."""
WHOSE = (("person_key", "person_id"), ("late_start", "person_id"))
SELDOM = (("appointment", "replaces_id"), ("enrolment", "carried_from_id"))
"""Columns that seldom hold anything, by which the database looks when a row is taken away."""
SEATED = """EXISTS (
    SELECT 1 FROM commission
    WHERE commission.id = {row}.commission_id AND commission.closed_on < coalesce({row}.ends_on, {never})
)"""
CLOSING = """NEW.closed_on IS NOT NULL AND EXISTS (
    SELECT 1 FROM appointment WHERE appointment.commission_id = NEW.id AND appointment.ends_on IS NULL
)"""
CIRCLE = """EXISTS (
    SELECT 1 FROM commission_closure below WHERE below.ancestor_id = NEW.id AND below.descendant_id = NEW.parent_id
)"""
GIVEN = """NEW.granted_by_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM role_grant held
    JOIN commission_closure place
    ON place.ancestor_id = held.commission_id AND place.descendant_id = NEW.commission_id
    WHERE held.account_id = NEW.granted_by_id AND held.revoked_at IS NULL
    AND (held.valid_from IS NULL OR held.valid_from <= NEW.granted_at)
    AND (held.valid_until IS NULL OR held.valid_until > NEW.granted_at)
    AND (held.role = 'cec_administrator' OR held.role = 'territorial_officer' AND (
        NEW.role = 'trainer' OR NEW.role IN ('territorial_officer', 'reporting_officer') AND place.depth > 0
    ))
)"""
ON_ROW = (
    ("commission", "closing", "UPDATE OF closed_on", CLOSING, "people sit in a commission that is to be closed"),
    ("commission", "circle", "UPDATE OF parent_id", CIRCLE, "a commission would stand below itself"),
    ("role_grant", "given", "INSERT", GIVEN, "the giver may not give this role there"),
)


def seat_statements(dialect: str) -> list[str]:
    """Seats in closed commissions."""
    words = "nobody sits in a closed commission"
    if dialect == "sqlite":
        refusal = _raise(SEATED.format(row="NEW", never="'9999-12-31'"), words)
        return [
            f"CREATE TRIGGER appointment_closed_insert AFTER INSERT ON appointment {refusal}",
            f"CREATE TRIGGER appointment_closed_update AFTER UPDATE OF commission_id, ends_on ON appointment {refusal}",
        ]
    fault = SEATED.format(row="came", never="'infinity'::date")
    called = "REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION refuse_appointment_closed()"
    return [
        _function("refuse_appointment_closed", f"EXISTS (SELECT 1 FROM came WHERE {fault})", words),  # noqa: S608
        f"CREATE TRIGGER appointment_closed_insert AFTER INSERT ON appointment {called}",
        f"CREATE TRIGGER appointment_closed_update AFTER UPDATE ON appointment {called}",
    ]


def row_statements(dialect: str, table: str) -> list[str]:
    """The other faults."""
    found = []
    for of, name, act, fault, words in ON_ROW:
        if of != table:
            continue
        trigger = f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table}"
        if dialect == "sqlite":
            found.append(f"{trigger} {_raise(fault, words)}")
        else:
            function = f"refuse_{table}_{name}"
            found += [_function(function, fault, words), f"{trigger} FOR EACH ROW EXECUTE FUNCTION {function}()"]
    return found


def _raise(fault: str, words: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{words}') WHERE {fault}; END"


def _function(name: str, fault: str, words: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
        f"IF {fault} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$ LANGUAGE plpgsql"
    )


def upgrade() -> None:
    """Make the change."""
    build_again(counting=True)
    for table, column in WHOSE:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table, column in SELDOM:
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=where, postgresql_where=where)
    dialect = op.get_bind().dialect.name
    for statement in (
        *seat_statements(dialect),
        *row_statements(dialect, "commission"),
        *row_statements(dialect, "role_grant"),
    ):
        op.get_bind().exec_driver_sql(statement)


def build_again(*, counting: bool) -> None:
    """SQLite: have ids of these tables never be given a second time, or as before. A table is built anew for that, by
    its own words; its rows, indexes and triggers go with it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for table in NAMED:
        parts = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql IS NOT NULL")
        made, indexes, triggers = (
            connection.scalars(parts, {"table": table, "kind": kind}).all() for kind in ("table", "index", "trigger")
        )
        inline, apart = "PRIMARY KEY AUTOINCREMENT", f"CONSTRAINT pk_{table} PRIMARY KEY (id)"
        words = made[0].replace(f'"{table}"', table, 1)
        if counting:
            words = re.sub(rf",\s*{re.escape(apart)}", "", words)
            words = words.replace("id INTEGER NOT NULL", f"id INTEGER NOT NULL {inline}", 1)
        else:
            words = words.replace(f" {inline}", "", 1)
            words = re.sub(r"\s*\)\s*$", f", {apart})", words)
        words = words.replace(f"CREATE TABLE {table}", f"CREATE TABLE {table}_new", 1)
        for statement in (
            words,
            f"INSERT INTO {table}_new SELECT * FROM {table} ORDER BY id",  # noqa: S608
            f"DROP TABLE {table}",
            f"ALTER TABLE {table}_new RENAME TO {table}",
            *indexes,
            *triggers,
        ):
            connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Take it back: the rules alone hold it."""
    for table, column in (*SELDOM, *WHOSE):
        op.drop_index(f"ix_{table}_{column}", table)
    on_server = op.get_bind().dialect.name == "postgresql"
    names = [("appointment", "closed_insert"), ("appointment", "closed_update"), *(row[:2] for row in ON_ROW)]
    for table, name in names:
        op.execute(sa.text(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if on_server else "")))
    if on_server:
        for function in ("appointment_closed", *(f"{table}_{name}" for table, name, *_rest in ON_ROW)):
            op.execute(sa.text(f"DROP FUNCTION refuse_{function}()"))
    build_again(counting=False)

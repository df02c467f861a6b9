"""Of a commission's dated rows (under whom it stands, how many seats it has) one holds on each day: the database
refuses two that overlap, whoever writes.

That one holds now is held by unique indexes, that none ends before it begins by checks; what lies in the past is held
by the triggers here. A period ends on the day on which the next begins; one that ends on its first day has never been.
"""

from __future__ import annotations

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


def trigger_statements(dialect: str, table: str) -> list[str]:
    """The SQL that makes the database refuse rows of `table` that overlap."""
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

"""Nobody holds two seats on one day, and no seat has two holders: the database refuses it, whoever writes.

That somebody holds a seat now is held by unique indexes; what lies in the past is held by the triggers here. Who leaves
on a day no longer holds the seat on it, so one may come on the day on which another leaves; who left on the day of
coming never held it.
"""

from __future__ import annotations

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_overlap() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM came JOIN appointment held ON held.seat_id = came.seat_id AND held.id <> came.id
        WHERE held.starts_on < coalesce(came.ends_on, 'infinity')
        AND came.starts_on < coalesce(held.ends_on, 'infinity')
        AND held.ends_on IS DISTINCT FROM held.starts_on AND came.ends_on IS DISTINCT FROM came.starts_on
    ) OR EXISTS (
        SELECT 1 FROM came JOIN appointment held ON held.person_id = came.person_id AND held.id <> came.id
        WHERE held.starts_on < coalesce(came.ends_on, 'infinity')
        AND came.starts_on < coalesce(held.ends_on, 'infinity')
        AND held.ends_on IS DISTINCT FROM held.starts_on AND came.ends_on IS DISTINCT FROM came.starts_on
    )
    THEN RAISE EXCEPTION 'a seat or a person would be held twice on one day' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql
"""
REFUSAL = """
BEGIN
    SELECT RAISE(ABORT, 'a seat or a person would be held twice on one day')
    WHERE EXISTS (
        SELECT 1 FROM appointment held WHERE held.seat_id = NEW.seat_id AND held.id <> NEW.id
        AND held.starts_on < coalesce(NEW.ends_on, '9999-12-31')
        AND NEW.starts_on < coalesce(held.ends_on, '9999-12-31')
        AND held.ends_on IS NOT held.starts_on AND NEW.ends_on IS NOT NEW.starts_on
    ) OR EXISTS (
        SELECT 1 FROM appointment held WHERE held.person_id = NEW.person_id AND held.id <> NEW.id
        AND held.starts_on < coalesce(NEW.ends_on, '9999-12-31')
        AND NEW.starts_on < coalesce(held.ends_on, '9999-12-31')
        AND held.ends_on IS NOT held.starts_on AND NEW.ends_on IS NOT NEW.starts_on
    );
END
"""


def trigger_statements(dialect: str) -> list[str]:
    """The SQL that makes the database refuse appointments that overlap."""
    if dialect == "sqlite":
        columns = "seat_id, person_id, starts_on, ends_on"
        return [
            f"CREATE TRIGGER appointment_overlap_insert AFTER INSERT ON appointment {REFUSAL}",
            f"CREATE TRIGGER appointment_overlap_update AFTER UPDATE OF {columns} ON appointment {REFUSAL}",
        ]
    called = "REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION refuse_overlap()"
    return [
        FUNCTION,
        f"CREATE TRIGGER appointment_overlap_insert AFTER INSERT ON appointment {called}",
        f"CREATE TRIGGER appointment_overlap_update AFTER UPDATE ON appointment {called}",
    ]

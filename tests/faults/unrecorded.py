"""Statements after which no record of any act can be written, by dialect; and those that mend it."""

from __future__ import annotations

FAIL = {
    "sqlite": ["CREATE TRIGGER no_audit BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'broken'); END"],
    "postgresql": [
        "CREATE FUNCTION no_audit() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''broken''; END' LANGUAGE plpgsql",
        "CREATE TRIGGER no_audit BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION no_audit()",
    ],
}
MEND = {"sqlite": ["DROP TRIGGER no_audit"], "postgresql": ["DROP FUNCTION no_audit CASCADE"]}

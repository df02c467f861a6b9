"""What the database itself refuses of commissions and roles, whoever writes: a seat in a closed commission, the closing
of one in which people sit, a commission below itself, a role from somebody who may not give it there.

The rules say the same first, with a sentence; this holds where two act at once.
"""

from __future__ import annotations

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
"""`rules.GIVES` in the words of the database. What the operator of the server gives has no giver."""
ON_ROW = (
    ("commission", "closing", "UPDATE OF closed_on", CLOSING, "people sit in a commission that is to be closed"),
    ("commission", "circle", "UPDATE OF parent_id", CIRCLE, "a commission would stand below itself"),
    ("role_grant", "given", "INSERT", GIVEN, "the giver may not give this role there"),
)
"""(table, name, act, what is refused, in which words)"""


def seat_statements(dialect: str) -> list[str]:
    """SQL that refuses seats in closed commissions."""
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
        _function("refuse_appointment_closed", f"EXISTS (SELECT 1 FROM came WHERE {fault})", words),  # noqa: S608 - our own words alone
        f"CREATE TRIGGER appointment_closed_insert AFTER INSERT ON appointment {called}",
        f"CREATE TRIGGER appointment_closed_update AFTER UPDATE ON appointment {called}",
    ]


def row_statements(dialect: str, table: str) -> list[str]:
    """SQL that refuses the other faults, each row of `table` looked at before it is written."""
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

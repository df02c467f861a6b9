"""Checksums of all that a roster touches, by which an installation is compared with what it was."""

from __future__ import annotations

from lms.core.database.base import db
from lms.core.database.rows.reading import Sum, sum_of
from lms.core.database.rows.tables import read_tables
from lms.reporting import counting

BROUGHT_BACK = (
    "person",
    "commission",
    "commission_name",
    "commission_parent",
    "commission_closure",
    "seat",
    "seat_number",
    "appointment",
    "enrolment",
    "account",
    "one_time_code",
    "completion_counter",
)


def sums() -> dict[str, Sum]:
    """How many rows each table has, and a checksum over all of their values."""
    db.session.flush()
    counting.settle()
    connection = db.session.connection()
    return {table.name: sum_of(connection, table) for table in read_tables(connection) if table.name in BROUGHT_BACK}

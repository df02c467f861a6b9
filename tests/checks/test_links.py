"""What is taken away by the ten thousand is found by an index from every table that points to it: else the database
reads the whole of that table for each row that goes."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Table, UniqueConstraint

from lms.core.database.base import db

TAKEN_AWAY = ("person", "appointment", "enrolment", "seat")
"""What undoing the roster of a country deletes."""


def found_by(table: Table) -> set[str]:
    """The columns with which an index of a table begins; one of only those rows that have the column will do."""
    keys = [table.primary_key, *(one for one in table.constraints if isinstance(one, UniqueConstraint))]
    columns = {next(iter(key.columns)).name for key in keys}
    for index in table.indexes:
        first = next(iter(index.columns)).name
        where = index.dialect_options["sqlite"]["where"]
        if where is None or str(where) == f"{first} IS NOT NULL":
            columns.add(first)
    return columns


@pytest.mark.parametrize("goes", TAKEN_AWAY)
def test_whoever_points_to_what_is_taken_away_is_found_by_an_index(app: Flask, goes: str) -> None:
    pointing = [
        (table.name, column.name)
        for table in db.metadata.tables.values()
        for column in table.columns
        for link in column.foreign_keys
        if link.column.table.name == goes and column.name not in found_by(table)
    ]
    assert pointing == []

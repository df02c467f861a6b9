"""What is confirmed is on disk: each connection waits for it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from lms.core.database.base import db
from lms.core.database.engine import only_reading, own_reading, own_transaction
from tests.journeys.live import Live

pytestmark = pytest.mark.faults


def settings_of(connection: Connection) -> dict[str, str]:
    """The settings that decide when a commit returns."""
    if connection.dialect.name == "sqlite":
        names = ("synchronous", "journal_mode", "foreign_keys")
        return {name: str(connection.scalar(text(f"PRAGMA {name}"))) for name in names}
    names = ("synchronous_commit", "fsync", "full_page_writes")
    return {name: str(connection.scalar(text(f"SHOW {name}"))) for name in names}


WANTED = {
    "sqlite": {"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"},
    "postgresql": {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"},
}


def test_every_pooled_connection_waits_for_the_disk(installed: Live) -> None:
    app: Flask = installed.app
    with app.app_context():
        opened = [db.engine.connect() for _ in range(8)]
        try:
            with only_reading():  # eight open transactions at once: none may hold the one write lock
                found = [settings_of(connection) for connection in opened]
        finally:
            for connection in opened:
                connection.close()
        with own_transaction() as connection:
            found.append(settings_of(connection))
        with own_reading() as connection:
            found.append(settings_of(connection))
        assert found == [WANTED[db.engine.dialect.name]] * 10

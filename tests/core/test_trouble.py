"""Troubles of the database are told as such, and what was typed is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from structlog.testing import capture_logs

from lms.app import create_app
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.database.trouble import Trouble, trouble_of
from lms.core.web import access


def of(cause: Exception, *, gone: bool = False) -> DBAPIError:
    """An error as SQLAlchemy raises it."""
    return OperationalError("SELECT 1", {}, cause, connection_invalidated=gone)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (of(sqlite3.OperationalError("database is locked")), Trouble.BUSY),
        (of(sqlite3.OperationalError("database or disk is full")), Trouble.FULL),
        (of(sqlite3.OperationalError("disk I/O error")), Trouble.FULL),
        (of(sqlite3.OperationalError("attempt to write a readonly database")), Trouble.READ_ONLY),
        (of(sqlite3.OperationalError("unable to open database file")), Trouble.AWAY),
        (of(sqlite3.OperationalError("no such column: nothing")), None),
        (of(psycopg.errors.ReadOnlySqlTransaction()), Trouble.READ_ONLY),
        (of(psycopg.errors.DiskFull()), Trouble.FULL),
        (of(psycopg.errors.TooManyConnections()), Trouble.BUSY),
        (of(psycopg.errors.AdminShutdown()), Trouble.AWAY),
        (of(psycopg.errors.CannotConnectNow()), Trouble.AWAY),
        (of(psycopg.OperationalError("connection refused")), Trouble.AWAY),
        (of(psycopg.errors.UndefinedTable()), None),
        (of(RuntimeError("whatever it was"), gone=True), Trouble.AWAY),
        (PoolTimeout("the pool is empty"), Trouble.BUSY),
        (ValueError("database is locked"), None),
        (None, None),
    ],
)
def test_troubles_are_told_from_faults(error: Exception | None, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble


@pytest.fixture
def probe(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An app whose pages meet troubles."""
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'probe.db'}"))
    app.config["WTF_CSRF_ENABLED"] = False
    for view in (full, faulty, unsaved):
        app.add_url_rule(f"/{view.__name__}", view.__name__, access.public(view), methods=["GET", "POST"])
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def full() -> str:
    raise of(sqlite3.OperationalError("database or disk is full"))


def faulty() -> str:
    raise of(sqlite3.OperationalError("no such column: secret"))


def unsaved() -> str:
    db.session()  # something was asked or written
    return "as if saved"


def test_the_page_of_a_trouble_asks_the_database_nothing(probe: Flask) -> None:
    """No table is there at all: the page is shown all the same, in the reader's language."""
    with capture_logs() as logs:
        answer = probe.test_client().get("/ru/full")
    assert answer.status_code == 507
    assert "Диск сервера заполнен" in answer.text
    assert answer.headers["Retry-After"] == "5"
    assert [(line["event"], line["trouble"]) for line in logs] == [("database_trouble", "full")]


def test_what_was_typed_can_be_sent_again(probe: Flask) -> None:
    page = probe.test_client().post("/en/full", data={"place": "School 4", "password": "hidden"}).text
    assert '<input type="hidden" name="place" value="School 4">' in page
    assert "hidden words" not in page
    assert 'value="hidden"' not in page


def test_a_commit_that_fails_is_told_as_its_trouble(probe: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise of(psycopg.errors.ReadOnlySqlTransaction())

    monkeypatch.setattr(db.session, "commit", fail)
    answer = probe.test_client().get("/en/unsaved")
    assert answer.status_code == 503
    assert "only read" in answer.text
    assert "as if saved" not in answer.text


def test_a_fault_of_ours_is_no_trouble(probe: Flask) -> None:
    with probe.app_context():
        db.create_all()
    with capture_logs() as logs:
        answer = probe.test_client().get("/en/faulty")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert [line["event"] for line in logs if line["event"] in ("fault", "database_trouble")] == ["fault"]

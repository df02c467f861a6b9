"""Connections at rest are asked before use when there is reason to doubt them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from lms.core.config import Settings
from lms.core.database import engine as engines
from lms.core.database.engine import engine_options, prepare_engine


@pytest.fixture
def engine(app: Flask, settings: Settings, database_kind: str) -> Any:
    if database_kind == "sqlite":
        pytest.skip("a file is always there")
    made = create_engine(str(app.config["SQLALCHEMY_DATABASE_URI"]), **engine_options(settings.database_url))
    prepare_engine(made)
    yield made
    made.dispose()


def backend_of(engine: Any) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")))


def end(engine: Any, backend: int) -> None:
    other = create_engine(engine.url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    other.dispose()


def test_a_connection_that_was_just_used_is_not_asked(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = backend_of(engine)
    monkeypatch.setattr(engine.dialect, "do_ping", lambda _connection: pytest.fail("it was asked"))
    assert backend_of(engine) == first


def test_a_connection_that_rested_is_asked(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    first = backend_of(engine)
    monkeypatch.setattr(engines, "REST", 0.0)
    monkeypatch.setattr(engine.dialect, "do_ping", asked.append)
    assert backend_of(engine) == first
    assert len(asked) == 1


def test_a_connection_that_its_server_ended_is_replaced(engine: Any) -> None:
    first = backend_of(engine)
    end(engine, first)
    assert backend_of(engine) != first

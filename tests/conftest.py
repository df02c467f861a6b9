"""What every test gets: an app on an empty database, a session that is rolled back, a client like a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as invention
from sqlalchemy import Connection

from lms.app import create_app
from lms.core import clock
from lms.core.config import Settings, load_secrets
from lms.core.database.base import db
from lms.core.jobs import queue
from lms.core.kept import forget_everything
from tests import postgres

invention.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
invention.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption("--at", type=time.fromisoformat, help="begin at this time of day in the capital, such as 00:10")


def pytest_configure(config: pytest.Config) -> None:
    """Begin at another hour of the day, if that is asked for; servers of their own keep the real one."""
    at = config.getoption("--at")
    if at is not None:
        zone = ZoneInfo(clock.CAPITAL)
        travel = time_machine.travel(
            datetime.combine(clock.day_of(clock.machine_time(), zone.key), at, zone), tick=True
        )
        travel.start()
        config.add_cleanup(travel.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files whose tests take longest, so that at the end no core waits for another."""
    long = {item.path for item in items if item.get_closest_marker("browser") or item.get_closest_marker("faults")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """Which database this run is on."""
    return str(pytestconfig.getoption("--database"))


@pytest.fixture(scope="session")
def postgres_server(database_kind: str) -> Iterator[postgres.Server | None]:
    """The run's PostgreSQL server; None on SQLite."""
    if database_kind == "sqlite":
        yield None
        return
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, postgres_server: postgres.Server | None) -> Settings:
    """Settings of the tests' installation: work for later is done at once."""
    instance = tmp_path_factory.mktemp("instance")
    url = postgres_server.url if postgres_server else f"sqlite:///{instance / 'cascade.db'}"
    return Settings(
        instance=instance,
        database_url=url,
        public_url="http://localhost",
        secrets=load_secrets(instance / "secrets"),
        immediate_jobs=True,
    )


@pytest.fixture(scope="session")
def _app(settings: Settings) -> Iterator[Flask]:
    """The app on an empty database of today's shape."""
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        make_schema(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def make_schema(app: Flask) -> None:
    """Bring an empty database to the newest shape."""
    db.create_all()


@pytest.fixture
def app(_app: Flask) -> Iterator[Flask]:
    """The app inside one transaction that is rolled back after the test."""
    with rolled_back(_app):
        yield _app


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """The app inside one transaction: whatever is committed inside has not happened afterwards."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        forget_everything()
        forget_request()
        clock.stand_on(None)
        try:
            yield
        finally:
            db.session.remove()
            db.engines[None] = engine
            transaction.rollback()
            connection.close()


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside has not happened afterwards."""
    connection: Any = db.engine
    assert isinstance(connection, Connection)
    db.session.commit()
    inside = connection.begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        inside.rollback()
        db.session.expire_all()


@pytest.fixture
def db_session(app: Flask) -> Any:
    """The session of the test."""
    return db.session


def forget_request() -> None:
    """Empty `g`: the test's own app context outlives its requests, what one of them kept there must not."""
    for name in list(g):
        g.pop(name)


class Client(FlaskClient):
    """A browser without JavaScript; each request starts from what is committed, and what it did not commit is lost."""

    def open(self, *args: Any, **values: Any) -> Any:
        queue.call_worker()
        db.session.commit()
        db.session.expire_all()
        forget_request()
        response = super().open(*args, **values)
        forget_request()
        db.session.rollback()
        db.session.expire_all()
        return response


@pytest.fixture
def client(app: Flask) -> Client:
    """A stranger's browser. CSRF checks are off here; tests of forms from elsewhere use `strict_client`."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Client
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def strict_client(app: Flask) -> Client:
    """A browser whose forms need their token."""
    app.config["WTF_CSRF_ENABLED"] = True
    app.test_client_class = Client
    return app.test_client()  # type: ignore[return-value]

"""Installations of their own, on the database of the run: for what is done to a whole database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, text

from lms.app import create_app
from lms.cli import main
from lms.core.config import Settings, load_secrets
from lms.core.database.base import db
from lms.operations.backup import sealing
from lms.operations.backup.restoring import leave_database
from tests.postgres import Server

numbers = count(1)
NewInstallation = Callable[[], Flask]
"""Makes one more installation: an app on an empty folder and an empty database without tables."""


@contextmanager
def installations(server: Server | None, folder: Path) -> Iterator[NewInstallation]:
    """A maker of installations below a folder; their connections are closed at the end."""
    with ExitStack() as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "COST", {"time": 1, "memory": 64, "lanes": 1})  # dear on purpose: only waiting

        def make() -> Flask:
            number = next(numbers)
            instance = folder / f"instance-{number}"
            instance.mkdir()
            app = create_app(settings_in(instance, database_url(server, instance, number)))
            made.callback(close, app)
            return app

        yield make


def database_url(server: Server | None, instance: Path, number: int) -> str:
    """The address of an empty database."""
    if server is None:
        return f"sqlite:///{instance / 'cascade.db'}"
    name = f"installation_{number}"
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.url_of(name)


def settings_in(instance: Path, url: str) -> Settings:
    """Settings of an installation with secrets of its own."""
    return Settings(
        instance=instance,
        database_url=url,
        public_url="http://localhost",
        secrets=load_secrets(instance / "secrets"),
        immediate_jobs=True,
    )


def close(app: Flask) -> None:
    """Close an app's connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@dataclass
class Operator:
    """Whoever types commands for one installation."""

    environment: dict[str, str]

    def types(self, *words: str) -> Result:
        """The answer of a command."""
        made: list[Flask] = []

        def create() -> Flask:
            made.append(create_app())
            return made[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("lms.cli.make_app", create)
            answer = CliRunner().invoke(main, list(words), env=self.environment)
        for app in made:
            with app.app_context():
                leave_database()
        return answer

    def does(self, statement: str) -> None:
        """A statement to the database, past the product."""
        engine = create_engine(self.environment["DATABASE_URL"])
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

"""An installation with one thing of every kind, and a backup of it with its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.database.rows.reading import Sum, one_moment, sum_of
from lms.core.database.rows.tables import read_tables
from lms.operations.backup.taking import take_backup
from tests.factories.installations import NewInstallation, installations
from tests.factories.world import make_world
from tests.postgres import Server

PASSPHRASE = "бес сөзден тұратын кілт"


def quietly(_what: str, _done: int, _total: int) -> None:
    """No bar."""


def sums_of(app: Flask) -> dict[str, Sum]:
    """The sum of every table of an installation."""
    with app.app_context(), one_moment(db.engine) as connection:
        return {table.name: sum_of(connection, table) for table in read_tables(connection)}


def settings_of(app: Flask) -> Settings:
    """The settings of an installation."""
    settings: Settings = app.extensions["settings"]
    return settings


@pytest.fixture(scope="module")
def new(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstallation]:
    """A maker of empty installations."""
    with installations(postgres_server, tmp_path_factory.mktemp("installations")) as make:
        yield make


@pytest.fixture(scope="module")
def source(new: NewInstallation) -> Flask:
    """An installation that holds one thing of every kind."""
    app = new()
    with app.app_context():
        upgrade()
        make_world()
        db.session.commit()
    return app


@pytest.fixture(scope="module")
def backup(source: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it, secrets and all."""
    path = tmp_path_factory.mktemp("backups") / "whole.cascade"
    with source.app_context():
        take_backup(db.engine, settings_of(source), path, passphrase=PASSPHRASE, progress=quietly)
    return path

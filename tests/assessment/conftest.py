"""The small country, somebody who may take the test, and an app whose transactions are real, for what happens at the
same moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from lms.accounts.models import Account
from lms.app import create_app
from lms.core.config import Settings
from lms.core.database.base import db
from lms.learning.models import Enrolment
from tests.conftest import make_schema
from tests.factories.assessment import make_learner
from tests.factories.commissions import Country, make_country
from tests.factories.curriculum import make_course
from tests.journeys.live import browser, browser_page, fresh_database, live_server
from tests.postgres import Server

__all__ = ["browser", "browser_page", "live_server", "real_app"]


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def learner(country: Country) -> tuple[Account, Enrolment]:
    """Somebody of its first precinct who has read everything."""
    return make_learner(country.precinct, make_course())


@pytest.fixture(scope="module")
def real_app(
    settings: Settings, postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The app on an empty database of its own: what is committed stays."""
    folder = tmp_path_factory.mktemp("real")
    url = fresh_database(postgres_server, folder.name.replace("-", "_")) or f"sqlite:///{folder / 'real.db'}"
    app = create_app(replace(settings, instance=folder, database_url=url))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        make_schema(app)
    yield app
    with app.app_context():
        db.engine.dispose()

"""The real product for a module of tests: gunicorn on a fresh installation, and a phone's browser beside it.

Import the fixtures into a conftest or test module: `from tests.journeys.live import browser_page, live_server`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import create_engine, text

from lms.accounts.models import Account
from lms.app import create_app
from lms.commissions.permissions import SYSTEM
from lms.core.address import sqlalchemy_address
from lms.core.config import ROOT, Settings, load_secrets
from lms.core.database.base import db
from lms.packs.actions import load_pack, publish_pack
from tests import postgres
from tests.factories.assessment import make_learner
from tests.factories.commissions import make_country, signed_in
from tests.journeys.chromium import chromium
from tests.journeys.region import Product, installation

PHONE = {"width": 360, "height": 740}
numbers = count(1)


@dataclass
class Learner:
    """Somebody ready for the test, and the browser session they are signed in with."""

    account_id: int
    enrolment_id: int
    cookie: str
    token: str
    """The CSRF token that goes with the cookie."""


class Live:
    """A served installation and, in this process, the same app on its database."""

    def __init__(self, product: Product, app: Flask) -> None:
        self.product, self.app = product, app

    @property
    def address(self) -> str:
        """Where it answers."""
        return self.product.address

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Inside the installation: what is done there is committed at the end."""
        with self.app.app_context():
            yield
            db.session.commit()

    def make_learner(self, course: str = "election-day", **person: Any) -> Learner:
        """A member of the precinct who has read everything of a published course."""
        return self.make_learners(1, course, **person)[0]

    def make_learners(self, number: int, course: str = "election-day", **person: Any) -> list[Learner]:
        """So many of them, made in one transaction: thousands cost a commit each otherwise."""
        from lms.commissions.models import Commission
        from lms.curriculum.queries import find_course, find_newest_version

        with self.inside():
            precinct = db.session.query(Commission).filter_by(level="pec").first()
            found = find_course(course)
            assert precinct is not None
            assert found is not None
            version = find_newest_version(found.id)
            assert version is not None
            made = [make_learner(precinct, version, **person) for _ in range(number)]
            db.session.flush()
            return [Learner(account.id, enrolment.id, *self.sign_in(account)) for account, enrolment in made]

    def sign_in(self, account: Account) -> tuple[str, str]:
        """The session cookie of an account, password and second factor done, and its CSRF token."""
        from flask import g, session

        held = signed_in(account)
        with self.app.test_request_context():
            session.permanent = True
            session.update(held)
            g.pop("csrf_token", None)  # that of whoever was signed in before, in the same transaction
            token = generate_csrf()
            serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
            return str(serializer.dumps(dict(session))), token


def fresh_database(server: postgres.Server | None, name: str) -> str:
    """The address of an empty database for an installation; empty for its own SQLite file."""
    if server is None:
        return ""
    engine = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.url_of(name)


@contextmanager
def live(server: postgres.Server | None) -> Iterator[Live]:
    """A migrated installation, not yet served, with the small country and the course of `courses/election-day`."""
    url = fresh_database(server, f"live_{next(numbers)}_{threading.get_native_id()}")
    with installation(url) as product:
        app = create_app(settings_of(product.instance, url))
        made = Live(product, app)
        with made.inside():
            make_country()
            publish_pack(pack=load_pack(ROOT / "courses" / "election-day"), by=SYSTEM)
        try:
            yield made
        finally:
            with app.app_context():
                db.engine.dispose()


def settings_of(instance: Path, url: str) -> Settings:
    """Settings of an installation, as its server has them."""
    return Settings(
        instance=instance,
        database_url=sqlalchemy_address(url or f"sqlite:///{instance / 'cascade.db'}"),
        public_url="http://127.0.0.1",
        secrets=load_secrets(instance / "secrets"),
        immediate_jobs=True,
    )


@pytest.fixture(scope="module")
def live_server(postgres_server: postgres.Server | None) -> Iterator[Live]:
    """The product, served by gunicorn without its worker, on the database of this run."""
    with live(postgres_server) as made:
        made.product.start("--workers", "2")
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    with chromium() as made:
        yield made


def open_context(browser: Browser, server: Live, learner: Learner, **options: Any) -> BrowserContext:
    """A browser of its own (nothing kept from others), 360 px wide, signed in as the learner."""
    context = browser.new_context(viewport=PHONE, **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "session", "value": learner.cookie, "url": server.address}])
    return context


@pytest.fixture
def browser_page(browser: Browser, live_server: Live) -> Iterator[Page]:
    """A phone's page, signed in as a new learner; no fault may show on its console.

    Lost links are meant to be noticed there and do not count."""
    learner = live_server.make_learner()
    context = open_context(browser, live_server, learner)
    page = context.new_page()
    page.learner = learner  # type: ignore[attr-defined]
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []

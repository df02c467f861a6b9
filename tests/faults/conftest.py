"""What the campaigns share: one installation made from nothing, and a copy of it for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.installed import copied
from tests.journeys.live import Live, live
from tests.postgres import Server


@pytest.fixture(scope="session")
def template(postgres_server: Server | None) -> Iterator[Live]:
    """A migrated installation with the small country and a published course; nobody changes it."""
    with live(postgres_server) as made:
        yield made


@pytest.fixture(scope="module")
def installed(template: Live, postgres_server: Server | None) -> Iterator[Live]:
    """An installation that is not served yet, for this file of tests."""
    with copied(template, postgres_server) as made:
        yield made

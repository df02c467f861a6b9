"""kill -9 and reloads during answer saves: nothing the server called saved may be missing.

Ten kills in the suite; the full campaign is FAULT_KILLS=200 with 50 clients, on each database.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
from collections.abc import Iterator

import pytest

from tests.faults import campaign
from tests.faults.campaign import make_writers, run, serving
from tests.faults.saving import check_all_there, children, save_during, wait_for_new
from tests.journeys.live import Live, live
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
KILLS = int(os.environ.get("FAULT_KILLS", "10"))
CLIENTS = int(os.environ.get("FAULT_CLIENTS", "16" if campaign.is_hurried() else "50"))
HASTY = "tests.faults.planted:create_hasty_app()"


@pytest.fixture(scope="module")
def installed(postgres_server: Server | None) -> Iterator[Live]:
    """An installation that is not served yet."""
    with live(postgres_server) as made:
        yield made


def test_the_campaign_finds_an_acknowledgement_before_the_commit(installed: Live) -> None:
    """First seen to fail: a server with a planted fault loses what it confirmed, and the campaign says so."""
    outcome = run(installed, kills=6, writers=make_writers(installed, 8), app=HASTY, rng=random.Random(1))
    print(f"planted fault: {outcome}")  # noqa: T201 - the figures are the point
    assert outcome.confirmed
    assert outcome.missing


def test_nothing_confirmed_is_missing_after_kills(installed: Live) -> None:
    outcome = run(installed, kills=KILLS, writers=make_writers(installed, CLIENTS), rng=random.Random(2))
    where = "PostgreSQL" if installed.product.environment["DATABASE_URL"] else "SQLite"
    print(f"{where}: {outcome}")  # noqa: T201 - the figures are the point
    assert outcome.kills == KILLS
    assert outcome.missing == []
    assert outcome.refused == []
    assert outcome.confirmed >= 20 * KILLS


def test_a_reload_loses_none_and_refuses_none(installed: Live) -> None:
    """As `systemctl reload` does it. Every request is sent once, on a connection that is kept."""
    writers = make_writers(installed, 6)
    with serving(installed) as process:

        def reload() -> None:
            before = children(process.pid)
            process.send_signal(signal.SIGHUP)
            wait_for_new(process.pid, before)

        connect = lambda: http.client.HTTPConnection("127.0.0.1", installed.product.port, timeout=60)  # noqa: E731
        assert save_during(reload, writers, connect) == []
    assert check_all_there(installed, writers) >= 2 * len(writers)

"""kill -9 and reloads during answer saves: nothing the server called saved may be missing.

Ten kills in the suite; the full campaign is 200 with 50 clients, on each database.
"""

from __future__ import annotations

import http.client
import os
import random
import signal

import pytest

from tests.faults.campaign import run
from tests.faults.clients import make_writers
from tests.faults.saving import check_all_there, save_during, wait_for_new
from tests.faults.serving import children_of, serving
from tests.faults.sizes import name_of, report, size
from tests.journeys.live import Live

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
KILLS = size(10, 200)
CLIENTS = size(16, 50)
ANSWERS = size(200, 10_000)
"""Answers confirmed, at least."""
HASTY = "tests.faults.planted:create_hasty_app()"


def test_the_campaign_finds_an_acknowledgement_before_the_commit(installed: Live) -> None:
    """First seen to fail: a server with a planted fault loses what it confirmed, and the campaign says so."""
    outcome = run(installed, kills=6, writers=make_writers(installed, 8), app=HASTY, rng=random.Random(1))
    assert outcome.confirmed
    assert outcome.missing


def test_nothing_confirmed_is_missing_after_kills(installed: Live) -> None:
    outcome = run(installed, kills=KILLS, writers=make_writers(installed, CLIENTS), rng=random.Random(2))
    report("kill -9 during saves", name_of(installed), outcome, "0 missing, back within 10 s")
    assert outcome.kills == KILLS
    assert outcome.missing == []
    assert outcome.refused == []
    assert outcome.confirmed >= ANSWERS


def test_a_reload_loses_none_and_refuses_none(installed: Live) -> None:
    """As `systemctl reload` does it. Every request is sent once, on a connection that is kept."""
    writers = make_writers(installed, 6)
    with serving(installed) as process:

        def reload() -> None:
            before = set(children_of(process.pid))
            os.kill(process.pid, signal.SIGHUP)
            wait_for_new(process.pid, before)

        connect = lambda: http.client.HTTPConnection("127.0.0.1", installed.product.port, timeout=60)  # noqa: E731
        assert save_during(reload, writers, connect) == []
    assert check_all_there(installed, writers) > 0

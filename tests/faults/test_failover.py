"""PostgreSQL goes away under the server: it comes back by itself, and nothing confirmed is missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.campaign import find_missing
from tests.faults.clients import Confirmed, Writer, make_writers, statuses, wait_for_saves, writing
from tests.faults.installed import opened, rest
from tests.faults.serving import page_of, serving
from tests.faults.sizes import FULL, report, size
from tests.faults.standby import (
    Pair,
    end_connections,
    follow,
    is_standby,
    kill_server,
    paired,
    set_read_only,
)
from tests.faults.watching import Health, attend_workshop, pass_test, wait_for_jobs, watched, working
from tests.journeys.live import Live
from tests.postgres import Server, free_port

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]
CLIENTS = size(8, 50)
ROUNDS = size(1, 3)
STEADY = size(40, 200)
"""Answers confirmed between two faults."""
LONGEST = 30.0
TARGET = f"back within {LONGEST:.0f} s without a restart of ours, 0 missing"
NAMES = ["pg_terminate_backend", "restart", "crash", "read-only for a while"]
full_only = pytest.mark.skipif(not FULL, reason="a fail-over of its own: in the full campaign")
STICKING = "tests.faults.planted:create_sticking_app()"


@pytest.fixture(scope="module")
def source(postgres_server: Server | None) -> Server:
    """The run's PostgreSQL; without it there is nothing to test."""
    if postgres_server is None:
        pytest.skip("PostgreSQL only")
    return postgres_server


@contextmanager
def on_pair(template: Live, source: Server) -> Iterator[tuple[Pair, Live]]:
    """An installation on a pair of servers of its own."""
    rest(template)
    name = template.product.environment["DATABASE_URL"].rpartition("/")[2]
    with paired(source) as pair, opened(template, pair.address(name)) as live:
        yield pair, live


@pytest.fixture(scope="module")
def steady(template: Live, source: Server) -> Iterator[tuple[Pair, Live]]:
    """The same for the faults after which the first server is there again."""
    with on_pair(template, source) as made:
        yield made


def database_of(live: Live) -> str:
    return live.product.environment["DATABASE_URL"].rpartition("/")[2]


def back_after(writers: list[Writer], fault: Callable[[], None]) -> float:
    """Seconds from the end of a fault until an answer sent after it was confirmed; answers go on after that."""
    wait_for_saves(writers, STEADY)
    fault()
    begin = time.monotonic()
    while True:
        heard = [one for writer in writers for one in list(writer.heard)]
        after = [one.at for one in heard if one.status == 200 and one.at - one.took >= begin]
        if after:
            wait_for_saves(writers, STEADY)
            return min(after) - begin
        if time.monotonic() - begin > 2 * LONGEST:
            raise TimeoutError(f"the server does not come back: {statuses(writers)}")
        time.sleep(0.02)


def faults_of(pair: Pair, live: Live) -> dict[str, Callable[[], None]]:
    """Faults after which the first server serves again."""

    def terminate() -> None:
        for _time in range(5):
            end_connections(pair.first, database_of(live))
            time.sleep(0.1)

    def restart() -> None:
        pair.first.stop("fast")
        pair.first.start("synchronous_standby_names=*")

    def crash() -> None:
        kill_server(pair.first)
        pair.first.start("synchronous_standby_names=*")

    def refuse() -> None:
        set_read_only(pair.first, read_only=True)
        time.sleep(0.5)
        status, said = page_of(live.product.port, "/healthz")
        assert status == 503
        assert "read_only" in said
        set_read_only(pair.first, read_only=False)

    return {"pg_terminate_backend": terminate, "restart": restart, "crash": crash, "read-only for a while": refuse}


@pytest.mark.parametrize("name", size(NAMES[:2], NAMES))
def test_the_server_comes_back_by_itself(steady: tuple[Pair, Live], name: str) -> None:
    pair, live = steady
    fault = faults_of(pair, live)[name]
    writers = make_writers(live, CLIENTS)
    with serving(live), writing(writers):
        longest = max(back_after(writers, fault) for _round in range(ROUNDS))
        status, said = page_of(live.product.port, "/healthz")
        assert (status, said) == (200, "ok\n")
    confirmed, missing = find_missing(live, writers)
    report(f"PostgreSQL: {name}", "PostgreSQL", told(longest, confirmed, missing), TARGET)
    assert missing == []
    assert longest <= LONGEST
    assert honest(writers) == set()


def told(longest: float, confirmed: int, missing: list[Confirmed]) -> str:
    return f"back within {longest:.1f} s, {confirmed} answers confirmed, {len(missing)} missing"


def honest(writers: list[Writer]) -> set[int]:
    """Statuses that are neither a receipt nor the truth about the database."""
    assert [line for writer in writers for line in writer.refused] == []
    pages = [page for writer in writers for status, page in writer.pages.items() if status == 503]
    assert all("Nothing was half done" in page or "half done" in page for page in pages)
    return set(statuses(writers)) - {200, 503, 0}


@full_only
def test_a_standby_takes_over(template: Live, source: Server) -> None:
    """kill -9 to the first server, the second is promoted; the worker goes on too."""
    with on_pair(template, source) as (pair, live):
        writers, passing = make_writers(live, CLIENTS), make_writers(live, 1)[0]
        attend_workshop(live, passing)
        marks: dict[str, float] = {}

        def fail_over() -> None:
            marks["killed"] = time.monotonic()
            kill_server(pair.first)
            time.sleep(size(1.5, 5.0))
            marks["promoted"] = time.monotonic()
            pair.promote()

        with working(live) as worker, serving(live), watched(live) as health, writing(writers):
            back = back_after(writers, fail_over)
            pass_test(passing)
            worked = wait_for_jobs(live)
            wait_for_saves(writers, STEADY)
            assert worker.poll() is None
            marks["end"] = time.monotonic()
        confirmed, missing = find_missing(live, writers)
        report(
            "PostgreSQL: fail-over to a standby",
            "PostgreSQL",
            f"{told(back, confirmed, missing)}, counted from the promotion; the worker's job done after {worked:.1f} s",
            TARGET,
        )
        check_health(health, marks)
        assert missing == []
        assert back <= LONGEST
        assert honest(writers) == set()


def check_health(health: Health, marks: dict[str, float]) -> None:
    """Well before, ill between (a moment of grace for what was on its way), well at the end."""
    assert health.between(0, marks["killed"] - 0.5) <= {200}
    assert health.between(marks["killed"] + 0.3, marks["promoted"] - 0.1) == {503}
    assert health.answers[-1][2] == 200


def test_a_host_that_takes_no_writes_is_left(steady: tuple[Pair, Live]) -> None:
    """The first server is made read-only and stays there, the second takes over; the worker goes over too. First seen
    to fail: an engine that keeps to its connections saves nothing any more, though each passes a check before use."""
    pair, live = steady
    writers, stuck, passing = make_writers(live, CLIENTS), make_writers(live, 2), make_writers(live, 1)[0]
    attend_workshop(live, passing)

    def hand_over() -> None:
        set_read_only(pair.first, read_only=True)
        time.sleep(0.5)
        pair.promote()

    with working(live) as worker, serving(live), serving_beside(live, STICKING, stuck):
        with writing(writers), writing(stuck):
            wait_for_saves(stuck, 10)
            back = back_after(writers, hand_over)
            late = time.monotonic()
            pass_test(passing)
            worked = wait_for_jobs(live)
            time.sleep(size(0.5, 10.0))
        assert [one for writer in stuck for one in writer.heard if one.status == 200 and one.at > late] == []
        assert statuses(stuck)[503] > 0
        assert worker.poll() is None
    kill_server(pair.first)
    confirmed, missing = find_missing(live, writers)
    figure = f"{told(back, confirmed, missing)}; the worker's job done after {worked:.1f} s"
    report("PostgreSQL: flip to a read-only host", "PostgreSQL", figure, TARGET)
    assert missing == []
    assert back <= LONGEST
    assert honest(writers) == set()


@contextmanager
def serving_beside(live: Live, app: str, writers: list[Writer]) -> Iterator[None]:
    """Another server on the same installation, for these writers."""
    beside = Live(replace(live.product, port=free_port()), live.app)
    for writer in writers:
        writer.port = beside.product.port
    with serving(beside, app, log=Path(live.product.instance) / "beside.log"):
        yield


@full_only
def test_the_roles_are_reversed(template: Live, source: Server) -> None:
    """The first server is stopped, the second promoted, and the first follows it from then on."""
    with on_pair(template, source) as (pair, live):
        writers = make_writers(live, CLIENTS)

        def reverse() -> None:
            pair.first.stop("fast")
            pair.promote()
            follow(pair.first, pair.second)
            assert is_standby(pair.first)

        with serving(live), writing(writers):
            back = back_after(writers, reverse)
        confirmed, missing = find_missing(live, writers)
        report("PostgreSQL: roles reversed", "PostgreSQL", told(back, confirmed, missing), TARGET)
        assert missing == []
        assert back <= LONGEST

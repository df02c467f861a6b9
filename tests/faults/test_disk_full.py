"""The disk fills up during saves: nothing is confirmed that is not there, the truth is told, and then it goes on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.campaign import find_missing
from tests.faults.clients import Writer, make_writers, statuses, wait_for_saves, wait_until_told, writing
from tests.faults.installed import copied, run_sql
from tests.faults.planted import MADE_UP
from tests.faults.serving import HONEST, Process, children_of, page_of, serving
from tests.faults.sizes import name_of, report, size
from tests.faults.small_disk import filled, limited, mounted
from tests.journeys.live import Live
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]
CLIENTS = size(8, 50)
ROUNDS = size(1, 5)
SMALL = 1024 * 1024
"""Bytes that a file may have: SQLite's log passes them in every round before it begins again at its head."""
HOLD = size(0.5, 10.0)
"""Seconds for which the disk stays full."""
MEGABYTES = 64
TARGET = "0 confirmed without a row; 507 meanwhile; goes on without a restart"
DEAF = "tests.faults.planted:create_deaf_app()"
ROOMLESS = "tests.faults.planted:create_roomless_app()"


@dataclass
class Cramped:
    """An installation on a small disk."""

    live: Live
    disk: Path

    def filled(self) -> AbstractContextManager[None]:
        """Its disk is full for the time of the block."""
        return filled(self.disk)


@pytest.fixture(scope="module")
def cramped(template: Live, postgres_server: Server | None) -> Iterator[Cramped]:
    """SQLite: the whole installation lies on the small disk; PostgreSQL: its tables do."""
    with mounted(MEGABYTES) as disk:
        if postgres_server is None:
            with copied(template, None, folder=disk) as live:
                yield Cramped(live, disk)
        else:
            with cramped_tables(template, postgres_server, disk) as live:
                yield Cramped(live, disk)


@contextmanager
def cramped_tables(template: Live, server: Server, disk: Path) -> Iterator[Live]:
    """An installation whose tables lie on the small disk; the server's own log does not."""
    place = disk / "tables"
    place.mkdir()
    shutil.chown(place, "postgres", "postgres")
    run_sql(server, f"CREATE TABLESPACE small LOCATION '{place}'")
    with copied(template, server, tablespace="small") as live:
        yield live
    name = live.product.environment["DATABASE_URL"].rpartition("/")[2]
    run_sql(server, f"DROP DATABASE {name} WITH (FORCE)", "DROP TABLESPACE small")


def fill_again_and_again(
    live: Live, writers: list[Writer], process: Process, full: list[AbstractContextManager[None]]
) -> None:
    """Fill and free while everybody answers; the server stays the same and goes on by itself."""
    workers = children_of(process.pid)
    with writing(writers):
        for block in full:
            wait_for_saves(writers, 10 * CLIENTS)
            told = statuses(writers)[507]
            with block:
                wait_until_told(writers, 507, told + CLIENTS)
                wait_for_bad_health(live.product.port)
                time.sleep(HOLD)
            wait_for_saves(writers, 10 * CLIENTS)
        assert page_of(live.product.port, "/healthz") == (200, "ok\n")
    assert children_of(process.pid) == workers


def wait_for_bad_health(port: int) -> None:
    """Ask until the health check says that the disk is full. Its own small writes may find room for a while, in what
    SQLite's log has taken already: then it is right to call itself well."""
    end = time.monotonic() + 60
    status, said = page_of(port, "/healthz")
    while status == 200 and time.monotonic() < end:
        time.sleep(0.02)
        status, said = page_of(port, "/healthz")
    assert (status, "full" in said) == (503, True)


def check_told(live: Live, writers: list[Writer], fault: str) -> None:
    """Everything confirmed is there, and the rest was told as what it is."""
    confirmed, missing = find_missing(live, writers)
    heard = statuses(writers)
    figure = f"{confirmed} confirmed, {len(missing)} missing, {heard[507]} times 507, {heard[503]} times 503"
    report(fault, name_of(live), figure, TARGET)
    assert missing == []
    assert set(heard) <= {200, 503, 507}
    assert [line for writer in writers for line in writer.refused] == []
    assert all("disk is full" in writer.pages[507] for writer in writers if 507 in writer.pages)


def test_the_campaign_finds_a_server_that_does_not_listen_to_the_disk(cramped: Cramped) -> None:
    """First seen to fail: a server with a planted fault calls answers saved that the full disk refused."""
    writers = make_writers(cramped.live, 4)
    with serving(cramped.live, DEAF), writing(writers):
        wait_for_saves(writers, 20)
        with cramped.filled():
            while max(one.revision for writer in writers for one in list(writer.confirmed)) < MADE_UP:
                time.sleep(0.02)
    _confirmed, missing = find_missing(cramped.live, writers)
    assert missing


def test_a_full_disk_is_told_and_got_over(cramped: Cramped) -> None:
    writers = make_writers(cramped.live, CLIENTS)
    with serving(cramped.live) as process:
        fill_again_and_again(cramped.live, writers, process, [cramped.filled() for _round in range(ROUNDS)])
    check_told(cramped.live, writers, "disk full during saves")


def test_figures_on_a_full_disk_kill_nobody(cramped: Cramped, postgres_server: Server | None) -> None:
    """First seen to fail: figures mapped without room on the disk kill the process that writes them."""
    if postgres_server is not None:
        pytest.skip("the installation's files are the same on both databases")
    assert ask_pages(cramped, ROOMLESS) & {0}
    assert ask_pages(cramped, HONEST) <= {200, 302, 404}


def ask_pages(cramped: Cramped, app: str) -> set[int]:
    """Statuses of pages asked for the first time when the disk is full."""
    places = ("healthz", "metrics", "verify", "search", "account", "workshops", "rosters/new", "nothing", "calendar")
    shutil.rmtree(cramped.live.product.instance / "metrics", ignore_errors=True)
    with serving(cramped.live, app), cramped.filled():
        return {page_of(cramped.live.product.port, f"/en/{place}")[0] for place in places * 3} - {503}


def test_a_file_that_may_not_grow_is_told_and_got_over(installed: Live, postgres_server: Server | None) -> None:
    """The same where nothing can be mounted: the system refuses every byte beyond a size."""
    if postgres_server is not None:
        pytest.skip("the files are another program's")
    writers = make_writers(installed, CLIENTS)
    with serving(installed) as process:
        blocks = [limited(process.all_pids(), SMALL) for _round in range(ROUNDS)]
        fill_again_and_again(installed, writers, process, blocks)
    check_told(installed, writers, "files may not grow during saves")

"""Between the write of an answer and the word that it is saved, the disk has it: seen in the system calls."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.clients import make_writers, wait_for_saves, writing
from tests.faults.serving import HONEST, children_of, serving
from tests.faults.sizes import FULL, name_of, report, size
from tests.faults.tracing import Call, read_calls, traced, why_not
from tests.journeys.live import Live
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]
CLIENTS = size(4, 16)
SAVES = size(30, 2000)
ENOUGH = 5
"""Words of a save that must be seen at least. PostgreSQL's own side shows few: a statement that the driver has prepared
goes over without its words."""
UNSYNCED = "tests.faults.planted:create_unsynced_app()"
REQUEST, RECEIPT, COMMITTED = "POST /en/attempts/", "HTTP/1.1 200 ", r"C\0\0\0\vCOMMIT\0"


@dataclass
class Seen:
    """Words that an answer is saved, and how many of them came before the disk had it."""

    said: int = 0
    early: int = 0


@pytest.fixture(autouse=True)
def tracing() -> None:
    """Where nothing can be traced the smoke is left out and says so; the full campaign fails."""
    if reason := why_not():
        pytest.fail(reason) if FULL else pytest.skip(reason)


def trace(installed: Live, server: Server | None, app: str, to: Path) -> list[Call]:
    """The calls of the web server (and of PostgreSQL) while answers are saved. PostgreSQL's processes are counted when
    the web server has its first connections: one that is not watched may sync what others wrote."""
    writers = make_writers(installed, CLIENTS)
    with serving(installed, app) as process:
        others = [server.pid, *children_of(server.pid)] if server else []
        with traced([*process.all_pids(), *others], to), writing(writers):
            wait_for_saves(writers, SAVES, patience=600)
    return read_calls(to)


def count_web(calls: list[Call], *, sqlite: bool) -> Seen:
    """In each thread, between a request and its receipt: the log was written and then synced; with PostgreSQL, its
    word that the transaction is committed was read."""
    seen, threads = Seen(), defaultdict(list)
    for call in calls:
        threads[call.thread].append(call)
    for mine in threads.values():
        saved: bool | None = None
        for call in mine:
            if call.name in ("read", "recvfrom") and REQUEST in call.words:
                saved = False
            elif sqlite and call.name.startswith("pwrite") and "-wal>" in call.words:
                saved = False if saved is not None else None
            elif saved is not None and is_on_disk(call, sqlite=sqlite):
                saved = True
            elif call.name.startswith("send") and RECEIPT in call.words and saved is not None:
                seen.said, seen.early, saved = seen.said + 1, seen.early + (not saved), None
    return seen


def is_on_disk(call: Call, *, sqlite: bool) -> bool:
    """Whether the web server knows by this call that the answer is kept."""
    if sqlite:
        return call.is_sync and "-wal>" in call.words
    return call.name in ("read", "recvfrom") and COMMITTED in call.words


def count_postgres(calls: list[Call]) -> Seen:
    """In each backend, between a COMMIT after an answer and its confirmation: some process synced the log, begun after
    the COMMIT had come."""
    seen, asked, answers = Seen(), {}, set()
    syncs = [call for call in calls if call.is_sync and "/pg_wal/" in call.words]
    for call in calls:
        if call.name == "recvfrom" and "writer" in call.words and "PGSQL" not in call.words:
            answers.add(call.thread)
        if call.name == "recvfrom" and '"Q' in call.words and "COMMIT" in call.words and call.thread in answers:
            asked[call.thread] = call.end
        if call.name == "sendto" and COMMITTED in call.words and call.thread in asked:
            answers.discard(call.thread)
            came = asked.pop(call.thread)
            seen.said += 1
            seen.early += not any(came < sync.begin and sync.end <= call.begin for sync in syncs)
    return seen


def count(calls: list[Call], server: Server | None) -> list[Seen]:
    if server is None:
        return [count_web(calls, sqlite=True)]
    return [count_web(calls, sqlite=False), count_postgres(calls)]


def test_the_trace_finds_a_commit_that_does_not_wait(
    installed: Live, postgres_server: Server | None, tmp_path: Path
) -> None:
    """First seen to fail: a server with a planted fault does not wait for the disk, and the trace says so."""
    seen = count(trace(installed, postgres_server, UNSYNCED, tmp_path / "trace"), postgres_server)[-1]
    assert seen.said >= ENOUGH
    assert seen.early > seen.said // 2


def test_every_receipt_comes_after_its_sync(installed: Live, postgres_server: Server | None, tmp_path: Path) -> None:
    seen = count(trace(installed, postgres_server, HONEST, tmp_path / "trace"), postgres_server)
    figure = ", ".join(f"{one.said} words of a save, {one.early} before the disk had it" for one in seen)
    report("sync before each receipt", name_of(installed), figure, "100 % after the sync")
    assert seen[0].said >= SAVES // 2
    assert all(one.said >= ENOUGH for one in seen)
    assert all(one.early == 0 for one in seen)

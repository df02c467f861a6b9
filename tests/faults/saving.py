"""People who save answers while something is done to the server; every request of theirs that failed is told."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence

from tests.faults.campaign import Outcome, compare
from tests.faults.clients import Writer
from tests.faults.serving import children_of
from tests.journeys.live import Live

Connect = Callable[[], http.client.HTTPConnection]


def save_during(do: Callable[[], None], writers: Sequence[Writer], connect: Connect) -> list[str]:
    """What went wrong for writers that save without a pause, each on a connection it keeps, while `do` runs: broken
    connections, refusals and answers other than 200. Nothing is sent twice."""
    stop, wrong = threading.Event(), list[str]()
    threads = [threading.Thread(target=_save_until, args=(stop, one, connect(), wrong)) for one in writers]
    for thread in threads:
        thread.start()
    try:
        do()
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    return wrong


def check_all_there(server: Live, writers: list[Writer]) -> int:
    """How many answers were confirmed; all of them are in the database."""
    outcome = Outcome()
    compare(server, writers, outcome)
    assert outcome.missing == []
    return outcome.confirmed


def wait_for_new(pid: int, before: set[int], seconds: float = 60) -> None:
    """Wait until a server has processes of its own and none of those of before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = set(children_of(pid))
        if now and not now & before:
            return
        time.sleep(0.05)
    raise AssertionError("the server was not renewed")


def _save_until(
    stop: threading.Event, writer: Writer, connection: http.client.HTTPConnection, wrong: list[str]
) -> None:
    rng = random.Random(writer.attempt_id)
    while not stop.is_set():
        step = writer._next(rng)
        try:
            status, said = writer._post(connection, step)
        except (OSError, http.client.HTTPException, ValueError) as fault:
            wrong.append(repr(fault))
            connection.close()
            continue
        writer._settle(step, status, said)
        if status != 200:
            wrong.append(f"{status} {said}")
    connection.close()

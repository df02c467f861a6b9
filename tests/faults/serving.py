"""Servers that are killed: gunicorn as `lms serve` starts it."""

from __future__ import annotations

import functools
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.core.web.metrics import SHARED
from lms.operations.serving import server_command
from tests.faults.sizes import FULL
from tests.journeys.live import Live

HONEST = "lms.app:create_server()"
PATIENCE = 60.0
"""Seconds after which a server that does not answer is given up."""
_started: dict[int, subprocess.Popen[bytes]] = {}
"""Servers of the full campaigns: kept until they are waited for, or Python warns of them."""


@dataclass(frozen=True)
class Process:
    """A server's first process; all of its processes are one group."""

    pid: int

    @property
    def is_there(self) -> bool:
        """Whether it still runs."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2]
        except OSError:
            return False
        return not state.startswith("Z")

    def all_pids(self) -> list[int]:
        """Process ids of the server and its workers."""
        return [self.pid, *children_of(self.pid)]


def children_of(pid: int) -> list[int]:
    """Process ids of the children of a process."""
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@contextmanager
def serving(
    server: Live, app: str = HONEST, *, log: Path | None = None, wait: bool = True, workers: int = 2, **environment: str
) -> Iterator[Process]:
    """The server for the time of the block, killed at its end if it still runs."""
    process = start(server, app, log=log, wait=wait, workers=workers, **environment)
    try:
        yield process
    finally:
        kill(process)


def start(
    server: Live, app: str = HONEST, *, log: Path | None = None, wait: bool = True, workers: int = 2, **environment: str
) -> Process:
    """A gunicorn as `lms serve` runs it, its figures kept in the installation; returns when it answers."""
    product = server.product
    figures = product.instance / "metrics"
    figures.mkdir(exist_ok=True)
    sqlite = not product.environment["DATABASE_URL"]
    command = [app if word == HONEST else word for word in server_command(product.port, workers, sqlite=sqlite)]
    settings = {**product.environment, SHARED: str(figures), **environment}
    process = _start(command, settings, log or product.instance / "server.log")
    deadline = time.monotonic() + PATIENCE
    if not wait:
        return process
    while time.monotonic() < deadline and process.is_there:
        if status_of(product.port, "/en/sign-in") == 200:
            return process
        time.sleep(0.02)
    kill(process)
    raise RuntimeError((product.instance / "server.log").read_text()[-3000:])


def status_of(port: int, path: str) -> int:
    """The status a page answers with; 0 when nobody answers."""
    return page_of(port, path)[0]


def page_as(writer: Any, path: str) -> str:
    """What a page says to the browser of somebody who answers."""
    connection = http.client.HTTPConnection("127.0.0.1", writer.port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": f"session={writer.cookie}"})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def page_of(port: int, path: str) -> tuple[int, str]:
    """The status a page answers with and what it says; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def kill(process: Process) -> None:
    """kill -9 to the server and all its workers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    started = _started.pop(process.pid, None)
    if started is not None:
        started.wait()
    while process.is_there:
        time.sleep(0.005)


def _start(command: list[str], environment: dict[str, str], log: Path) -> Process:
    if not FULL:
        words = command[command.index("gunicorn") + 1 :]
        return _fork({"words": words, "environment": environment, "log": str(log)})
    with log.open("ab") as file:
        started = subprocess.Popen(command, env=environment, stdout=file, stderr=file, start_new_session=True)
    _started[started.pid] = started
    return Process(started.pid)


def _fork(order: dict[str, object]) -> Process:
    nursery = _nursery()
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps(order) + "\n")
    nursery.stdin.flush()
    return Process(int(nursery.stdout.readline()))


@functools.cache
def _nursery() -> subprocess.Popen[str]:
    """The process that forks servers; it ends with this one."""
    settings = {**os.environ, SHARED: os.devnull}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=settings,
    )


assert sys.platform == "linux", "processes are killed by group"

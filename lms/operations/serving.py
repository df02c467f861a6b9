"""Run the web server, alone or with its worker as one: they start together, are started again when they die, and stop
together."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms.core.database.base import db
from lms.core.database.engine import THREADS, connections_of_process
from lms.core.errors import Refused
from lms.core.web.metrics import SHARED

IN_HAND = 30
"""Seconds a request that is being answered gets when the server stops or reloads: a sheet of slips takes so long."""
PATIENCE = IN_HAND + 5.0
"""Seconds a process gets to finish what it is doing."""
SPARE = 15
"""Connections for all else: the worker, a backup, an operator's commands, those that PostgreSQL keeps for itself."""


def check_port_free(port: int) -> None:
    """Raise Refused when somebody listens on the port of this machine already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            raise Refused(f"Port {port} cannot be used ({fault.strerror}). Name another: PORT={port + 1}.") from fault


def check_connections(processes: int) -> None:
    """Raise Refused when so many server processes may ask PostgreSQL for more connections than it gives. A database
    that is away is waited for later, by the server itself."""
    try:
        given = int(db.session.scalar(text("SHOW max_connections")) or 0)
    except SQLAlchemyError:
        return
    each = connections_of_process("postgresql") + 1  # one calls the worker
    if processes * each + SPARE > given:
        raise Refused(
            f"{processes} processes may need {processes * each + SPARE} connections and PostgreSQL gives {given}. Ask "
            f"for {max(1, (given - SPARE) // each)} (WORKERS), or raise max_connections."
        )


def server_command(port: int, workers: int, *, sqlite: bool) -> list[str]:
    """The web server's command line. On SQLite it is one process: one writer.

    Processes are not replaced after so many requests: they were not seen to grow, and replacing the only one of SQLite
    makes everyone wait. An upstream that keeps connections must let go of them before `--keep-alive` seconds.
    """
    processes, threads = (1, THREADS["sqlite"]) if sqlite else (workers, THREADS["postgresql"])
    in_memory = ("--worker-tmp-dir", "/dev/shm") if os.access("/dev/shm", os.W_OK) else ()  # noqa: S108 - a heartbeat
    return [
        *(sys.executable, "-m", "gunicorn", "lms.app:create_server()", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(processes), "--threads", str(threads), "--worker-class", "gthread"),
        *("--keep-alive", "15", "--timeout", "120", "--graceful-timeout", str(IN_HAND), "--log-level", "warning"),
        *("--no-control-socket", *in_memory),
    ]


def become(command: list[str]) -> NoReturn:
    """Turn this process into the command: whoever watches it by its number (systemd) then watches the server itself,
    and signals reach it: HUP reloads, TERM lets it finish what it has in hand."""
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - our own command


def share_figures(folder: Path) -> None:
    """Have the processes started from here keep their figures together in `folder`, emptied of those before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED] = str(folder)


def keep_running(commands: list[list[str]], *, pause: float = 0.5) -> int:
    """Run the commands until this process is told to stop (SIGINT, SIGTERM); the exit status. The first command is the
    one that matters: when it ends by itself, so does everything, and SIGHUP is passed on to it. The others are started
    again, after a `pause` (s)."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    def pass_on(number: int, _frame: FrameType | None) -> None:
        for server in running[:1]:
            server.send_signal(number)

    running: list[subprocess.Popen[bytes]] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    signal.signal(signal.SIGHUP, pass_on)
    running.extend(subprocess.Popen(command) for command in commands)
    while not stopping and running[0].poll() is None:
        time.sleep(pause)
        for place, command in enumerate(commands):
            if place and running[place].poll() is not None:
                running[place] = subprocess.Popen(command)
    status = 0 if stopping else running[0].returncode
    _stop(running)
    return status


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()

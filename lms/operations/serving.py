"""Run the web server and its worker as one: they start together, are started again when they die, and stop together."""

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

from lms.core.errors import Refused
from lms.core.web.metrics import SHARED

PATIENCE = 15.0
"""Seconds a process gets to finish what it is doing."""


def check_port_free(port: int) -> None:
    """Raise Refused when somebody listens on the port of this machine already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            raise Refused(f"Port {port} cannot be used ({fault.strerror}). Name another: PORT={port + 1}.") from fault


def server_command(port: int, workers: int, *, sqlite: bool) -> list[str]:
    """The web server's command line. On SQLite it is one process: one writer."""
    processes, threads = (1, 16) if sqlite else (workers, 8)
    return [
        *(sys.executable, "-m", "gunicorn", "lms.app:create_app()", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(processes), "--threads", str(threads), "--worker-class", "gthread"),
        *("--keep-alive", "15", "--timeout", "120", "--graceful-timeout", "10", "--log-level", "warning"),
    ]


def share_figures(folder: Path) -> None:
    """Have the processes started from here keep their figures together in `folder`, emptied of those before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED] = str(folder)


def keep_running(commands: list[list[str]], *, pause: float = 0.5) -> int:
    """Run the commands until this process is told to stop (SIGINT, SIGTERM); the exit status. The first command is the
    one that matters: when it ends by itself, so does everything. The others are started again, after a `pause` (s)."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = [subprocess.Popen(command) for command in commands]
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

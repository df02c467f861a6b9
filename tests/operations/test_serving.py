"""The server and its worker run as one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from lms.core.database.engine import CONNECTIONS_EACH, THREADS, engine_options
from lms.core.errors import Refused
from lms.operations.serving import check_connections, check_port_free, server_command

KEEP = "import sys; from lms.operations.serving import keep_running; sys.exit(keep_running({}, pause=0.05))"


def write_and(path: Path, rest: str) -> list[str]:
    """A command that adds its process id to a file and then does the rest."""
    return [sys.executable, "-c", f"import os, time; open({str(path)!r}, 'a').write(f'{{os.getpid()}}\\n'); {rest}"]


def wait_for_lines(path: Path, count: int) -> list[int]:
    """The process ids in the file once there are so many."""
    for _ in range(200):
        lines = path.read_text().split() if path.exists() else []
        if len(lines) >= count:
            return [int(line) for line in lines]
        time.sleep(0.05)
    raise AssertionError(f"{path} has not got {count} lines")


def is_alive(process: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_dead_worker_is_started_again_and_all_stop_together(tmp_path: Path) -> None:
    server, worker = tmp_path / "server", tmp_path / "worker"
    commands = [write_and(server, "time.sleep(60)"), write_and(worker, "time.sleep(60)")]
    parent = subprocess.Popen([sys.executable, "-c", KEEP.format(commands)])
    try:
        [serving] = wait_for_lines(server, 1)
        os.kill(wait_for_lines(worker, 1)[0], signal.SIGKILL)
        [_dead, second] = wait_for_lines(worker, 2)
        parent.terminate()
        assert parent.wait(20) == 0
        assert not is_alive(serving)
        assert not is_alive(second)
    finally:
        parent.kill()
        parent.wait()


def test_when_the_server_ends_so_does_everything(tmp_path: Path) -> None:
    worker = tmp_path / "worker"
    commands = [write_and(tmp_path / "server", "time.sleep(1); exit(3)"), write_and(worker, "time.sleep(60)")]
    assert subprocess.run([sys.executable, "-c", KEEP.format(commands)], check=False, timeout=30).returncode == 3
    assert not is_alive(wait_for_lines(worker, 1)[0])


def test_a_port_in_use_is_refused_with_another_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"PORT={port + 1}"):
            check_port_free(port)
    check_port_free(port)


def test_a_call_to_reload_is_passed_on_to_the_server(tmp_path: Path) -> None:
    server = (
        "import signal, time; from pathlib import Path; "
        f"signal.signal(signal.SIGHUP, lambda *_: Path({str(tmp_path / 'told')!r}).write_text('1')); "
        f"Path({str(tmp_path / 'server')!r}).write_text('1'); "
        "[time.sleep(0.1) for _ in range(600)]"
    )
    parent = subprocess.Popen([sys.executable, "-c", KEEP.format([[sys.executable, "-c", server]])])
    try:
        wait_for_lines(tmp_path / "server", 1)
        parent.send_signal(signal.SIGHUP)
        wait_for_lines(tmp_path / "told", 1)
        assert parent.poll() is None
    finally:
        parent.terminate()
        parent.wait(20)


def test_so_many_processes_that_the_database_would_refuse_them_are_refused(app: Flask, database_kind: str) -> None:
    check_connections(2)
    if database_kind == "postgresql":
        with pytest.raises(Refused, match=r"WORKERS.*max_connections"):
            check_connections(1000)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql+psycopg://cascade@one/lms"])
def test_no_thread_waits_for_a_connection_that_another_thread_holds(url: str) -> None:
    """Otherwise threads that hold one and wait for their second would wait for each other."""
    threads, options = THREADS[url.partition(":")[0].partition("+")[0]], engine_options(url)
    assert options["pool_size"] + options["max_overflow"] >= threads * CONNECTIONS_EACH
    command = server_command(8000, 2, sqlite=url.startswith("sqlite"))
    assert command[command.index("--threads") + 1] == str(threads)


def test_the_server_listens_on_this_machine_only() -> None:
    command = server_command(8000, 2, sqlite=False)
    assert command[command.index("--bind") + 1] == "127.0.0.1:8000"


def test_sqlite_is_served_by_one_process() -> None:
    assert server_command(8000, 4, sqlite=True)[5:].count("1") == 1
    assert "4" in server_command(8000, 4, sqlite=False)

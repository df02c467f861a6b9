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

from lms.core.errors import Refused
from lms.operations.serving import check_port_free, server_command

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


def test_sqlite_is_served_by_one_process() -> None:
    assert server_command(8000, 4, sqlite=True)[5:].count("1") == 1
    assert "4" in server_command(8000, 4, sqlite=False)

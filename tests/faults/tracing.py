"""System calls of a server as strace sees them, in the order in which it sees them."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CALLS = "read,recvfrom,write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync"
LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$")
WHOLE = re.compile(r"^(?P<name>\w+)\((?P<words>.*)\) += (?P<result>-?\d+)")
BEGUN = re.compile(r"^(?P<name>\w+)\((?P<words>.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^<\.\.\. (?P<name>\w+) resumed>(?P<words>.*)\) += (?P<result>-?\d+)")


@dataclass(frozen=True)
class Call:
    """A system call that is over: of which thread, when it began and ended (places in the trace), and what it said."""

    thread: int
    begin: int
    end: int
    name: str
    words: str
    result: int

    @property
    def is_sync(self) -> bool:
        """Whether it waited for the disk, and the disk said yes."""
        return self.name in ("fsync", "fdatasync") and self.result == 0


@cache
def why_not() -> str:
    """Why nothing can be traced on this machine; empty when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed: apt-get install strace"
    done = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"strace may not trace here: {done.stderr.strip()[-200:]}"


@contextmanager
def traced(pids: list[int], to: Path) -> Iterator[None]:
    """Write every call of these processes, their threads and children into a file for the time of the block."""
    attach = [word for pid in pids for word in ("-p", str(pid))]
    command = ["strace", "-f", "-y", "-s", "4000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(to), *attach]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not all(_is_traced(pid) for pid in pids):
            if process.poll() is not None:
                raise RuntimeError("strace ended by itself")
            time.sleep(0.02)
        yield
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def read_calls(trace: Path) -> list[Call]:
    """The calls of a trace, in the order in which they ended."""
    begun: dict[int, tuple[int, str, str]] = {}
    calls = []
    for place, line in enumerate(trace.read_text(errors="replace").splitlines()):
        found = LINE.match(line)
        if found is None:
            continue
        thread, rest = int(found["pid"]), found["rest"]
        if whole := WHOLE.match(rest):
            calls.append(Call(thread, place, place, whole["name"], whole["words"], int(whole["result"])))
        elif start := BEGUN.match(rest):
            begun[thread] = (place, start["name"], start["words"])
        elif (end := RESUMED.match(rest)) and thread in begun:
            first, name, words = begun.pop(thread)
            calls.append(Call(thread, first, place, name, words + end["words"], int(end["result"])))
    return calls


def _is_traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    return "TracerPid:\t0\n" not in status

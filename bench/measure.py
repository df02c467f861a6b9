"""How the figures are taken: CPU of whole process trees, medians of rounds, a small browser without a screen."""

from __future__ import annotations

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode, urlsplit

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    said: str
    seconds: float
    cpu: float
    """Seconds, of the command alone: a database server's are not in it."""
    memory: float
    """The most it held, MB."""

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s CPU), {self.memory:.0f} MB"


def run(environment: Mapping[str, str], *command: str) -> Ran:
    """Run a Python module with its words. Raises RuntimeError with its complaint when it fails."""
    begin = perf_counter()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaint:
        words = [sys.executable, "-m", *command]
        process = subprocess.Popen(words, env=dict(environment), stdout=said, stderr=complaint)
        _pid, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complaint.seek(0)
        if process.returncode:
            raise RuntimeError(complaint.read().decode()[-3000:])
        return Ran(said.read().decode(), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def tree(root: int) -> set[int]:
    """Process ids of `root` and everything below it now."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, size = {root}, 0
    while len(found) != size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """CPU seconds used so far by the process trees under `roots`, ended children included."""
    total = 0
    for root in roots:
        for pid in tree(root):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += sum(int(value) for value in fields[11:15])
    return total / TICKS


def rounds(work: Callable[[], object], n: int = 5) -> tuple[float, float, float]:
    """Seconds of `n` rounds of `work` after one to warm up: (minimum, median, maximum)."""
    work()
    times = []
    for _ in range(n):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times), statistics.median(times), max(times)


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Browser:
    """One connection that keeps cookies and follows redirects: a learner without a screen."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        self.cookies: dict[str, str] = {}
        self.path = "/"
        self.requests = 0
        self.status = 0

    def open(self, path: str, form: dict[str, str] | None = None) -> str:
        """The text of a page, redirects followed."""
        body = urlencode(form) if form is not None else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._send("POST" if form is not None else "GET", path, body, headers)
        text = answer.read().decode("utf-8", "replace")
        self.status = answer.status
        target = answer.getheader("Location")
        if answer.status in (302, 303) and target:
            return self.open(urlsplit(target)._replace(scheme="", netloc="").geturl())
        self.path = path
        return text

    def send_json(self, path: str, body: str, token: str) -> tuple[int, bytes]:
        """Status and content of a JSON post."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/json", "X-CSRFToken": token}
        answer = self._send("POST", path, body, headers)
        return answer.status, answer.read()

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.requests += 1
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def token_of(page: str) -> str:
    """The CSRF token of a page with a form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise ValueError(f"no form on the page: {page[:300]}")
    return found.group(1)


def line(work: str, ours: str, beside: str = "", target: str = "") -> None:
    """One row of the table."""
    print(f"| {work} | {ours} | {beside} | {target} |", flush=True)

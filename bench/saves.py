"""Saves of answers through the real server: time of one, and CPU beside a bare upsert route in the same server.

    python -m bench.saves [sqlite] [postgresql]

The load client runs on the same machine; its CPU is not counted, that of server and database is.
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import bindparam, text

from bench.measure import cpu_seconds, line, quantile
from lms.app import create_server
from lms.core.database.base import db
from lms.core.database.engine import own_transaction
from lms.core.web import access
from lms.core.web.setup import csrf
from tests.faults.clients import Writer, make_writers
from tests.faults.serving import serving
from tests.journeys.live import Live, live
from tests.postgres import Server, running

APP = "bench.saves:create_bench_app()"
SECONDS = 4.0
ROUNDS = 3
CROWDS = (8, 32)
UPSERT = text(
    "INSERT INTO bench_bare (id, value) VALUES (:id, :value) ON CONFLICT (id) DO UPDATE SET value = excluded.value"
).bindparams(bindparam("id"), bindparam("value"))


@dataclass
class Figures:
    """What one load gave: seconds of each request, CPU seconds in all."""

    times: list[float]
    cpu: float
    seconds: float

    @property
    def cpu_each(self) -> float:
        """CPU of one request, microseconds."""
        return 1e6 * self.cpu / len(self.times)

    def __str__(self) -> str:
        p50, p99 = (1000 * quantile(self.times, share) for share in (0.5, 0.99))
        return f"{p50:.1f} / {p99:.1f} ms, {len(self.times) / self.seconds:.0f}/s, {self.cpu_each:.0f} us CPU"


def create_bench_app() -> Flask:
    """The app with two routes more: one does nothing but one upsert, one only returns a word."""
    app = create_server()
    with app.app_context(), own_transaction() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS bench_bare (id INTEGER PRIMARY KEY, value TEXT)"))

    def bare() -> Response:
        data = request.get_json()
        with own_transaction() as connection:
            connection.execute(UPSERT, {"id": data["id"], "value": json.dumps(data["response"])})
        return jsonify(saved=True)

    app.add_url_rule("/bare", "bare", csrf.exempt(access.public(bare)), methods=["POST"])
    app.add_url_rule("/word", "word", access.public(lambda: "word"))
    return app


def save(writer: Writer, rng: random.Random) -> tuple[str, dict[str, Any]]:
    """Address and content of the next answer."""
    writer.seq += 1
    position = rng.randint(1, len(writer.responses))
    step = {"position": position, "client": "writer", "seq": writer.seq, "base": 0}
    return f"/en/attempts/{writer.attempt_id}/answers", {**step, "response": writer.responses[position]}


def upsert(writer: Writer, rng: random.Random) -> tuple[str, dict[str, Any]]:
    """Address and content of a bare upsert of the same size."""
    _address, step = save(writer, rng)
    return "/en/bare", {**step, "id": writer.attempt_id * 100 + step["position"]}


def load(server: Live, writers: list[Writer], make: Callable[..., Any], roots: list[int]) -> Figures:
    """All writers at once for some seconds."""
    stop = threading.Event()
    before, begin = cpu_seconds(roots), perf_counter()
    with ThreadPoolExecutor(len(writers)) as pool:
        waiting = [pool.submit(_write, server.product.port, writer, make, stop) for writer in writers]
        stop.wait(SECONDS)
        stop.set()
        times = [seconds for one in waiting for seconds in one.result()]
    return Figures(times, cpu_seconds(roots) - before, perf_counter() - begin)


def _write(port: int, writer: Writer, make: Callable[..., Any], stop: threading.Event) -> list[float]:
    rng, times = random.Random(writer.attempt_id), []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"session={writer.cookie}", "Content-Type": "application/json", "X-CSRFToken": writer.token}
    while not stop.is_set():
        address, content = make(writer, rng)
        begin = perf_counter()
        connection.request("POST", address, json.dumps(content), headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise ValueError(f"{address}: {answer.status} {said[:200]!r}")
        times.append(perf_counter() - begin)
    connection.close()
    return times


def measure(database: Server | None) -> None:
    """The rows of one database."""
    name = "PostgreSQL" if database else "SQLite"
    with live(database) as server:
        writers = make_writers(server, max(CROWDS))
        with serving(server, APP) as process:
            roots = [process.pid] + ([database.pid] if database else [])
            for crowd in CROWDS:
                load(server, writers[:crowd], save, roots)  # to warm up
                saves, bares = zip(*(_round(server, writers[:crowd], roots) for _ in range(ROUNDS)), strict=True)
                ratio = statistics.median(one.cpu_each / two.cpu_each for one, two in zip(saves, bares, strict=True))
                target = "<= 10 / 60 ms, <= 2 x" if crowd == CROWDS[0] else "<= 40 / 150 ms, <= 2 x"
                said = f"{_middle(saves)}: {ratio:.2f} x the CPU"
                line(f"a saved answer, {name}, {crowd} clients", said, f"bare upsert {_middle(bares)}", target)
        with server.app.app_context():
            db.engine.dispose()


def _round(server: Live, writers: list[Writer], roots: list[int]) -> tuple[Figures, Figures]:
    return load(server, writers, save, roots), load(server, writers, upsert, roots)


def _middle(rounds: tuple[Figures, ...]) -> Figures:
    return sorted(rounds, key=lambda one: one.cpu_each)[len(rounds) // 2]


def main(names: list[str]) -> None:
    """The rows of the databases named; of both when none is."""
    line("work", "ours, p50 / p99", "beside", "target")
    line("---", "---", "---", "---")
    if not names or "sqlite" in names:
        measure(None)
    if not names or "postgresql" in names:
        with running() as database:
            measure(database)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Kill the server again and again while answers are saved, and compare what it confirmed with what the database has."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.actions import start_attempt
from lms.assessment.models import AnswerStep, Attempt
from lms.core.database.base import db
from lms.learning.models import Enrolment
from lms.operations.serving import server_command
from tests.factories.assessment import let_time_pass, right_response
from tests.factories.commissions import scope
from tests.journeys.live import Live

HONEST = "lms.app:create_app()"
PATIENCE = 60.0
"""Seconds after which a server that does not answer is given up."""


@dataclass(frozen=True)
class Confirmed:
    """An answer the server called saved."""

    attempt_id: int
    position: int
    revision: int
    response: str
    """As JSON."""


@dataclass
class Writer:
    """Somebody who answers as fast as the server lets them, and writes down what was confirmed."""

    attempt_id: int
    cookie: str
    token: str
    responses: dict[int, dict[str, Any]]
    """A well-formed answer for each position."""
    port: int
    confirmed: list[Confirmed] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seq: int = 0

    def write(self, stop: threading.Event) -> None:
        """Answer until told to stop. A step without a receipt is sent again as it is."""
        rng, waiting = random.Random(self.attempt_id), None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not stop.is_set():
            waiting = waiting or self._next(rng)
            try:
                status, said = self._post(connection, waiting)
            except (OSError, http.client.HTTPException, ValueError):
                connection.close()
                stop.wait(0.05)
                continue
            if status == 200:
                self._note(waiting, said)
                waiting = None
            elif status < 500:
                self.refused.append(f"{status} {said}")
                waiting = None
        connection.close()

    def _next(self, rng: random.Random) -> dict[str, Any]:
        self.seq += 1
        position = rng.randint(1, len(self.responses))
        response = self.responses[position] if rng.random() < 0.7 else {}
        return {"position": position, "client": "writer", "seq": self.seq, "base": 0, "response": response}

    def _post(self, connection: http.client.HTTPConnection, step: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {
            "Cookie": f"session={self.cookie}",
            "Content-Type": "application/json",
            "X-CSRFToken": self.token,
        }
        connection.request("POST", f"/en/attempts/{self.attempt_id}/answers", json.dumps(step), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def _note(self, step: dict[str, Any], said: dict[str, Any]) -> None:
        response = json.dumps(step["response"], sort_keys=True)
        self.confirmed.append(Confirmed(self.attempt_id, step["position"], said["revision"], response))


@dataclass
class Outcome:
    """What a campaign came to."""

    kills: int = 0
    confirmed: int = 0
    missing: list[Confirmed] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds until a killed server answered again, at most."""

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.confirmed} answers confirmed, {len(self.missing)} missing, "
            f"back within {self.slowest:.1f} s"
        )


def make_writers(server: Live, count: int) -> list[Writer]:
    """Writers, each with an attempt that lasts ten hours."""
    learners = [server.make_learner() for _ in range(count)]
    writers = []
    for learner in learners:
        with server.inside():
            enrolment = db.session.get_one(Enrolment, learner.enrolment_id)
            account = db.session.get_one(Account, learner.account_id)
            attempt = start_attempt(enrolment=enrolment, by=scope(account))
            let_time_pass(attempt, hours=-10)
            responses = {asked.position: right_response(asked) for asked in queries.list_paper(attempt.id)}
            writers.append(Writer(attempt.id, learner.cookie, learner.token, responses, server.product.port))
    return writers


def run(server: Live, *, kills: int, writers: list[Writer], app: str = HONEST, rng: random.Random) -> Outcome:
    """Kill the server (all its processes, at once) `kills` times at random moments; after each restart everything
    confirmed so far must be in the database."""
    outcome, stop = Outcome(), threading.Event()
    with serving(server, app) as first:
        process = first
        threads = [threading.Thread(target=writer.write, args=(stop,)) for writer in writers]
        for thread in threads:
            thread.start()
        try:
            for _kill in range(kills):
                time.sleep(rng.uniform(0.3, 1.5))
                kill(process)
                begin = time.monotonic()
                process = start(server, app)
                outcome.slowest = max(outcome.slowest, time.monotonic() - begin)
                outcome.kills += 1
                compare(server, writers, outcome)
                if outcome.missing:
                    break
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=30)
            kill(process)
    compare(server, writers, outcome)
    outcome.refused = [line for writer in writers for line in writer.refused]
    return outcome


def compare(server: Live, writers: list[Writer], outcome: Outcome) -> None:
    """Add to the outcome what was confirmed and is missing, or stands there otherwise, and check the file's health."""
    confirmed = [one for writer in writers for one in list(writer.confirmed)]
    with server.inside():
        steps = db.session.execute(
            select(AnswerStep.id, AnswerStep.attempt_id, AnswerStep.position, AnswerStep.response).where(
                AnswerStep.stale.is_(False)
            )
        )
        there = {
            Confirmed(attempt, position, revision, json.dumps(response, sort_keys=True))
            for revision, attempt, position, response in steps
        }
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert db.session.scalar(select(Attempt.id).where(Attempt.state != "open")) is None
    outcome.confirmed = len(confirmed)
    outcome.missing = [one for one in confirmed if one not in there]


@contextmanager
def serving(server: Live, app: str = HONEST) -> Iterator[subprocess.Popen[bytes]]:
    """The server for the time of the block, killed at its end if it still runs."""
    process = start(server, app)
    try:
        yield process
    finally:
        kill(process)


def start(server: Live, app: str = HONEST) -> subprocess.Popen[bytes]:
    """A gunicorn as `lms serve` runs it; returns when it answers."""
    product = server.product
    sqlite = not product.environment["DATABASE_URL"]
    command = [app if word == HONEST else word for word in server_command(product.port, 2, sqlite=sqlite)]
    with (product.instance / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=product.environment, stdout=log, stderr=log, start_new_session=True)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=5)
        try:
            connection.request("GET", "/en/sign-in")
            if connection.getresponse().status == 200:
                return process
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    kill(process)
    raise RuntimeError((product.instance / "server.log").read_text()[-3000:])


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 to the server and all its workers."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


def is_hurried() -> bool:
    """Whether the short campaign of the suite runs, not the full one."""
    return "FAULT_KILLS" not in os.environ


assert sys.platform == "linux", "processes are killed by group"

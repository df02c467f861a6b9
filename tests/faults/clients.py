"""People who answer as fast as the server lets them, and write down what it confirmed."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.actions import start_attempt
from lms.core.database.base import db
from lms.learning.models import Enrolment
from tests.factories.assessment import right_response
from tests.factories.commissions import scope
from tests.journeys.live import Live

BREATH = 0.05
"""Seconds before a step without a receipt is sent again."""
BROKEN = 0
"""The status of a link that broke."""


@dataclass(frozen=True)
class Confirmed:
    """An answer the server called saved."""

    attempt_id: int
    position: int
    revision: int
    response: str
    """As JSON."""


class Heard(NamedTuple):
    """One answer of the server: when (monotonic seconds), after how long, and with which status."""

    at: float
    took: float
    status: int


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
    heard: list[Heard] = field(default_factory=list)
    pages: dict[int, str] = field(default_factory=dict)
    """The last page of each status from 500."""
    pause: float = 0.0
    """Seconds of thought between two answers, on average."""
    seq: int = 0

    def write(self, stop: threading.Event) -> None:
        """Answer until told to stop. A step without a receipt is sent again as it is."""
        rng, waiting = random.Random(self.attempt_id), None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not stop.wait(rng.uniform(0, 2) * self.pause):
            waiting = waiting or self._next(rng)
            begin = time.monotonic()
            try:
                status, said = self._post(connection, waiting)
            except (OSError, http.client.HTTPException):
                connection.close()
                status, said = BROKEN, ""
            self.heard.append(Heard(time.monotonic(), time.monotonic() - begin, status))
            if self._settle(waiting, status, said):
                waiting = None
            else:
                stop.wait(BREATH)
        connection.close()

    def _settle(self, step: dict[str, Any], status: int, said: str) -> bool:
        """Whether the step is done with."""
        if status == 200:
            response = json.dumps(step["response"], sort_keys=True)
            self.confirmed.append(
                Confirmed(self.attempt_id, step["position"], int(json.loads(said)["revision"]), response)
            )
        elif status >= 500:
            self.pages[status] = said
        elif status != BROKEN:
            self.refused.append(f"{status} {said[:200]}")
        return status != BROKEN and status < 500

    def _next(self, rng: random.Random) -> dict[str, Any]:
        self.seq += 1
        position = rng.randint(1, len(self.responses))
        response = self.responses[position] if rng.random() < 0.7 else {}
        return {"position": position, "client": "writer", "seq": self.seq, "base": 0, "response": response}

    def post(self, step: dict[str, Any]) -> tuple[int, str]:
        """Send one answer: the status, and what was said."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            return self._post(connection, step)
        finally:
            connection.close()

    def _post(self, connection: http.client.HTTPConnection, step: dict[str, Any]) -> tuple[int, str]:
        headers = {
            "Cookie": f"session={self.cookie}",
            "Content-Type": "application/json",
            "X-CSRFToken": self.token,
        }
        connection.request("POST", f"/en/attempts/{self.attempt_id}/answers", json.dumps(step), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def make_writers(server: Live, count: int, *, pause: float = 0.0) -> list[Writer]:
    """Writers, each with an attempt that lasts ten hours."""
    learners = server.make_learners(count)
    writers = []
    with server.inside():
        for learner in learners:
            enrolment = db.session.get_one(Enrolment, learner.enrolment_id)
            account = db.session.get_one(Account, learner.account_id)
            attempt = start_attempt(enrolment=enrolment, by=scope(account))
            attempt.deadline += timedelta(hours=10)
            responses = {asked.position: right_response(asked) for asked in queries.list_paper(attempt.id)}
            port = server.product.port
            writers.append(Writer(attempt.id, learner.cookie, learner.token, responses, port, pause=pause))
    return writers


@contextmanager
def writing(writers: list[Writer]) -> Iterator[None]:
    """All of them answer for the time of the block."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.write, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=90)


def statuses(writers: list[Writer]) -> Counter[int]:
    """How often each status was heard."""
    return Counter(one.status for writer in writers for one in list(writer.heard))


def wait_for_saves(writers: list[Writer], count: int, *, patience: float = 60.0) -> float:
    """Seconds until so many more answers were confirmed; raises TimeoutError when they are not."""
    begin, wanted = time.monotonic(), sum(len(writer.confirmed) for writer in writers) + count
    while sum(len(writer.confirmed) for writer in writers) < wanted:
        if time.monotonic() - begin > patience:
            raise TimeoutError(f"no answer is saved any more: {statuses(writers)}")
        time.sleep(0.01)
    return time.monotonic() - begin


def wait_until_told(writers: list[Writer], status: int, count: int, *, patience: float = 60.0) -> None:
    """Return when so many answers of this status were heard; raises TimeoutError when they are not."""
    begin = time.monotonic()
    while statuses(writers)[status] < count:
        if time.monotonic() - begin > patience:
            raise TimeoutError(f"nobody says {status}: {statuses(writers)}")
        time.sleep(0.02)

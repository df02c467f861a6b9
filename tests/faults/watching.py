"""What the health check says, asked again and again, and the worker beside the server."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy import select

from lms.assessment.models import Attempt
from lms.certificates.queries import RENDER
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.core.jobs.models import Job
from lms.learning.actions import complete_activity
from lms.learning.rules import WORKSHOP
from tests.faults.clients import Writer
from tests.faults.serving import status_of
from tests.journeys.live import Live
from tests.journeys.region import LMS

EVERY = 0.1


@dataclass
class Health:
    """Answers of the health check: when asked, when answered (monotonic seconds), and the status."""

    answers: list[tuple[float, float, int]] = field(default_factory=list)

    def between(self, begin: float, end: float) -> set[int]:
        """What it said when asked and answered in this time."""
        return {status for asked, answered, status in self.answers if begin <= asked and answered <= end}


@contextmanager
def watched(server: Live) -> Iterator[Health]:
    """The health check asked ten times a second."""
    health, stop = Health(), threading.Event()

    def watch() -> None:
        while not stop.wait(EVERY):
            asked = time.monotonic()
            status = status_of(server.product.port, "/healthz")
            health.answers.append((asked, time.monotonic(), status))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield health
    finally:
        stop.set()
        thread.join()


@contextmanager
def working(server: Live, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`lms worker` for the time of the block, killed at its end."""
    with (server.product.instance / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            list(words) or [*LMS, "worker"],
            env=server.product.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def attend_workshop(server: Live, writer: Writer) -> None:
    """Only the test is left to be passed: the certificate comes with it, which the worker makes."""
    with server.inside():
        enrolment = db.session.get_one(Attempt, writer.attempt_id).enrolment
        complete_activity(enrolment=enrolment, activity=WORKSHOP, by=SYSTEM)


def pass_test(writer: Writer) -> None:
    """The writer gives the right answers and sends them."""
    for position, response in writer.responses.items():
        step = {"position": position, "client": "whole", "seq": position, "base": 0, "response": response}
        assert writer.post(step)[0] == 200
    assert post(writer, f"/en/attempts/{writer.attempt_id}/send")[0] == 302


def post(writer: Writer, path: str, **fields: str) -> tuple[int, str]:
    """Send a plain form as the writer's browser: the status, and where it leads or what it says."""
    return send_form(writer.port, writer.cookie, path, csrf_token=writer.token, **fields)


def send_form(port: int, cookie: str, path: str, **fields: str) -> tuple[int, str]:
    """Send a plain form: the status, and where it leads or what it says; 0 when the link broke."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"session={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        return answer.status, answer.headers.get("Location") or said
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def wait_for_jobs(server: Live, kind: str = RENDER, *, patience: float = 90.0) -> float:
    """Seconds until there are jobs of a kind and all are done; raises TimeoutError with how they stand."""
    begin = time.monotonic()
    with server.app.app_context():
        db.engine.dispose()  # this process too may hold connections to a host that others have left
    while True:
        with server.inside():
            jobs = db.session.execute(select(Job.state, Job.tries, Job.sentence).where(Job.kind == kind)).all()
        if jobs and all(job.state == "done" for job in jobs):
            return time.monotonic() - begin
        if time.monotonic() - begin > patience:
            raise TimeoutError(f"later work is not done: {jobs}")
        time.sleep(0.1)

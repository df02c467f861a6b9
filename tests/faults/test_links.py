"""The link is cut at any step, pages are doubled, packets come late, twice and in any order: over HTTP, on the served
product. What each statement does alone is in tests/assessment."""

from __future__ import annotations

import http.client
import json
import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.assessment import queries
from lms.assessment.models import AnswerStep, Attempt
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.questions.kinds.shapes import WHOLE
from tests.faults.clients import Writer, make_writers
from tests.faults.serving import HONEST, serving
from tests.faults.sizes import name_of, report, size
from tests.faults.watching import post
from tests.journeys.live import Live

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
ATTEMPTS = size(30, 1000)
ANSWERS = size(8, 14)
"""Answers given in each attempt, on one page or the other."""
PLACES = 3
"""Questions that are answered, so that answers meet."""
CROWD = 20
"""Buttons pressed at once at the end of each attempt."""
FORGETFUL = "tests.faults.planted:create_forgetful_app()"


@dataclass
class Page:
    """One open page: its name, the number of its last answer, and the revision it has seen of each place."""

    name: str
    seq: int = 0
    seen: dict[int, int] = field(default_factory=dict)


@dataclass
class Sitting:
    """Somebody who answers on two pages over a bad link, as the script of the pages does."""

    writer: Writer
    rng: random.Random
    pages: list[Page] = field(default_factory=lambda: [Page("first"), Page("second")])
    meant: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The answer the person wanted last at each place, and was told is saved."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    """Every packet that may still be on its way."""
    confirmed: int = 0
    cut: int = 0

    def answer(self) -> None:
        """Give an answer somewhere and go on until its receipt is here; packets of before arrive in between."""
        page, position = self.rng.choice(self.pages), self.rng.randint(1, PLACES)
        response = self.writer.responses[position] if self.rng.random() < 0.7 else {}
        if page.seen.get(position) and self.rng.random() < 0.3:
            self.hurry(page, position)
        self.insist(page, position, response)
        self.meant[position] = response
        for late in self.rng.sample(self.sent, min(len(self.sent), 2)):
            self.deliver(late)

    def hurry(self, page: Page, position: int) -> None:
        """An answer changed again before its receipt came: it is sent and overtaken."""
        page.seq += 1
        step = {"position": position, "client": page.name, "seq": page.seq, "base": page.seen[position]}
        self.sent.append({**step, "response": self.writer.responses[position]})

    def insist(self, page: Page, position: int, response: dict[str, Any]) -> None:
        """Send an answer until it counts; where another page answered meanwhile, say that this one counts."""
        page.seq += 1
        while True:
            step = {"position": position, "client": page.name, "seq": page.seq, "base": page.seen.get(position, 0)}
            step["response"] = response
            self.sent.append(step)
            status, said = self.deliver(step)
            if status == 200:
                page.seen[position] = said["revision"]
                self.confirmed += 1
                return
            if status == 409:
                page.seen[position] = said["revision"]
                page.seq += 1
            else:
                assert status == 0, said

    def deliver(self, step: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send a packet over the bad link, sometimes twice; (0, {}) when the link was cut before the receipt came."""
        answers = [self.send(step) for _time in range(2 if self.rng.random() < 0.2 else 1)]
        return answers[-1]

    def send(self, step: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """One packet over the link, which may be cut at any byte of it, or before its receipt is read."""
        content = json.dumps(step).encode()
        head = (
            f"POST /en/attempts/{self.writer.attempt_id}/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Cookie: session={self.writer.cookie}\r\nX-CSRFToken: {self.writer.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        packet = head.encode() + content
        chance = self.rng.random()
        with socket.create_connection(("127.0.0.1", self.writer.port), timeout=60) as link:
            if chance < 0.1:
                self.cut += 1
                link.sendall(packet[: self.rng.randrange(len(packet))])
                return 0, {}
            link.sendall(packet)
            if chance < 0.25:
                self.cut += 1
                return 0, {}
            answer = http.client.HTTPResponse(link)
            answer.begin()
            return answer.status, json.loads(answer.read())

    def finish(self) -> list[tuple[int, str]]:
        """Many buttons pressed at once; then everything that was still on its way arrives."""
        barrier = Barrier(CROWD)

        def press(_number: int) -> tuple[int, str]:
            barrier.wait()
            return post(self.writer, f"/en/attempts/{self.writer.attempt_id}/send")

        with ThreadPoolExecutor(CROWD) as pool:
            return list(pool.map(press, range(CROWD)))


@dataclass
class Tally:
    """What many sittings came to."""

    attempts: int = 0
    confirmed: int = 0
    cut: int = 0
    lost: list[int] = field(default_factory=list)
    """Attempts in which another answer counts than the one meant last."""
    several: list[int] = field(default_factory=list)
    """Attempts closed more than once, or whose senders were not all led to the one result."""
    written_after: int = 0
    """Answers written after the end."""

    def __str__(self) -> str:
        return (
            f"{self.attempts} attempts, {self.confirmed} answers confirmed, {self.cut} links cut: {len(self.lost)} "
            f"with another answer than the one meant last, {len(self.several)} with more than one result of {CROWD} "
            f"sends, {self.written_after} answers written after the end"
        )


def sit(live: Live, writer: Writer, tally: Tally) -> None:
    """One attempt from the first answer to the last late packet."""
    sitting = Sitting(writer, random.Random(writer.attempt_id))
    for _answer in range(ANSWERS):
        sitting.answer()
    presses = sitting.finish()
    with live.inside():
        before = count_steps(writer.attempt_id)
    for late in sitting.rng.sample(sitting.sent, len(sitting.sent)):
        sitting.send(late)
    sitting.send({"position": 1, "client": "new", "seq": 1, "base": 0, "response": writer.responses[1]})
    with live.inside():
        tally.written_after += count_steps(writer.attempt_id) - before
        answers = queries.list_answers(writer.attempt_id)
        counted = {position: answer.response for position, answer in answers.items()}
        attempt = db.session.get_one(Attempt, writer.attempt_id)
        right = sum(response == writer.responses[position] for position, response in sitting.meant.items())
        if counted != sitting.meant or attempt.credit != right * WHOLE:
            tally.lost.append(attempt.id)
        if {status for status, _where in presses} != {302} or len(set(presses)) > 1 or count_closings(attempt.id) != 1:
            tally.several.append(attempt.id)
    tally.attempts += 1
    tally.confirmed += sitting.confirmed
    tally.cut += sitting.cut


def count_steps(attempt_id: int) -> int:
    return db.session.scalar(select(func.count()).where(AnswerStep.attempt_id == attempt_id)) or 0


def count_closings(attempt_id: int) -> int:
    closed = select(func.count()).where(
        AuditEntry.subject == f"attempt:{attempt_id}", AuditEntry.action == "assessment.attempt_closed"
    )
    return db.session.scalar(closed) or 0


@contextmanager
def sat(live: Live, app: str, attempts: int) -> Iterator[Tally]:
    """So many attempts, four at a time."""
    tally, writers = Tally(), make_writers(live, attempts)
    with serving(live, app), ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda writer: sit(live, writer, tally), writers))
    yield tally


def test_the_campaign_finds_a_late_packet_that_wins(installed: Live) -> None:
    """First seen to fail: on a server with a planted fault a packet that was long on its way counts."""
    with sat(installed, FORGETFUL, 16) as tally:
        assert tally.lost


def test_what_was_meant_last_counts_whatever_the_link_does(installed: Live) -> None:
    with sat(installed, HONEST, ATTEMPTS) as tally:
        report("links cut, pages doubled, packets late", name_of(installed), tally, "0, 0, 0")
        assert tally.attempts == ATTEMPTS
        assert tally.lost == []
        assert tally.several == []
        assert tally.written_after == 0

"""Somebody who answers on two pages over a bad link: cut at any byte, packets late, twice and in any order."""

from __future__ import annotations

import http.client
import json
import random
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

from tests.faults.clients import Writer
from tests.faults.watching import post
from tests.journeys.answering import entries, ticks

PLACES = 3
"""Questions that are answered while there is a link, so that answers meet."""
BREAKS = 0.25
"""The chance that the link is cut before a receipt is read."""
CROWD = 20
"""Buttons pressed at once at the end of an attempt."""


@dataclass
class Page:
    """One open page: its name, the number of its last answer, and the revision it has seen of each place."""

    name: str
    seq: int = 0
    seen: dict[int, int] = field(default_factory=dict)


@dataclass
class Kept:
    """What a page keeps for itself whose link does not come back, as the script keeps it: at the end, and at some
    moment before."""

    client: str
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    earlier: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Sitting:
    """Somebody who answers on two pages over a bad link, as the script of the pages does."""

    writer: Writer
    rng: random.Random
    pages: list[Page] = field(default_factory=lambda: [Page("first"), Page("second")])
    meant: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The answer that the person wanted last at each place, and was told is saved, or is kept on the device."""
    newest: dict[int, int] = field(default_factory=dict)
    """The revision that counts at each place, of whatever page."""
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
                page.seen[position] = self.newest[position] = said["revision"]
                self.confirmed += 1
                return
            if status == 409:
                page.seen[position] = said["revision"]
                page.seq += 1
            else:
                assert status == 0, said

    def go_on_alone(self, positions: Sequence[int]) -> Kept:
        """Answer at these places on one page whose link does not come back. Where the other page answered last, unseen
        by this one, that answer stays: nobody can be asked any more."""
        page, early = self.rng.choice(self.pages), self.rng.randrange(len(positions))
        kept = Kept(page.name)
        for number, position in enumerate(positions):
            response = self.writer.responses[position] if self.rng.random() < 0.8 else {}
            page.seq += 1
            item = {"seq": page.seq, "base": page.seen.get(position, 0), "fields": self.fields(position, response)}
            kept.items[str(position)] = item
            self.sent.append({"position": position, "client": page.name, **item})
            if number == 0:
                self.send(self.sent[-1], self.rng.uniform(0.0, BREAKS))
            if number == early:
                kept.earlier = dict(kept.items)
            if page.seen.get(position) == self.newest.get(position):
                self.meant[position] = response
        return kept

    def fields(self, position: int, response: dict[str, Any]) -> dict[str, list[str]]:
        """An answer as the fields of the page hold it; the one taken back leaves those empty that are written into."""
        prefix, right = f"q{position}-", self.writer.responses[position]
        found = {name: [value if response else ""] for name, value in entries(prefix, right)}
        for name, value in ticks(prefix, response):
            found.setdefault(name, []).append(value)
        return found

    def deliver(self, step: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send a packet over the bad link, sometimes twice; (0, {}) when the link was cut before the receipt came."""
        answers = [self.send(step) for _time in range(2 if self.rng.random() < 0.2 else 1)]
        return answers[-1]

    def send(self, step: dict[str, Any], chance: float | None = None) -> tuple[int, dict[str, Any]]:
        """One packet over the link, which may be cut at any byte of it, or before its receipt is read; `chance` decides
        (from 0 to 1), the lower the earlier."""
        content = json.dumps(step).encode()
        head = (
            f"POST /en/attempts/{self.writer.attempt_id}/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Cookie: session={self.writer.cookie}\r\nX-CSRFToken: {self.writer.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        packet = head.encode() + content
        chance = self.rng.random() if chance is None else chance
        with socket.create_connection(("127.0.0.1", self.writer.port), timeout=60) as link:
            if chance < 0.1:
                self.cut += 1
                link.sendall(packet[: self.rng.randrange(len(packet))])
                return 0, {}
            link.sendall(packet)
            if chance < BREAKS:
                self.cut += 1
                return 0, {}
            answer = http.client.HTTPResponse(link)
            answer.begin()
            return answer.status, json.loads(answer.read())

    def arrive_late(self) -> None:
        """Everything that may still be on its way arrives, and an answer of a page opened meanwhile."""
        late, response = self.rng.sample(self.sent, len(self.sent)), self.writer.responses[1]
        self.sent.append({"position": 1, "client": "new", "seq": 1, "base": 0, "response": response})
        for step in [*late, self.sent[-1]]:
            self.send(step)

    def finish(self) -> list[tuple[int, str]]:
        """Many buttons pressed at once: status and place of each answer."""
        barrier = Barrier(CROWD)

        def press(_number: int) -> tuple[int, str]:
            barrier.wait()
            return post(self.writer, f"/en/attempts/{self.writer.attempt_id}/send")

        with ThreadPoolExecutor(CROWD) as pool:
            return list(pool.map(press, range(CROWD)))

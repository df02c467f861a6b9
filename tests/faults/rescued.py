"""What a device keeps whose link does not come back: sealed as the page does it, brought in beside files that nobody
may bring, decided on by an officer; and the twin, who gave the same answers to the same paper over a good link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, select

from lms.assessment import queries
from lms.assessment.actions import close_expired
from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.assessment.rescue import mark_of, public_point
from lms.core.database.base import db
from tests.factories.assessment import let_time_pass
from tests.factories.rescue import seal
from tests.faults.bad_link import Kept, Sitting
from tests.faults.clients import Writer
from tests.faults.desks import Desk
from tests.faults.serving import page_as
from tests.journeys.live import Live

REFUSED, TAKEN, DECIDED = 422, 200, 302
BAD = 8
"""Files of each attempt that nobody may bring (`Rescue.list_bad`)."""
UPTO = re.compile(r'name="upto" value="(\d+)"')


def give_same_paper(writer: Writer, twin: Writer) -> None:
    """Lay the paper of one attempt before another that nobody has opened yet."""
    db.session.execute(delete(PaperQuestion).where(PaperQuestion.attempt_id == twin.attempt_id))
    for one in queries.list_paper(writer.attempt_id):
        found = {"position": one.position, "question_version_id": one.question_version_id, "topic": one.topic}
        db.session.add(PaperQuestion(attempt_id=twin.attempt_id, order=one.order, **found))
    twin.responses = writer.responses


@dataclass
class Rescue:
    """An attempt whose link does not come back, from the file on: what was wrong stands in `taken` and `other`."""

    server: Live
    sitting: Sitting
    twin: Writer
    desks: Sequence[Desk]
    in_time: bool
    """Whether its files come before the time is up."""
    page: dict[str, Any] = field(default_factory=dict)
    """What the page of the test knows."""
    twin_account: int = 0
    brought: int = 0
    refused: int = 0
    taken: list[str] = field(default_factory=list)
    """Files that were taken and must not be, or the other way round; decisions that were taken twice; in words."""
    other: list[str] = field(default_factory=list)
    """What the answers are worth otherwise than on the live path, in words."""

    @property
    def attempt_id(self) -> int:
        """Of the attempt that was cut off."""
        return self.sitting.writer.attempt_id

    @property
    def rng(self) -> Random:
        """That of the sitting."""
        return self.sitting.rng

    def open_page(self) -> None:
        """Open a page of the test while there is a link; so does the twin."""
        self.page = _told_by_page(self.sitting.writer)
        self.twin_account = _told_by_page(self.twin)["account"]

    def run(self, kept: Kept) -> None:
        """Bring in what was kept, every file twice and in any order, among others that nobody may bring; have it
        decided; then let everything come once more."""
        files = self.seal_all(kept)
        if not self.in_time:
            self.let_time_pass()
        self.bring_bad(files[-1])
        self.bring(files)
        self.end()
        self.sitting.arrive_late()
        self.bring_again(files, self.seal(kept.client, kept.items))

    def seal_all(self, kept: Kept) -> list[bytes]:
        """The file of before, that of the end, and once more that of the end."""
        return [self.seal(kept.client, items) for items in (kept.earlier, kept.items, kept.items)]

    def seal(self, client: str, items: Mapping[str, Any], **other: Any) -> bytes:
        """A file as the page makes it; `other`: what somebody makes of it who knows their own page."""
        told = {"attempt": self.page["attempt"], "account": self.page["account"], "page": self.page["rescue"], **other}
        inside = {"proof": self.page["rescue"]["proof"], "client": client, "items": items}
        return seal(told["page"], told["attempt"], told["account"], inside)

    def let_time_pass(self) -> None:
        """The time is up; the worker sees it before the files come, or after. A few packets come late by themselves."""
        with self.server.inside():
            let_time_pass(db.session.get_one(Attempt, self.attempt_id), hours=11)
        if self.rng.random() < 0.5:
            self.close()
        for step in self.rng.sample(self.sitting.sent, min(len(self.sitting.sent), 3)):
            self.sitting.send(step)

    def close(self) -> None:
        """As the worker does it."""
        with self.server.inside():
            close_expired(self.attempt_id)

    def bring(self, files: Sequence[bytes]) -> None:
        """Good files, by the member on another device or by the officer."""
        writer = self.sitting.writer
        for content in self.rng.sample(list(files) * 2, len(files) * 2):
            desk = self.rng.choice((self.desks[0], Desk(writer.port, writer.cookie, writer.token)))
            self.brought += 1
            if (status := desk.bring(content)) != TAKEN:
                self.taken.append(f"attempt {self.attempt_id}: {status} for a good file")

    def bring_bad(self, good: bytes) -> None:
        """Files that nobody may bring, and a good one that these may not."""
        for what, desk, content in self.list_bad(good):
            status = desk.bring(content)
            self.refused += status == REFUSED
            if status != REFUSED:
                self.taken.append(f"attempt {self.attempt_id}: {status} for {what}")

    def list_bad(self, good: bytes) -> Iterator[tuple[str, Desk, bytes]]:
        """What it is, who brings it, and the file."""
        boss, stranger, twin = self.desks[0], self.desks[1], self.twin
        told = json.loads(good)
        at = self.rng.randrange(0, len(told["sealed"]) - 4)
        sign = "A" if told["sealed"][at] != "A" else "B"
        bent = told["sealed"][:at] + sign + told["sealed"][at + 1 :]
        all_right = {
            str(position): {"seq": position, "base": 0, "fields": self.sitting.fields(position, response)}
            for position, response in twin.responses.items()
        }
        whose = {"attempt": twin.attempt_id, "account": self.twin_account}
        own = public_point(ec.generate_private_key(ec.SECP256R1()))
        yield "a file with one sign altered", boss, json.dumps({**told, "sealed": bent}).encode()
        yield "a file with another date", boss, json.dumps({**told, "made": "2026-11-26T02:00:00.000Z"}).encode()
        yield "a file cut short", boss, good[: self.rng.randrange(len(good))]
        yield "a file for another attempt", boss, json.dumps({**told, "attempt": twin.attempt_id}).encode()
        yield "a file made for another attempt", boss, self.seal("foreign", all_right, **whose)
        page = {**self.page["rescue"], "public": own, "key": mark_of(own)}
        yield "a file of another installation", boss, self.seal("foreign", all_right, page=page)
        yield "a file brought by an officer of elsewhere", stranger, good
        yield "a file brought by another member", Desk(twin.port, twin.cookie, twin.token), good

    def end(self) -> None:
        """The member sends the test on another device, or an officer decides that what came late counts."""
        if self.in_time:
            writer = self.sitting.writer
            sent = Desk(writer.port, writer.cookie, writer.token).send(f"/en/attempts/{self.attempt_id}/send")
            self.taken += [f"attempt {self.attempt_id}: sent, {sent}"] if sent != DECIDED else []
            return
        self.close()
        path = f"/en/attempts/{self.attempt_id}/late-answers"
        found = UPTO.search(page_as(self.desks[0], path))
        if found is None:
            return
        said = [self.desks[0].send(path, upto=found[1], counts="yes", reason="outage", note="") for _time in range(2)]
        if said != [DECIDED, REFUSED]:
            self.taken.append(f"attempt {self.attempt_id}: decided twice, {said}")

    def bring_again(self, files: Sequence[bytes], fresh: bytes) -> None:
        """Every file once more, when all is decided, and one that the page makes only then: of a test that was sent
        none is taken that is new."""
        wanted = [TAKEN] * len(files) + [REFUSED if self.in_time else TAKEN]
        said = [self.desks[0].bring(content) for content in [*files, fresh]]
        if said != wanted:
            self.taken.append(f"attempt {self.attempt_id}: brought again at the end, {said}")

    def compare(self) -> None:
        """Have the twin give what was meant, and look for a difference between the two."""
        self.send_as_twin()
        with self.server.inside():
            ours, on_the_live_path = (_came_to(id) for id in (self.attempt_id, self.twin.attempt_id))
            named = select(AnswerStep.client, AnswerStep.client_seq).where(AnswerStep.attempt_id == self.attempt_id)
            steps = set(db.session.execute(named).tuples())
        if ours != on_the_live_path:
            self.other.append(f"attempt {self.attempt_id}: {ours}, on the live path {on_the_live_path}")
        if unknown := steps - {(step["client"], step["seq"]) for step in self.sitting.sent}:
            self.taken.append(f"attempt {self.attempt_id}: steps of nobody, {sorted(unknown)}")

    def send_as_twin(self) -> None:
        """The same answers over a good link, and the button."""
        for number, (position, response) in enumerate(self.sitting.meant.items(), start=1):
            step = {"position": position, "client": "twin", "seq": number, "base": 0}
            status, said = self.twin.post({**step, "fields": self.sitting.fields(position, response)})
            if status != TAKEN:
                self.other.append(f"attempt {self.twin.attempt_id}: {said}")
        desk = Desk(self.twin.port, self.twin.cookie, self.twin.token)
        assert desk.send(f"/en/attempts/{self.twin.attempt_id}/send") == DECIDED


def _told_by_page(writer: Writer) -> dict[str, Any]:
    """What a page of the test tells its script."""
    page = page_as(writer, f"/en/attempts/{writer.attempt_id}/questions/1")
    return dict(json.loads(re.findall(r"data-test='([^']+)'", page)[0]))


def _came_to(attempt_id: int) -> tuple[Any, ...]:
    """Credit, whether it is passed, the credit at each place, and the answers that count."""
    attempt = db.session.get_one(Attempt, attempt_id)
    places = select(PaperQuestion.position, PaperQuestion.credit).where(PaperQuestion.attempt_id == attempt_id)
    answers = {position: answer.response for position, answer in queries.list_counted(attempt_id).items()}
    return attempt.credit, attempt.passed, dict(db.session.execute(places).tuples().all()), answers

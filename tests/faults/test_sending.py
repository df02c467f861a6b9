"""A paper is sent twenty times in the same moment: by a button pressed again and again, a browser that repeats what it
got no answer to, two devices. There is one result."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import pytest
from sqlalchemy import func, select

from lms.assessment.models import Attempt
from lms.certificates.models import Certificate
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.learning.models import CompletedActivity
from lms.learning.rules import TEST
from tests.faults.clients import Writer, make_writers
from tests.faults.serving import HONEST, serving
from tests.faults.sizes import name_of, report, size
from tests.faults.watching import attend_workshop, post
from tests.journeys.live import Live

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
PAPERS = size(6, 1_000)
TIMES = 20
SENT = 302
DOUBLE = "tests.faults.planted:create_double_app()"


@dataclass
class Sent:
    """What came of sending papers again and again."""

    heard: Counter[tuple[int, bool]] = field(default_factory=Counter)
    """(status, whether it led to the result) -> how often."""
    wrong: list[str] = field(default_factory=list)
    """Papers that have not exactly one result, in words."""

    @property
    def faults(self) -> int:
        """Answers that were no answer."""
        return sum(times for (status, _led), times in self.heard.items() if status >= 500 or status == 0)


def send_all(server: Live, papers: int, app: str = HONEST) -> Sent:
    """Answer papers, every second one rightly, and send each many times at once."""
    writers, sent = make_writers(server, papers), Sent()
    passes = {writer.attempt_id: number % 2 == 0 for number, writer in enumerate(writers)}
    for writer in writers:
        attend_workshop(server, writer)
    with serving(server, app), ThreadPoolExecutor(TIMES) as pool:
        for writer in writers:
            _answer(writer, whole=passes[writer.attempt_id])
            barrier = Barrier(TIMES)
            for status, said in pool.map(_send, [(writer, barrier)] * TIMES):
                sent.heard[status, said.endswith(f"/attempts/{writer.attempt_id}/result")] += 1
    with server.inside():
        sent.wrong = [said for id, passed in passes.items() if (said := _what_is_wrong(id, passed=passed))]
    return sent


def _answer(writer: Writer, *, whole: bool) -> None:
    for position, response in writer.responses.items():
        if whole or position == 1:
            step = {"position": position, "client": "whole", "seq": position, "base": 0, "response": response}
            assert writer.post(step)[0] == 200


def _send(what: tuple[Writer, Barrier]) -> tuple[int, str]:
    writer, barrier = what
    barrier.wait()
    return post(writer, f"/en/attempts/{writer.attempt_id}/send")


def _what_is_wrong(attempt_id: int, *, passed: bool) -> str:
    attempt = db.session.get_one(Attempt, attempt_id)
    counts = (_records(f"attempt:{attempt_id}", "assessment.attempt_closed"), _passes(attempt), _certificates(attempt))
    if (attempt.state, attempt.passed, *counts) == ("submitted", passed, 1, passed, passed):
        return ""
    return f"attempt {attempt_id}: {attempt.state}, passed {attempt.passed}, closed, passed, certified {counts}"


def _records(subject: str, action: str) -> int:
    found = select(func.count()).where(AuditEntry.subject == subject, AuditEntry.action == action)
    return db.session.scalar(found) or 0


def _passes(attempt: Attempt) -> int:
    found = select(func.count()).where(
        CompletedActivity.enrolment_id == attempt.enrolment_id, CompletedActivity.activity == TEST
    )
    return db.session.scalar(found) or 0


def _certificates(attempt: Attempt) -> int:
    found = select(func.count()).where(Certificate.enrolment_id == attempt.enrolment_id)
    return db.session.scalar(found) or 0


def test_the_campaign_finds_a_paper_that_is_graded_twice(installed: Live) -> None:
    """First seen to fail: a server that grades for each who sends."""
    sent = send_all(installed, 3, DOUBLE)
    assert sent.wrong or sent.faults


def test_a_paper_sent_twenty_times_has_one_result(installed: Live) -> None:
    sent = send_all(installed, PAPERS)
    good = PAPERS - len(sent.wrong)
    figure = f"{good} of {PAPERS} papers sent {TIMES} times at once have one result, {sent.faults} faults"
    report("papers sent again and again", name_of(installed), figure, "all, no fault")
    assert sent.wrong == []
    assert sent.heard == {(SENT, True): PAPERS * TIMES}

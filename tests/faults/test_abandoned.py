"""Nobody comes back to a test whose time is up, and the worker dies while it closes them: each is graded once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.assessment.models import Attempt, PaperQuestion
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.learning.models import CompletedActivity
from lms.learning.rules import TEST
from lms.questions.kinds.shapes import WHOLE
from tests.factories.assessment import give, let_time_pass
from tests.faults.clients import Writer, make_writers
from tests.faults.sizes import name_of, report, size
from tests.faults.watching import working
from tests.journeys.live import Live
from tests.journeys.region import LMS

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
ATTEMPTS = size(40, 500)
KILLS = size(2, 10)
PATIENCE = 120.0
PLANTED = [sys.executable, "-m", "tests.faults.planted"]


@dataclass
class Found:
    """How abandoned attempts stand."""

    open: int = 0
    once: int = 0
    wrong: list[str] = field(default_factory=list)
    """What is not as it should be, in words."""


def abandon(live: Live, count: int) -> dict[int, int]:
    """Attempts left alone with their time up: id -> answers that were right when it was."""
    writers = make_writers(live, count)
    with live.inside():
        return {writer.attempt_id: _leave(writer) for writer in writers}


def _leave(writer: Writer) -> int:
    attempt = db.session.get_one(Attempt, writer.attempt_id)
    rng = random.Random(attempt.id)
    positions = rng.sample(sorted(writer.responses), rng.randint(0, len(writer.responses)))
    for position in positions:
        give(attempt, _account_of(attempt), position, writer.responses[position])
    let_time_pass(attempt, hours=11)
    return len(positions)


def _account_of(attempt: Attempt) -> Account:
    return db.session.scalars(select(Account).where(Account.person_id == attempt.person_id)).one()


def look(live: Live, right: dict[int, int]) -> Found:
    """Every attempt: still open, or closed once with the marks of what was saved in time."""
    found = Found()
    with live.inside():
        closings = Counter(
            db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "assessment.attempt_closed"))
        )
        for attempt in db.session.scalars(select(Attempt).where(Attempt.id.in_(right))):
            wrong = _what_is_wrong(attempt, right[attempt.id], closings[f"attempt:{attempt.id}"])
            found.open += attempt.state == "open"
            found.once += attempt.state != "open" and not wrong
            found.wrong += [f"attempt {attempt.id}: {wrong}"] if wrong else []
    return found


def _what_is_wrong(attempt: Attempt, right: int, closings: int) -> str:
    marked = db.session.scalar(
        select(func.count()).where(PaperQuestion.attempt_id == attempt.id, PaperQuestion.credit.is_not(None))
    )
    if attempt.state == "open":
        return "marked or closed while open" if marked or closings else ""
    completed = db.session.get(CompletedActivity, (attempt.enrolment_id, TEST)) is not None
    is_good = (attempt.state, attempt.credit, marked, closings) == ("timed_out", right * WHOLE, attempt.total, 1)
    if is_good and completed == bool(attempt.passed):
        return ""
    return f"{attempt.state}, {attempt.points} right of {right}, {marked} marked, closed {closings} times"


def sweep(live: Live, right: dict[int, int], *words: str, kills: int) -> int:
    """Run the worker, killing it again and again while it closes them, and leave it alone the last time. How often it
    died with attempts still open."""
    left, share, died = len(right), len(right) // (kills + 2), 0
    for number in range(kills + 1):
        goal = 0 if number == kills else max(0, left - share)
        with working(live, *words) as worker:
            left = wait_until_open(live, right, goal, worker)
        died += left > 0
    return died


def wait_until_open(live: Live, right: dict[int, int], goal: int, worker: subprocess.Popen[bytes]) -> int:
    """How many are still open, as soon as no more than `goal` are."""
    deadline = time.monotonic() + PATIENCE
    while (left := count_open(live, right)) > goal and time.monotonic() < deadline and worker.poll() is None:
        time.sleep(0.005)
    return left


def count_open(live: Live, right: dict[int, int]) -> int:
    with live.app.app_context(), only_reading():
        still = select(func.count()).where(Attempt.id.in_(right), Attempt.state == "open")
        return db.session.scalar(still) or 0


def test_the_campaign_finds_a_grading_in_halves(installed: Live) -> None:
    """First seen to fail: a worker that closes in one transaction and grades in another leaves some without marks."""
    right = abandon(installed, 8)
    with working(installed, *PLANTED) as worker:
        wait_until_open(installed, right, 4, worker)
    assert look(installed, right).wrong


def test_each_is_graded_once_from_what_was_saved(installed: Live) -> None:
    right = abandon(installed, ATTEMPTS)
    died = sweep(installed, right, *LMS, "worker", kills=KILLS)
    found = look(installed, right)
    figure = f"{found.once} of {len(right)} graded once after {died} kills, {found.open} open, {len(found.wrong)} wrong"
    report("abandoned attempts, worker killed", name_of(installed), figure, "all, exactly once")
    assert died > 0
    assert found.wrong == []
    assert (found.open, found.once) == (0, len(right))

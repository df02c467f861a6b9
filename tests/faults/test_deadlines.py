"""Answers around the very end of the time: attempts that officers lengthen at the last moment, a server whose clock is
stepped forwards and back meanwhile, commissions in zones of half and quarter hours. The server's clock alone decides,
at the moment it takes the answer in; what comes later is kept and marked, and what counts is graded."""

from __future__ import annotations

import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.assessment.models import AnswerStep, Attempt
from lms.commissions.models import Commission
from lms.core.database.base import db
from lms.questions.kinds.shapes import WHOLE
from tests.faults.clients import Writer, make_writers
from tests.faults.desks import Desk, open_desks
from tests.faults.planted import AHEAD_FILE
from tests.faults.serving import page_as, serving
from tests.faults.sizes import name_of, report, size
from tests.journeys.live import Live

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
ATTEMPTS = size(40, 2_000)
GROUP = size(20, 100)
"""Attempts whose time runs out together."""
STEPPED = "tests.faults.planted:create_stepped_app()"
GENEROUS = "tests.faults.planted:create_generous_app()"
SHORTEST, LONGEST = 3.0, 6.0
"""Seconds until the time of the attempts of a group is up, when they begin to answer."""
MINUTE = 60.0
"""What an officer gives, in seconds."""
AROUND = (-2.0, -0.6, -0.1, 0.0, 0.1, 0.6, 2.0)
"""When answers are given: seconds from the end."""
ZONES = ("Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham", "Australia/Eucla", "Pacific/Kiritimati", "Asia/Almaty")
SAVED, LATE = 200, 410
SLACK = 0.5
"""Seconds by which the clock of this process and that of the server may seem apart while one is stepped."""


@dataclass
class Clock:
    """How far the server's clock is ahead, now and at every moment before."""

    file: Path
    steps: list[tuple[float, float]] = field(default_factory=list)
    """(moment of this machine, seconds ahead from then)."""

    def step(self, ahead: float) -> None:
        """Set it."""
        whole = self.file.with_suffix(".new")
        whole.write_text(str(ahead))
        self.steps.append((time.time(), ahead))
        whole.rename(self.file)

    @property
    def ahead(self) -> float:
        """By how many seconds it is ahead now."""
        return self.steps[-1][1]

    def between(self, begin: float, end: float) -> tuple[float, float]:
        """The earliest and the latest that it may have shown between two moments of this machine."""
        known = [ahead for moment, ahead in self.steps if begin - SLACK <= moment <= end + SLACK]
        known += [ahead for moment, ahead in self.steps if moment < begin - SLACK][-1:]
        return begin + min(known) - SLACK, end + max(known) + SLACK


@dataclass
class Given:
    """An answer as it was given: when, and what the server said."""

    seq: int
    position: int
    sent: float
    heard: float
    status: int


@dataclass
class Sitting:
    """An attempt of a group, with when its time is up by the server's clock."""

    writer: Writer
    ends: float
    lengthened: bool = False
    given: list[Given] = field(default_factory=list)

    def answer(self, clock: Clock, later: float = 0.0) -> None:
        """Give answers around the end that was set at first, or so many seconds later."""
        for place, around in enumerate(AROUND, start=len(self.given) + 1):
            time.sleep(max(0.0, self.ends + later + around - clock.ahead - time.time()))
            position = 1 + place % len(self.writer.responses)
            step = {
                "position": position,
                "client": "writer",
                "seq": place,
                "base": 0,
                "response": self.writer.responses[position],
            }
            sent = time.time()
            status, _said = self.writer.post(step)
            self.given.append(Given(place, position, sent, time.time(), status))


@dataclass
class Came:
    """What a campaign came to."""

    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lengthened: int = 0

    def __str__(self) -> str:
        return (
            f"{self.answers[SAVED]} saved, {self.answers[LATE]} late, {self.lengthened} lengthened, "
            f"{len(self.wrong)} wrong"
        )


@contextmanager
def clock_of() -> Iterator[Clock]:
    """A clock that can be stepped."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(Path(folder) / "ahead")
        clock.step(0.0)
        yield clock


def run(server: Live, attempts: int, app: str = STEPPED) -> Came:
    """Have groups of attempts run out one after another; in each the clock is stepped back before the end, half of the
    attempts are lengthened, and the clock is stepped on so that their new end comes soon."""
    came, rng = Came(), random.Random(attempts)
    officer = open_desks(server)[0]
    with clock_of() as clock, serving(server, app, **{AHEAD_FILE: str(clock.file)}):
        for begin in range(0, attempts, GROUP):
            zone = ZONES[begin // GROUP % len(ZONES)]
            sittings = begin_group(server, min(GROUP, attempts - begin), zone, clock, rng)
            came.wrong += look_at_page(server, sittings[0], zone)
            clock.step(clock.ahead - rng.choice((0.0, 1.5, 7.0)))
            with ThreadPoolExecutor(GROUP + 1) as pool:
                answering = [pool.submit(one.answer, clock) for one in sittings]
                longer = pool.submit(lengthen, sittings[::2], officer)
                for one in [*answering, longer]:
                    one.result()
            clock.step(clock.ahead + MINUTE - LONGEST)
            again = [one for one in sittings if one.lengthened]
            with ThreadPoolExecutor(GROUP) as pool:
                list(pool.map(Sitting.answer, again, [clock] * len(again), [MINUTE] * len(again)))
            clock.step(clock.ahead + rng.choice((0.0, MINUTE)))
            came.lengthened += len(again)
            judge(server, sittings, clock, came)
    return came


def begin_group(server: Live, count: int, zone: str, clock: Clock, rng: random.Random) -> list[Sitting]:
    """Attempts of members in this zone, whose time is up in a few seconds of the server's clock."""
    writers = make_writers(server, count)
    now, sittings = time.time() + clock.ahead, []
    with server.inside():
        for precinct in db.session.scalars(select(Commission).where(Commission.level == "pec")):
            precinct.time_zone = zone
        for writer in writers:
            sitting = Sitting(writer, now + rng.uniform(SHORTEST, LONGEST) + count * 0.01)
            attempt = db.session.get_one(Attempt, writer.attempt_id)
            attempt.deadline = datetime.fromtimestamp(sitting.ends, UTC)
            sittings.append(sitting)
    return sittings


def look_at_page(server: Live, sitting: Sitting, zone: str) -> list[str]:
    """What is wrong with the end of the time as the page tells it."""
    page = page_as(sitting.writer, f"/en/attempts/{sitting.writer.attempt_id}/questions/1")
    told = json.loads(re.findall(r"data-test='([^']+)'", page)[0])
    until = datetime.fromtimestamp(sitting.ends, ZoneInfo(zone)).strftime("%H:%M")
    return [] if told["until"] == until else [f"{zone}: the page says {told['until']}, the time is up at {until}"]


def lengthen(sittings: list[Sitting], officer: Desk) -> None:
    """Give these attempts a minute more, one after another, until their time is up."""
    for sitting in sittings:
        path = f"/en/attempts/{sitting.writer.attempt_id}/time"
        sitting.lengthened = officer.send(path, minutes="1", reason="disturbance", note="") == 302


def judge(server: Live, sittings: list[Sitting], clock: Clock, came: Came) -> None:
    """Compare what the server said of each answer with its clock, with the rows, and with the grade."""
    with server.inside():
        for sitting in sittings:
            attempt = db.session.get_one(Attempt, sitting.writer.attempt_id, populate_existing=True)
            ends = attempt.deadline.timestamp()
            if abs(ends - sitting.ends - MINUTE * sitting.lengthened) > 0.001:
                came.wrong.append(f"attempt {attempt.id}: the time is up {ends - sitting.ends:.1f} s later")
            rows = {
                row.client_seq: row
                for row in db.session.scalars(select(AnswerStep).where(AnswerStep.attempt_id == attempt.id))
            }
            for given in sitting.given:
                came.answers[given.status] += 1
                said = what_is_wrong(given, rows.get(given.seq), ends, clock)
                came.wrong += [f"attempt {attempt.id}, answer {given.seq}: {said}"] if said else []
            came.wrong += look_at_grade(server, sitting, rows)


def what_is_wrong(given: Given, row: AnswerStep | None, ends: float, clock: Clock) -> str:
    """In words; empty when it is as it should be."""
    if given.status not in (SAVED, LATE) or row is None:
        return f"{given.status}, kept: {row is not None}"
    at = row.received_at.timestamp()
    earliest, latest = clock.between(given.sent, given.heard)
    if not earliest <= at <= latest:
        return f"taken in at {at:.2f}, given from {earliest:.2f} to {latest:.2f}"
    if row.late != (given.status == LATE) or row.late != (at >= ends):
        return f"late {row.late}, said {given.status}, {at - ends:.3f} s after the end"
    return ""


def look_at_grade(server: Live, sitting: Sitting, rows: dict[int, AnswerStep]) -> list[str]:
    """What is wrong with the grade: every answer was right, so each place with one in time is worth a question."""
    writer = sitting.writer
    db.session.rollback()  # what is read next is read anew, on SQLite too
    page_as(writer, f"/en/attempts/{writer.attempt_id}/result")
    attempt = db.session.get_one(Attempt, writer.attempt_id, populate_existing=True)
    counted = len({row.position for row in rows.values() if not row.late}) * WHOLE
    if attempt.state == "timed_out" and attempt.credit == counted:
        return []
    return [f"attempt {attempt.id}: {attempt.state}, worth {attempt.credit} of {counted}"]


def test_the_campaign_finds_a_server_that_takes_answers_for_earlier(installed: Live) -> None:
    """First seen to fail: a server with a planted fault."""
    assert run(installed, 4, GENEROUS).wrong


def test_the_servers_clock_alone_decides(installed: Live) -> None:
    came = run(installed, ATTEMPTS)
    report(f"answers around the end of {ATTEMPTS} attempts", name_of(installed), came, "0 wrong")
    assert came.wrong == []
    assert came.answers.keys() == {SAVED, LATE}
    assert came.lengthened

"""The link is cut at any step, pages are doubled, packets come late, twice and in any order, or the link does not come
back and the answers leave the device as files: over HTTP, on the served product. What each statement does alone is in
tests/assessment."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from lms.assessment import queries
from lms.assessment.models import AnswerStep, Attempt
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.questions.kinds.shapes import WHOLE
from tests.faults.bad_link import CROWD, PLACES, Sitting
from tests.faults.clients import Writer, make_writers
from tests.faults.desks import open_desks
from tests.faults.rescued import BAD, Rescue, give_same_paper
from tests.faults.serving import HONEST, serving
from tests.faults.sizes import name_of, report, size
from tests.journeys.live import Live

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
ATTEMPTS = size(30, 1000)
ANSWERS = size(8, 14)
"""Answers given in each attempt, on one page or the other."""
CUT_OFF = 3
"""In one of so many attempts the link does not come back: its answers leave the device as files."""
IN_TIME = 0.3
"""The share of these whose files come before the time is up."""
FORGETFUL = "tests.faults.planted:create_forgetful_app()"
DROPPING = "tests.faults.planted:create_dropping_app()"
TRUSTING = "tests.faults.planted:create_trusting_app()"


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
    rescued: int = 0
    """Attempts whose link did not come back."""
    brought: int = 0
    refused: int = 0
    """Files that nobody may bring, and were refused."""
    taken: list[str] = field(default_factory=list)
    """What was wrong with taking files, in words."""
    other: list[str] = field(default_factory=list)
    """Attempts that came to something else than the same answers on the live path, in words."""

    def __str__(self) -> str:
        return (
            f"{self.attempts} attempts, {self.confirmed} answers confirmed, {self.cut} links cut: {len(self.lost)} "
            f"with another answer than the one meant last, {len(self.several)} with more than one result of {CROWD} "
            f"sends, {self.written_after} answers written after the end; {self.rescued} links that did not come back: "
            f"{self.brought} files brought in, {self.refused} bad ones refused, {len(self.taken)} taken wrongly, "
            f"{len(self.other)} attempts worth something else than on the live path"
        )

    def add(self, live: Live, sitting: Sitting) -> None:
        """Look at an attempt that is over."""
        writer = sitting.writer
        with live.inside():
            counted = {place: answer.response for place, answer in queries.list_counted(writer.attempt_id).items()}
            attempt = db.session.get_one(Attempt, writer.attempt_id)
            right = sum(response == writer.responses[position] for position, response in sitting.meant.items())
            if counted != sitting.meant or attempt.credit != right * WHOLE:
                self.lost.append(attempt.id)
            if count_closings(attempt.id) != 1:
                self.several.append(attempt.id)
        self.attempts += 1
        self.confirmed += sitting.confirmed
        self.cut += sitting.cut


def sit(live: Live, writer: Writer, tally: Tally) -> None:
    """One attempt from the first answer to the last late packet."""
    sitting = Sitting(writer, random.Random(writer.attempt_id))
    for _answer in range(ANSWERS):
        sitting.answer()
    presses = sitting.finish()
    if {status for status, _where in presses} != {302} or len(set(presses)) > 1:
        tally.several.append(writer.attempt_id)
    with live.inside():
        before = count_steps(writer.attempt_id)
    sitting.arrive_late()
    with live.inside():
        tally.written_after += count_steps(writer.attempt_id) - before
    tally.add(live, sitting)


def sit_cut_off(rescue: Rescue, tally: Tally) -> None:
    """One attempt whose link does not come back at some step, from the first answer to the last file; some go on to the
    end of the paper."""
    sitting, rng = rescue.sitting, rescue.rng
    rescue.open_page()
    answers = rng.randrange(ANSWERS)
    for _answer in range(answers):
        sitting.answer()
    left = [rng.randint(1, PLACES) for _answer in range(ANSWERS - answers)]
    rest = range(PLACES + 1, len(sitting.writer.responses) + 1) if rng.random() < 0.5 else ()
    rescue.run(sitting.go_on_alone([*left, *rest]))
    rescue.compare()
    tally.add(rescue.server, sitting)
    tally.rescued += 1
    tally.brought += rescue.brought
    tally.refused += rescue.refused
    tally.taken += rescue.taken
    tally.other += rescue.other


def count_steps(attempt_id: int) -> int:
    return db.session.scalar(select(func.count()).where(AnswerStep.attempt_id == attempt_id)) or 0


def count_closings(attempt_id: int) -> int:
    closed = select(func.count()).where(
        AuditEntry.subject == f"attempt:{attempt_id}", AuditEntry.action == "assessment.attempt_closed"
    )
    return db.session.scalar(closed) or 0


def make_rescues(live: Live, writers: list[Writer]) -> list[Rescue]:
    """These will be cut off; each gets a twin with the same paper."""
    twins, desks = make_writers(live, len(writers)), open_desks(live)
    with live.inside():
        for writer, twin in zip(writers, twins, strict=True):
            give_same_paper(writer, twin)
    rngs = [random.Random(writer.attempt_id) for writer in writers]
    return [
        Rescue(live, Sitting(writer, rng), twin, desks, in_time=rng.random() < IN_TIME)
        for writer, twin, rng in zip(writers, twins, rngs, strict=True)
    ]


@contextmanager
def sat(live: Live, app: str, attempts: int) -> Iterator[Tally]:
    """So many attempts, four at a time."""
    tally, writers = Tally(), make_writers(live, attempts)
    rescues = {rescue.attempt_id: rescue for rescue in make_rescues(live, writers[::CUT_OFF])}

    def take(writer: Writer) -> None:
        rescue = rescues.get(writer.attempt_id)
        if rescue is None:
            sit(live, writer, tally)
        else:
            sit_cut_off(rescue, tally)

    with serving(live, app), ThreadPoolExecutor(4) as pool:
        list(pool.map(take, writers))
    yield tally


def test_the_campaign_finds_a_late_packet_that_wins(installed: Live) -> None:
    """First seen to fail: on a server with a planted fault a packet that was long on its way counts."""
    with sat(installed, FORGETFUL, 16) as tally:
        assert tally.lost


def test_the_campaign_finds_a_file_that_is_not_taken_whole(installed: Live) -> None:
    """First seen to fail: on a server with a planted fault an answer of each file is dropped."""
    with sat(installed, DROPPING, 12) as tally:
        assert tally.other


def test_the_campaign_finds_a_file_that_anybody_may_bring(installed: Live) -> None:
    """First seen to fail: a server with a planted fault asks neither who made a file nor who brings it."""
    with sat(installed, TRUSTING, 3) as tally:
        assert tally.taken
        assert tally.other


def test_what_was_meant_last_counts_whatever_the_link_does(installed: Live) -> None:
    with sat(installed, HONEST, ATTEMPTS) as tally:
        report("links cut, pages doubled, packets late", name_of(installed), tally, "0 of each")
        assert tally.attempts == ATTEMPTS
        assert tally.lost == []
        assert tally.several == []
        assert tally.written_after == 0
        assert tally.rescued
        assert tally.refused == tally.rescued * BAD
        assert tally.taken == []
        assert tally.other == []

"""Kill the server again and again while answers are saved, and compare what it confirmed with what the database has."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select, text

from lms.assessment.models import AnswerStep, Attempt
from lms.core.database.base import db
from tests.faults.clients import Confirmed, Writer, writing
from tests.faults.serving import HONEST, kill, serving, start
from tests.faults.sizes import size
from tests.journeys.live import Live


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


def run(server: Live, *, kills: int, writers: list[Writer], app: str = HONEST, rng: random.Random) -> Outcome:
    """Kill the server (all its processes, at once) `kills` times at random moments; after each restart everything
    confirmed so far must be in the database."""
    outcome = Outcome()
    with serving(server, app) as process:
        try:
            with writing(writers):
                for _kill in range(kills):
                    time.sleep(rng.uniform(0.2, size(0.8, 1.5)))
                    kill(process)
                    begin = time.monotonic()
                    process = start(server, app)
                    outcome.slowest = max(outcome.slowest, time.monotonic() - begin)
                    outcome.kills += 1
                    compare(server, writers, outcome)
                    if outcome.missing:
                        break
        finally:
            kill(process)
    compare(server, writers, outcome)
    outcome.refused = [line for writer in writers for line in writer.refused]
    return outcome


def compare(server: Live, writers: list[Writer], outcome: Outcome) -> None:
    """Add to the outcome what was confirmed and is missing, or stands there otherwise, and check the file's health."""
    confirmed = [one for writer in writers for one in list(writer.confirmed)]
    attempts = [writer.attempt_id for writer in writers]
    with server.inside():
        there = read_steps(attempts)
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        closed = select(Attempt.id).where(Attempt.state != "open", Attempt.id.in_(attempts))
        assert db.session.scalar(closed) is None
    outcome.confirmed = len(confirmed)
    outcome.missing = [one for one in confirmed if one not in there]


def read_steps(attempts: Iterable[int]) -> set[Confirmed]:
    """Every step of these attempts that counts, or counted, as its receipt would say it."""
    steps = db.session.execute(
        select(AnswerStep.id, AnswerStep.attempt_id, AnswerStep.position, AnswerStep.response).where(
            AnswerStep.stale.is_(False), AnswerStep.attempt_id.in_(list(attempts))
        )
    )
    return {
        Confirmed(attempt, position, revision, json.dumps(response, sort_keys=True))
        for revision, attempt, position, response in steps
    }


def find_missing(server: Live, writers: list[Writer]) -> tuple[int, list[Confirmed]]:
    """How many answers were confirmed, and those of them that the database has not."""
    outcome = Outcome()
    compare(server, writers, outcome)
    return outcome.confirmed, outcome.missing

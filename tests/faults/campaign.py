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
    compared: dict[int, int] = field(default_factory=dict)
    """Attempt -> how many of its receipts were looked up already."""

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.confirmed} answers confirmed, {len(self.missing)} missing, "
            f"back within {self.slowest:.1f} s"
        )


def run(server: Live, *, kills: int, writers: list[Writer], app: str = HONEST, rng: random.Random) -> Outcome:
    """Kill the server (all its processes, at once) `kills` times at random moments; after each restart everything
    confirmed since the one before must be in the database, and at the end everything confirmed at all."""
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
                    compare(server, writers, outcome, only_new=True)
                    if outcome.missing:
                        break
        finally:
            kill(process)
    compare(server, writers, outcome)
    outcome.refused = [line for writer in writers for line in writer.refused]
    return outcome


def compare(server: Live, writers: list[Writer], outcome: Outcome, *, only_new: bool = False) -> None:
    """Add to the outcome what was confirmed and is missing, or stands there otherwise, and check the file's health.
    `only_new`: only what was confirmed since the last look."""
    looked_up = outcome.compared if only_new else {}
    heard = {writer.attempt_id: list(writer.confirmed) for writer in writers}
    wanted = [one for attempt, receipts in heard.items() for one in receipts[looked_up.get(attempt, 0) :]]
    with server.inside():
        there = read_steps(heard, since=min((one.revision for one in wanted), default=0))
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        closed = select(Attempt.id).where(Attempt.state != "open", Attempt.id.in_(heard))
        assert db.session.scalar(closed) is None
    outcome.compared = {attempt: len(receipts) for attempt, receipts in heard.items()}
    outcome.confirmed = sum(outcome.compared.values())
    outcome.missing = [one for one in wanted if one not in there]


def read_steps(attempts: Iterable[int], *, since: int = 0) -> set[Confirmed]:
    """Every step of these attempts from a revision on that counts, or counted, as its receipt would say it."""
    steps = db.session.execute(
        select(AnswerStep.id, AnswerStep.attempt_id, AnswerStep.position, AnswerStep.response).where(
            AnswerStep.stale.is_(False), AnswerStep.attempt_id.in_(list(attempts)), AnswerStep.id >= since
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

"""What a ruling changes at the papers of everybody who saw the question, counted and not done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, select

from lms.assessment.grading import Ruled, credit_of, sum_up
from lms.assessment.models import Attempt, PaperQuestion
from lms.assessment.papers import Asked
from lms.assessment.queries import list_answers_to
from lms.assessment.rules import Kind, State
from lms.assessment.rules_time import AttemptSettings
from lms.campaigns.models import Campaign
from lms.core.database.base import db
from lms.core.jobs.queue import Progress

AT_ONCE = 500
"""Papers held together."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changes at one attempt: as in `models.RegradeChange`."""

    attempt_id: int
    enrolment_id: int
    person_id: int
    credits: dict[str, list[int | None]]
    credit_before: int
    credit_after: int
    total_before: int
    total_after: int
    passed_before: bool
    passed_after: bool


@dataclass
class Counts:
    """How many saw the question, and of how many what changes."""

    seen: int = 0
    gain: int = 0
    lose: int = 0
    other: int = 0
    """The total changes and what they reached does not."""
    pass_now: int = 0
    fail_now: int = 0

    def add(self, change: Change) -> None:
        """Count one change."""
        difference = change.credit_after - change.credit_before
        self.gain += difference > 0
        self.lose += difference < 0
        self.other += difference == 0
        self.pass_now += change.passed_after and not change.passed_before
        self.fail_now += change.passed_before and not change.passed_after


def saw(question_version_id: int) -> ColumnElement[bool]:
    """A condition joining PaperQuestion, Attempt and Campaign: graded tests with the question in a campaign that goes
    on. What a closed campaign came to stands."""
    return and_(
        PaperQuestion.question_version_id == question_version_id,
        Attempt.kind == Kind.FINAL,
        Attempt.state != State.OPEN,
        Attempt.credit.is_not(None),
        Campaign.state == "open",
    )


def list_seen_by(question_version_id: int) -> Sequence[int]:
    """Ids of the graded attempts that had the question, rising."""
    return db.session.scalars(
        select(PaperQuestion.attempt_id)
        .join(Attempt, Attempt.id == PaperQuestion.attempt_id)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(saw(question_version_id))
        .order_by(PaperQuestion.attempt_id)
    ).all()


def fingerprint(question_version_id: int) -> tuple[Any, ...]:
    """What tells quickly whether anything was graded, or graded otherwise, since."""
    row = db.session.execute(
        select(
            func.count(),
            func.max(Attempt.id),
            func.sum(Attempt.credit),
            func.sum(Attempt.total),
            func.sum(PaperQuestion.credit),
            func.count().filter(Attempt.passed.is_(True)),
        )
        .select_from(PaperQuestion)
        .join(Attempt, Attempt.id == PaperQuestion.attempt_id)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(saw(question_version_id))
    ).one()
    return tuple(row)


def stream_changes(question_version_id: int, ruled: Ruled | None, progress: Progress) -> Iterator[Change]:
    """What would change if this ruling, or none, were in force on the question, in the order of the attempts. The
    reading ends between some papers and the next, where the progress is told."""
    ids = list_seen_by(question_version_id)
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        changes = list(_changes_of(part, question_version_id, ruled))
        db.session.rollback()  # on SQLite the progress is written only then
        yield from changes
        progress(start + len(part), len(ids))


def digest_of(changes: Sequence[Change]) -> str:
    """SHA-256 over changes, in hexadecimal: equal only if all are."""
    digest = hashlib.sha256()
    for one in changes:
        told = [getattr(one, name) for name in Change.__slots__]
        digest.update(json.dumps(told, sort_keys=True, separators=(",", ":")).encode())
    return digest.hexdigest()


def _changes_of(ids: Sequence[int], question_version_id: int, ruled: Ruled | None) -> Iterator[Change]:
    answers = list_answers_to(question_version_id, ids)
    papers = _read_papers(ids, question_version_id)
    attempts = select(
        Attempt.id,
        Attempt.enrolment_id,
        Attempt.person_id,
        Attempt.credit,
        Attempt.total,
        Attempt.passed,
        cast(Attempt.settings, Text),
    )
    for row in db.session.execute(attempts.where(Attempt.id.in_(ids)).order_by(Attempt.id)):
        attempt_id, enrolment_id, person_id, credit, total, passed, settings = row
        paper, before = papers[attempt_id]
        changed: dict[str, list[int | None]] = {}
        credits = dict(before)
        for asked in paper:
            if asked.version_id == question_version_id:
                after = credits[asked.position] = credit_of(asked, answers.get(attempt_id, {}), ruled)
                if after != before[asked.position]:
                    changed[str(asked.position)] = [before[asked.position], after]
        if changed:
            grade = sum_up(paper, credits, _settings(settings))
            yield Change(
                attempt_id, enrolment_id, person_id, changed, credit, grade.credit, total, grade.total,
                bool(passed), bool(grade.passed),
            )  # fmt: skip


def _read_papers(ids: Sequence[int], question_version_id: int) -> dict[int, tuple[list[Asked], dict[int, int | None]]]:
    """The papers with the credits that stand on them. Only of the question itself its parts are read."""
    found: dict[int, tuple[list[Asked], dict[int, int | None]]] = {}
    rows = db.session.execute(
        select(
            PaperQuestion.attempt_id,
            PaperQuestion.position,
            PaperQuestion.topic,
            PaperQuestion.question_version_id,
            cast(PaperQuestion.order, Text),
            PaperQuestion.credit,
        )
        .where(PaperQuestion.attempt_id.in_(ids))
        .order_by(PaperQuestion.attempt_id, PaperQuestion.position)
    )
    for attempt_id, position, topic, version, parts, credit in rows:
        paper, credits = found.setdefault(attempt_id, ([], {}))
        paper.append(Asked(position, topic, version, parts if version == question_version_id else "{}"))
        credits[position] = credit
    return found


@lru_cache(maxsize=64)
def _settings(text: str) -> AttemptSettings:
    """The settings with which an attempt began; most began with the same."""
    return AttemptSettings.model_validate(json.loads(text))

"""Papers of a test as they were sent, read some at a time: a million answers are never held together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, and_, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.assessment import queries
from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.assessment.rules import PAPER_CLIENT, Kind, State
from lms.assessment.statements import counts
from lms.core.database.base import db
from lms.core.jobs.queue import Progress
from lms.fairness.rules import WHOLE, Known, Place
from lms.questions.models import QuestionVersion
from lms.questions.rules import grade

MOST_PLACES = 1_000
"""More than any paper has: attempt and place make one number."""
AT_ONCE = 1_000
"""Papers held together."""
Spans = Sequence[tuple[int, int]]
"""First and last id of some attempts."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was sent, its places that count."""

    attempt_id: int
    person_id: int
    passed: bool
    seconds: int | None
    """From the beginning to the sending."""
    places: list[Place] = field(default_factory=list)
    clients: set[str] = field(default_factory=set)
    """The pages and forms that sent answers."""

    @property
    def seconds_at_it(self) -> int | None:
        """The same of a test that was taken here; of one keyed in from paper nobody knows."""
        return None if any(client.startswith(PAPER_CLIENT) for client in self.clients) else self.seconds


def is_sent(version_id: int) -> ColumnElement[bool]:
    """A condition on Attempt: a graded test of this course version."""
    return and_(
        Attempt.version_id == version_id,
        Attempt.kind == Kind.FINAL,
        Attempt.state != State.OPEN,
        Attempt.credit.is_not(None),
    )


def list_spans(version_id: int) -> tuple[Spans, int]:
    """Where the sent attempts of a course version lie, some in each span, and how many there are."""
    ids = db.session.scalars(select(Attempt.id).where(is_sent(version_id)).order_by(Attempt.id)).all()
    spans = [(part[0], part[-1]) for start in range(0, len(ids), AT_ONCE) if (part := ids[start : start + AT_ONCE])]
    return spans, len(ids)


def count_facilities(version_id: int) -> dict[int, float]:
    """The mean credit of every question on sent papers, 0 to 1."""
    rows = db.session.execute(
        select(PaperQuestion.question_version_id, func.sum(PaperQuestion.credit), func.count(PaperQuestion.credit))
        .join(Attempt, Attempt.id == PaperQuestion.attempt_id)
        .where(is_sent(version_id), PaperQuestion.credit.is_not(None))
        .group_by(PaperQuestion.question_version_id)
    )
    return {question: float(credit) / WHOLE / n for question, credit, n in rows}


def stream_papers(version_id: int, progress: Progress) -> Iterator[Paper]:
    """Every sent paper of a course version, in the order of the attempts. Between some and the next the reading ends,
    so that nobody waits for it, and the progress is told."""
    spans, total = list_spans(version_id)
    done = 0
    for first, last in spans:
        papers = read_papers(version_id, first, last)
        db.session.rollback()  # on SQLite the progress is written only then
        yield from papers
        done += len(papers)
        progress(done, total)


def read_papers(version_id: int, first: int, last: int) -> list[Paper]:
    """The sent papers among these attempts."""
    connection = db.session.connection()  # past the session: rows need not be looked at one by one
    between = Attempt.id.between(first, last)
    started = {}
    papers = {}
    for attempt_id, person_id, passed, begun, sent in connection.execute(
        select(Attempt.id, Attempt.person_id, Attempt.passed, epoch(Attempt.started_at), epoch(Attempt.submitted_at))
        .where(between, is_sent(version_id))
        .order_by(Attempt.id)
    ).all():
        started[attempt_id] = begun
        papers[attempt_id] = Paper(attempt_id, person_id, bool(passed), sent - begun if sent else None)
    answers = _read_answers(first, last, papers, started)
    for attempt_id, position, question, topic, credit in connection.execute(
        select(
            PaperQuestion.attempt_id,
            PaperQuestion.position,
            PaperQuestion.question_version_id,
            PaperQuestion.topic,
            PaperQuestion.credit,
        )
        .where(PaperQuestion.attempt_id.between(first, last), PaperQuestion.credit.is_not(None))
        .order_by(PaperQuestion.attempt_id, PaperQuestion.position)
    ).all():
        paper = papers.get(attempt_id)
        if paper is not None:
            said, language, seconds = answers.get(attempt_id * MOST_PLACES + position, NOT_ANSWERED)
            paper.places.append(Place(question, topic, credit, said, language, seconds))
    return list(papers.values())


Answered = tuple[str, str | None, int | None]
"""The answer that counts in JSON, its language, and the seconds since the answer to another question before it."""
NOT_ANSWERED: Answered = ("", None, None)


def _read_answers(first: int, last: int, papers: dict[int, Paper], started: dict[int, int]) -> dict[int, Answered]:
    """By attempt and place. Steps come in the order in which they were kept, so that the newest of a place stays; its
    time is that of the first answer there."""
    connection = db.session.connection()
    found: dict[int, Answered] = {}
    before: dict[int, int] = dict(started)
    for _id, attempt_id, position, said, language, at, client in connection.execute(
        select(
            AnswerStep.id,
            AnswerStep.attempt_id,
            AnswerStep.position,
            cast(AnswerStep.response, Text),
            AnswerStep.language,
            epoch(AnswerStep.received_at),
            AnswerStep.client,
        )
        .where(AnswerStep.attempt_id.between(first, last), counts(AnswerStep))
        .order_by(AnswerStep.attempt_id, AnswerStep.id)
    ).all():
        paper = papers.get(attempt_id)
        if paper is None:
            continue
        key = attempt_id * MOST_PLACES + position
        earlier = found.get(key)
        seconds = max(0, at - before[attempt_id]) if earlier is None else earlier[2]
        if client.startswith(PAPER_CLIENT):  # all at once: that tells nothing of time
            seconds = None
        before[attempt_id] = at
        found[key] = ("" if said == "{}" else said), language, seconds
        paper.clients.add(client)
    _read_late(found, papers)
    return found


def _read_late(found: dict[int, Answered], papers: Mapping[int, Paper]) -> None:
    """Lay late answers that count by an officer's decision over the others; they tell nothing of time."""
    for attempt_id in queries.list_with_late(list(papers)):
        for position, counted in queries.list_counted(attempt_id).items():
            key = attempt_id * MOST_PLACES + position
            said = json.dumps(counted.response, ensure_ascii=False) if counted.response else ""
            found[key] = said, found.get(key, NOT_ANSWERED)[1], None


def epoch(column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """A moment in whole seconds since 1970."""
    return cast(extract("epoch", column), BigInteger)


def options_in(said: str) -> tuple[str, ...]:
    """The options named in an answer in JSON; the whole answer, written in one way, where it names none."""
    response = json.loads(said)
    if isinstance(response.get("choice"), str):
        return (response["choice"],)
    if isinstance(response.get("choices"), list):
        return tuple(map(str, response["choices"]))
    return (json.dumps(response, sort_keys=True, ensure_ascii=False, separators=(",", ":")),)


def know(question: QuestionVersion, said: Sequence[str]) -> Known:
    """The options of a question and the right ones; where it has none, those of the answers given that are right."""
    if question.kind == "true-false":
        return Known(("true", "false"), frozenset({str(question.body["answer"]).lower()}))
    if question.kind in ("single", "multiple"):
        options = question.body["options"]
        return Known(
            tuple(option["id"] for option in options),
            frozenset(option["id"] for option in options if option.get("right")),
        )
    right = (one for one in said if one and grade(question.kind, question.body, json.loads(one)) == WHOLE)
    return Known((), frozenset(name for one in right for name in options_in(one)))

"""The tests of a whole country analysed, searched and marked anew: beside plain SQL over the same rows.

python -m bench.fairness [sqlite] [postgresql] [--people N]
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import func, select, text

from bench.measure import line
from lms.app import create_app
from lms.assessment.grading import Effect
from lms.assessment.models import AnswerStep, Attempt, PaperQuestion
from lms.assessment.rules import count_by_topic, result
from lms.assessment.rulings import make_ruling
from lms.campaigns.queries import get_open_campaign
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.config import ROOT
from lms.core.database.base import db
from lms.core.database.bulk import look_over, write_rows
from lms.core.jobs.queue import unseen
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import list_questions
from lms.curriculum.settings import TestSettings
from lms.demo.wrong import wrong_response
from lms.fairness import analysing, regrading, searching
from lms.fairness.integrity import find_pairs
from lms.fairness.models import Regrade
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import TEST, activities_of
from lms.people.models import Person
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE
from lms.questions.models import QuestionVersion
from tests import postgres
from tests.journeys.live import fresh_database, settings_of
from tests.journeys.region import installation

COURSE = ROOT / "courses" / "election-day"
PEOPLE = 70_957
SECONDS = 60
"""Between two answers."""
LANGUAGES = ("kk", "ru")
AT_ONCE = 5_000


def make_papers(people: int, *, on_all: bool = False) -> QuestionVersion:
    """A sent test of each of so many people who are enrolled, in bulk; a question that stands on very many, with
    `on_all` a single choice that stands on every one."""
    rng = Random(1)
    version = db.session.scalars(select(CourseVersion).order_by(CourseVersion.id).limit(1)).one()
    settings = TestSettings.model_validate(version.test)
    questions = [one for one in list_questions(version.id) if one.use == "test"]
    by_topic = {
        part.topic: ([one for one in questions if one.topic == part.topic], part.draw) for part in settings.blueprint
    }
    if on_all:
        _have_on_all(by_topic)
    answers = {one.id: _answers(one, rng) for one in questions}
    enrolled = _enrol(people, version)
    last = db.session.scalar(select(func.max(Attempt.id))) or 0
    for start in range(0, len(enrolled), AT_ONCE):
        _write(enrolled[start : start + AT_ONCE], last + 1 + start, version, settings, by_topic, answers, rng)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            text("SELECT setval(pg_get_serial_sequence('attempt', 'id'), (SELECT max(id) FROM attempt))")
        )
        look_over(Attempt, PaperQuestion, AnswerStep)
    db.session.commit()
    counted = (
        select(PaperQuestion.question_version_id)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.question_version_id)
        .where(*([QuestionVersion.kind == "single"] if on_all else []))
        .group_by(PaperQuestion.question_version_id)
        .order_by(func.count().desc())
        .limit(1)
    )
    return db.session.get_one(QuestionVersion, db.session.scalars(counted).one())


def _have_on_all(by_topic: dict[str, tuple[list[QuestionVersion], int]]) -> None:
    """Leave a topic no question but as many as are drawn, a single choice among them."""
    topic, (pool, draw) = next(
        (topic, drawn) for topic, drawn in by_topic.items() if any(one.kind == "single" for one in drawn[0])
    )
    by_topic[topic] = (sorted(pool, key=lambda one: one.kind != "single")[:draw], draw)


def _enrol(people: int, version: CourseVersion) -> list[tuple[int, int]]:
    """So many people who have done everything but the test: (enrolment, person)."""
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    ids, now = range(first, first + people), clock.now() - timedelta(days=4)
    write_rows(Person, PERSON, ((one, f"Surname {one}", "Name", "", "kk", now) for one in ids))
    campaign = get_open_campaign().id
    write_rows(Enrolment, ENROLMENT, ((one, campaign, one, version.course_id, version.id, now, now) for one in ids))
    asked = activities_of([module.code for module in version.modules], workshop=version.workshop)
    done = ((one, activity, now, NOTHING) for one in ids for activity in asked if activity != TEST)
    write_rows(CompletedActivity, DONE, done)
    return [(one, one) for one in ids]


def _answers(question: QuestionVersion, rng: Random) -> tuple[dict[str, Any], list[dict[str, Any]], float]:
    """The right answer, wrong ones, and how many know it."""
    kind = get_kind(question.kind)
    body = kind.resolve(question.body, {})
    wrong = [wrong_response(question.kind, body, rng) for _ in range(6)]
    return dict(kind.rules.right_response(body)), wrong, rng.uniform(0.6, 0.95)


def _write(
    enrolled: Sequence[Any],
    first: int,
    version: CourseVersion,
    settings: TestSettings,
    by_topic: dict[str, tuple[list[QuestionVersion], int]],
    answers: dict[int, tuple[dict[str, Any], list[dict[str, Any]], float]],
    rng: Random,
) -> None:
    now, campaign = clock.now() - timedelta(days=3), get_open_campaign().id
    attempts: list[Sequence[Any]] = []
    papers: list[Sequence[Any]] = []
    steps: list[Sequence[Any]] = []
    for number, (enrolment, person) in enumerate(enrolled):
        attempt, able, language = first + number, rng.gauss(0, 0.12), rng.choice(LANGUAGES)
        marks: list[tuple[str, int]] = []
        drawn = [(topic, one) for topic, (pool, draw) in by_topic.items() for one in rng.sample(pool, draw)]
        for position, (topic, question) in enumerate(drawn, start=1):
            right, wrongs, known = answers[question.id]
            knows = rng.random() < known + able
            marks.append((topic, WHOLE * knows))
            papers.append((attempt, position, question.id, topic, {}, WHOLE * knows))
            said = right if knows else rng.choice(wrongs)
            at = now + timedelta(seconds=SECONDS * position)
            steps.append((attempt, position, f"page-{attempt:09d}", position, 0, said, False, False, at, language))
        ends = now + timedelta(minutes=25)
        outcome = result(count_by_topic(marks), settings)
        attempts.append(
            (
                attempt,
                campaign,
                enrolment,
                person,
                version.id,
                90 + attempt,
                "submitted",
                version.test,
                now,
                ends,
                ends,
                outcome.credit,
                len(drawn),
                outcome.passed,
            )
        )
    write_rows(Attempt, ATTEMPT, attempts)
    write_rows(PaperQuestion, PAPER, papers)
    write_rows(AnswerStep, STEP, steps)
    passed = ((row[2], TEST, ends, NOTHING) for row in attempts if row[-1])
    write_rows(CompletedActivity, DONE, passed)


DONE = ("enrolment_id", "activity", "completed_at", "details")
NOTHING: dict[str, Any] = {}
PERSON = ("id", "surname", "given_name", "patronymic", "language", "created_at")
ENROLMENT = ("id", "campaign_id", "person_id", "course_id", "version_id", "enrolled_at", "started_at")
ATTEMPT = (
    "id", "campaign_id", "enrolment_id", "person_id", "version_id", "number", "state", "settings", "started_at",
    "deadline", "submitted_at", "credit", "total", "passed",
)  # fmt: skip
PAPER = ("attempt_id", "position", "question_version_id", "topic", "order", "credit")
STEP = (
    "attempt_id", "position", "client", "client_seq", "base_revision", "response", "stale", "late", "received_at",
    "language",
)  # fmt: skip


def read_plainly() -> int:
    """The same rows by plain SQL, joined and thrown away: what reading alone costs."""
    rows = db.session.execute(
        text(
            "SELECT p.attempt_id, p.position, p.question_version_id, p.topic, p.credit, s.response, s.received_at "
            "FROM paper_question p JOIN answer_step s ON s.attempt_id = p.attempt_id AND s.position = p.position"
        ).execution_options(stream_results=True, yield_per=5_000)
    )
    return sum(1 for _row in rows)


def compare(people: int) -> Any:
    """Wrong answers of so many people compared within commissions of seven."""
    rng = Random(2)
    papers = [(one, one, {rng.randrange(160): rng.randrange(3) for _ in range(4)}) for one in range(people)]
    chances = dict.fromkeys(range(160), 0.4)
    return find_pairs((papers[start : start + 7] for start in range(0, people, 7)), chances)


@dataclass(frozen=True)
class Took:
    """How long some work took."""

    seconds: float
    cpu: float
    """Seconds of this process: a database server's are not in it."""

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu:.1f} s CPU)"


def timed(work: Any, *values: Any) -> tuple[Any, Took]:
    """What some work gives, and how long it took."""
    begin, used = perf_counter(), process_time()
    found = work(*values)
    return found, Took(perf_counter() - begin, process_time() - used)


def most_memory() -> float:
    """The most this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_rows(kind: str, people: int) -> None:
    """The rows of one database."""
    question, made = timed(make_papers, people)
    question_id = question.id
    papers = db.session.scalar(select(func.count(Attempt.id))) or 0
    line(f"Papers made in bulk, {kind}", f"{papers:,} in {made}")
    rows, plain = timed(read_plainly)
    db.session.rollback()
    version_id = db.session.scalars(select(Attempt.version_id).limit(1)).one()
    before = most_memory()
    figures, took = timed(analysing.analyse, version_id, unseen)
    said = f"{took}, {most_memory():.0f} MB (before it {before:.0f})"
    line(f"Analysis of {figures.papers:,} papers, {kind}", said, f"{rows:,} rows read {plain}", "<= 30 s, 400 MB")
    found, took = timed(searching.search, version_id, unseen)
    line(f"Search for signs, {kind}", f"{took}, {found[1]['signs']} signs")
    (_pairs, compared), took = timed(compare, people)
    line("Pairs within commissions of seven compared", f"{took}, {compared:,} pairs")
    db.session.rollback()
    regrade = rule(question_id, Effect.LEFT_OUT)
    _none, took = timed(regrading.count, regrade, unseen)
    db.session.commit()
    counts = db.session.get_one(Regrade, regrade).counts
    line(f"Dry run of a ruling, {kind}", f"{took}: {counts}")
    _none, took = timed(regrading.apply, regrade, SYSTEM, unseen, db.session.commit)
    db.session.commit()
    line(f"The ruling applied, {kind}", f"{took}", "", "<= 5 min")
    _none, took = timed(regrading.take_back, regrade, SYSTEM, unseen, db.session.commit)
    db.session.commit()
    line(f"Taken back, {kind}", f"{took}, {most_memory():.0f} MB in all", "", "<= 5 min")


def rule(question_id: int, effect: Effect, body: dict[str, Any] | None = None) -> int:
    """A ruling on a question, with its dry run asked for."""
    question = db.session.get_one(QuestionVersion, question_id)
    ruling = make_ruling(question=question, effect=effect, body=body, reason="Measured", by=SYSTEM)
    regrade = Regrade(ruling_id=ruling.id, asked_by_id=None, asked_at=clock.now())
    db.session.add(regrade)
    db.session.commit()
    return regrade.id


def measure(words: list[str], rows: Callable[[str, int], None]) -> None:
    """Have `rows` print those of each database named, of both when none is, on a fresh installation with the course.
    `rows` is given the database in words and how many people are wanted, within the app."""
    people = int(words[words.index("--people") + 1]) if "--people" in words else PEOPLE
    names = [word for word in words if word in ("sqlite", "postgresql")]
    if not names or "sqlite" in names:
        _on(None, people, rows)
    if not names or "postgresql" in names:
        with postgres.running() as database:
            _on(database, people, rows)


def _on(database: postgres.Server | None, people: int, rows: Callable[[str, int], None]) -> None:
    url = fresh_database(database, f"marks_{os.getpid()}")
    with installation(url) as product:
        product.lms("init", "--demo", "--login", "head", "--json")
        product.lms("packs", "publish", str(COURSE), "--by", "head")
        app = create_app(settings_of(product.instance, url))
        with app.app_context():
            try:
                rows("PostgreSQL" if database else "SQLite", people)
            finally:
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    measure(sys.argv[1:], print_rows)

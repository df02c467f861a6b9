"""Read attempts, their papers and the answers that count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lms.assessment import rules_time
from lms.assessment.models import (
    AnswerStep,
    Attempt,
    AttemptExtension,
    AttemptGrant,
    LateDecision,
    PaperQuestion,
    QuestionRuling,
)
from lms.assessment.rules import Candidate, Earlier, Kind, State
from lms.assessment.rules_time import AttemptSettings, Given, Longer
from lms.assessment.statements import counts
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope
from lms.commissions.rules import Level
from lms.core import clock
from lms.core.clock import AHEAD
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.kept import keep
from lms.curriculum.models import Module, Topic, VersionQuestion
from lms.curriculum.shelf import find_course, get_published
from lms.learning import queries as learning
from lms.learning.models import Enrolment
from lms.learning.rules import may_be_asked_before, may_take_test
from lms.questions.models import Question, QuestionVersion
from lms.questions.uses import Use


@dataclass(frozen=True)
class Answer:
    """The answer that counts at one place of a paper. `response` is empty when it was taken back."""

    revision: int
    response: dict[str, Any]


MOST_COUNTED = 5_000
"""Attempts counted at once: whoever writes meanwhile on SQLite waits."""
NONE_YET = Answer(0, {})
_ATTEMPTS = (
    select(Attempt)
    .where(Attempt.enrolment_id == bindparam("enrolment"), Attempt.kind == Kind.FINAL.value)
    .order_by(Attempt.number)
)
_NEWEST = (
    select(func.max(AnswerStep.id))
    .where(AnswerStep.attempt_id == bindparam("attempt"), counts(AnswerStep))
    .group_by(AnswerStep.position)
)
_ANSWERS = select(AnswerStep.position, AnswerStep.id, AnswerStep.response).where(AnswerStep.id.in_(_NEWEST))


def get_own_attempt(scope: Scope, attempt_id: int) -> Attempt:
    """The attempt, if it is the reader's own; NotFound otherwise."""
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.person_id != scope.person_id:
        raise NotFound
    return attempt


def get_own_enrolment(scope: Scope, enrolment_id: int) -> Enrolment:
    """The enrolment, if it is the reader's own; NotFound otherwise."""
    return learning.get_own_enrolment(scope.person_id or 0, enrolment_id)


def get_own_course(person_id: int, course: str) -> Enrolment:
    """A person's enrolment on the course with this code, in the open campaign; NotFound otherwise."""
    found = find_course(course)
    enrolment = learning.find_open_enrolment(person_id, found.id) if found else None
    if enrolment is None:
        raise NotFound
    return enrolment


def find_zone(scope: Scope) -> str:
    """The time zone of the reader's commission; without a seat the central commission's, the country's."""
    central = select(Commission.time_zone).where(Commission.level == Level.CEC)
    return scope.time_zone or db.session.scalar(central) or clock.home_zone()


def list_attempts(enrolment_id: int) -> Sequence[Attempt]:
    """All attempts of an enrolment at the test, the first first."""
    return db.session.scalars(_ATTEMPTS, {"enrolment": enrolment_id}).all()


def find_open(attempts: Iterable[Attempt]) -> Attempt | None:
    """The one of them that is going on."""
    return next((attempt for attempt in attempts if attempt.state == State.OPEN), None)


def find_entry(enrolment_id: int) -> Attempt | None:
    """The enrolment's attempt at the questions before the course, going on or sent."""
    return db.session.scalar(select(Attempt).where(Attempt.enrolment_id == enrolment_id, Attempt.kind == Kind.ENTRY))


def list_expired(now: datetime) -> Sequence[int]:
    """Ids of open attempts whose time is up (see `rules.is_up`), the oldest first."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.state == State.OPEN, or_(Attempt.deadline <= now, Attempt.started_at > now + AHEAD))
        .order_by(Attempt.deadline)
    ).all()


def has_begun_reading(enrolment: Enrolment) -> bool:
    """Whether anything of the course was read, or its test passed."""
    return not may_be_asked_before(learning.list_done(enrolment.id))


def has_read_everything(enrolment: Enrolment) -> bool:
    """Whether every module of the course was read."""
    return may_take_test(learning.list_required(enrolment), learning.list_done(enrolment.id))


def list_pool(version_id: int, use: Use = Use.TEST) -> list[Candidate]:
    """The questions that a test of this course version draws from; of another use, those for that."""
    return (_pool(version_id) or {}).get(use, [])


@keep(64)
def _pool(session: Session, version_id: int) -> dict[str, list[Candidate]] | None:
    """The questions of a course version by their use, in the order of their ids."""
    rows = session.execute(
        select(
            QuestionVersion.use,
            QuestionVersion.id,
            QuestionVersion.topic,
            QuestionVersion.difficulty,
            QuestionVersion.valid_from,
            QuestionVersion.valid_until,
        )
        .join(VersionQuestion, VersionQuestion.question_version_id == QuestionVersion.id)
        .where(VersionQuestion.version_id == version_id)
        .order_by(QuestionVersion.id)
    )
    found: dict[str, list[Candidate]] = {}
    for use, *said in rows:
        found.setdefault(use, []).append(Candidate(*said))
    return found or None


def list_withdrawn(version_id: int) -> set[int]:
    """Question versions of a course version that are drawn no more."""
    return set(
        db.session.scalars(
            select(QuestionVersion.id)
            .join(Question, Question.id == QuestionVersion.question_id)
            .join(VersionQuestion, VersionQuestion.question_version_id == QuestionVersion.id)
            .where(Question.withdrawn_at.is_not(None), VersionQuestion.version_id == version_id)
        )
    )


@dataclass(frozen=True)
class Drawn:
    """Papers of one course version that were drawn since something was counted last."""

    papers: int
    counts: dict[int, int]
    """Question version -> papers it stands on."""
    to: int
    """The newest of the attempts."""


def count_drawn(after: int, now: datetime) -> dict[int, Drawn]:
    """By course version: papers of tests begun after the attempt `after`, and at least a minute ago, so that none is
    still being written. What began long after now is of an installation whose day has begun anew."""
    ids = select(Attempt.id).where(Attempt.id > after).order_by(Attempt.id)
    last = db.session.scalar(ids.offset(MOST_COUNTED).limit(1))
    settled = or_(Attempt.started_at <= now - timedelta(minutes=1), Attempt.started_at > now + AHEAD)
    new = [Attempt.id > after, Attempt.kind == Kind.FINAL, settled, *([Attempt.id <= last] if last else [])]
    asked = db.session.execute(
        select(Attempt.version_id, PaperQuestion.question_version_id, func.count())
        .join(PaperQuestion, PaperQuestion.attempt_id == Attempt.id)
        .where(*new)
        .group_by(Attempt.version_id, PaperQuestion.question_version_id)
    )
    counts: dict[int, dict[int, int]] = {}
    for version_id, question, papers in asked:
        counts.setdefault(version_id, {})[question] = papers
    begun = select(Attempt.version_id, func.count(), func.max(Attempt.id)).where(*new).group_by(Attempt.version_id)
    return {one: Drawn(papers, counts.get(one, {}), to) for one, papers, to in db.session.execute(begun)}


def list_seen(enrolment_id: int) -> set[int]:
    """Question versions on earlier papers of the enrolment's tests."""
    return set(
        db.session.scalars(
            select(PaperQuestion.question_version_id)
            .join(Attempt, Attempt.id == PaperQuestion.attempt_id)
            .where(Attempt.enrolment_id == enrolment_id, Attempt.kind == Kind.FINAL)
        )
    )


def list_paper(attempt_id: int) -> Sequence[PaperQuestion]:
    """The questions of an attempt in order, with what they say."""
    return db.session.scalars(
        select(PaperQuestion)
        .where(PaperQuestion.attempt_id == attempt_id)
        .options(joinedload(PaperQuestion.question))
        .order_by(PaperQuestion.position)
    ).all()


def get_paper_question(attempt_id: int, position: int) -> PaperQuestion:
    """The question at one place of a paper; NotFound when there is no such place."""
    asked = db.session.scalar(
        select(PaperQuestion)
        .where(PaperQuestion.attempt_id == attempt_id, PaperQuestion.position == position)
        .options(joinedload(PaperQuestion.question))
    )
    if asked is None:
        raise NotFound
    return asked


def list_marks(attempt_id: int) -> list[tuple[str, int]]:
    """(topic, what the answer is worth in thousandths) of every question of a graded paper that counts, in order."""
    rows = db.session.execute(
        select(PaperQuestion.topic, PaperQuestion.credit)
        .where(PaperQuestion.attempt_id == attempt_id, PaperQuestion.credit.is_not(None))
        .order_by(PaperQuestion.position)
    )
    return [(topic, credit) for topic, credit in rows]


def list_in_force(version_ids: Collection[int], *, hold: bool = False) -> dict[int, QuestionRuling]:
    """The rulings in force on these question versions, by version. Whoever grades by them `hold`s them until the end of
    the transaction, also those that are yet to come into force: while one does, no paper is graded without it."""
    asked = (
        select(QuestionRuling)
        .where(QuestionRuling.question_version_id.in_(version_ids), QuestionRuling.taken_back_at.is_(None))
        .order_by(QuestionRuling.id)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(asked.with_for_update(read=True) if hold else asked)
    return {one.question_version_id: one for one in found if one.is_in_force}


def list_answers_to(question_version_id: int, attempt_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The answers that count to one question, by attempt; attempts without one are not in it."""
    rows = db.session.execute(
        select(AnswerStep.attempt_id, AnswerStep.response)
        .join(
            PaperQuestion,
            and_(PaperQuestion.attempt_id == AnswerStep.attempt_id, PaperQuestion.position == AnswerStep.position),
        )
        .where(
            AnswerStep.attempt_id.in_(attempt_ids),
            PaperQuestion.question_version_id == question_version_id,
            counts(AnswerStep),
        )
        .order_by(AnswerStep.id)
    )
    found = dict(rows.tuples().all())
    for attempt_id, position in _places_of(question_version_id, list_with_late(attempt_ids)):
        counted = list_counted(attempt_id).get(position)
        if counted is not None:
            found[attempt_id] = counted.response
    return found


def list_with_late(attempt_ids: Collection[int]) -> Sequence[int]:
    """Those of the attempts in which late answers count by an officer's decision."""
    return db.session.scalars(
        select(LateDecision.attempt_id)
        .where(LateDecision.attempt_id.in_(attempt_ids), LateDecision.counts)
        .distinct()
        .order_by(LateDecision.attempt_id)
    ).all()


def _places_of(question_version_id: int, attempt_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    """(attempt, place) of a question on these papers."""
    return (
        db.session.execute(
            select(PaperQuestion.attempt_id, PaperQuestion.position).where(
                PaperQuestion.attempt_id.in_(attempt_ids), PaperQuestion.question_version_id == question_version_id
            )
        )
        .tuples()
        .all()
    )


def last_seq(attempt_id: int, client: str) -> int:
    """The highest number this client has given an answer in the attempt; 0 when it has given none."""
    last = select(func.max(AnswerStep.client_seq)).where(
        AnswerStep.attempt_id == attempt_id, AnswerStep.client == client
    )
    return db.session.scalar(last) or 0


def list_answers(attempt_id: int) -> dict[int, Answer]:
    """The answers that count, by place; places never answered are not in it."""
    rows = db.session.execute(_ANSWERS, {"attempt": attempt_id})
    return {position: Answer(revision, response) for position, revision, response in rows}


def list_decisions(attempt_id: int) -> dict[int, bool]:
    """What was decided about late answers of an attempt: the newest step decided -> whether those up to it count."""
    rows = db.session.execute(
        select(LateDecision.last_step_id, LateDecision.counts).where(LateDecision.attempt_id == attempt_id)
    )
    return {row.last_step_id: row.counts for row in rows}


def list_counted(attempt_id: int) -> dict[int, Answer]:
    """The answers that an attempt is graded by, by place: those given in time, and late ones that an officer decided
    to count."""
    decisions = list_decisions(attempt_id)
    if not any(decisions.values()):
        return list_answers(attempt_id)
    steps = list_steps(attempt_id)
    told = {step.id: step.response for step in steps}
    chosen = rules_time.replay(rules_time.decide([as_given(step) for step in steps], decisions))
    return {position: Answer(step_id, told[step_id]) for position, step_id in chosen.items()}


def list_steps(attempt_id: int) -> Sequence[AnswerStep]:
    """Every step of an attempt, the first first."""
    return db.session.scalars(
        select(AnswerStep).where(AnswerStep.attempt_id == attempt_id).order_by(AnswerStep.id)
    ).all()


def as_given(step: AnswerStep) -> Given:
    """What of a step decides whether it counts."""
    return Given(step.id, step.position, step.client, step.client_seq, step.base_revision, step.stale, step.late)


def list_extensions(attempt_id: int) -> list[Longer]:
    """The extensions of an attempt, the first first."""
    rows = db.session.scalars(
        select(AttemptExtension).where(AttemptExtension.attempt_id == attempt_id).order_by(AttemptExtension.id)
    )
    return [Longer(one.minutes, one.reopens, one.given_at) for one in rows]


def count_granted(enrolment_id: int) -> int:
    """How many attempts were given beyond those of the course."""
    given = select(func.sum(AttemptGrant.attempts)).where(AttemptGrant.enrolment_id == enrolment_id)
    return db.session.scalar(given) or 0


def list_topics(version_id: int) -> dict[str, Topic]:
    """The topics of a course version by code, in order."""
    return {topic.code: topic for topic in get_published(version_id).topics}


def list_modules(version_id: int) -> dict[str, Module]:
    """The modules of a course version by code, in order."""
    return {module.code: module for module in get_published(version_id).modules}


def settings_of(attempt: Attempt) -> AttemptSettings:
    """The settings with which an attempt at the test began."""
    return AttemptSettings.model_validate(attempt.settings)


def as_earlier(attempt: Attempt) -> Earlier:
    """What counts of an attempt for the next one."""
    return Earlier(State(attempt.state), attempt.submitted_at or attempt.deadline, bool(attempt.passed))

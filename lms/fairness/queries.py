"""Read analyses, disputes, rulings and markings anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from lms.assessment.models import Attempt, QuestionRuling
from lms.assessment.rules import Kind, State
from lms.core.database.base import db, get_row
from lms.core.errors import NotFound
from lms.core.jobs.models import Job
from lms.curriculum.models import CourseVersion, VersionQuestion
from lms.fairness.integrity import Judgement
from lms.fairness.models import (
    Analysis,
    Dispute,
    IntegrityNote,
    IntegritySearch,
    IntegritySign,
    Regrade,
    RegradeChange,
    RegradeDone,
)
from lms.fairness.states import Act
from lms.fairness.states import State as RegradeState
from lms.learning.models import CompletedActivity, Enrolment
from lms.learning.rules import TEST
from lms.people.models import Person
from lms.questions.models import Question, QuestionVersion

PAGE = 100
Asked = TypeVar("Asked", Analysis, IntegritySearch)


@dataclass(frozen=True)
class Sat:
    """A course version whose test was sat, by how many, and its newest analysis."""

    version: CourseVersion
    papers: int
    analysis: Analysis | None


@dataclass(frozen=True)
class Disputed:
    """A question version with how often it is disputed, and how often that waits for a ruling."""

    question: QuestionVersion
    code: str
    waiting: int
    total: int
    last_at: datetime


@dataclass(frozen=True)
class News:
    """A result that was marked anew, for its owner: what it was, what it is, why."""

    attempt_id: int
    change: RegradeChange
    reason: str
    taken_back: bool
    at: datetime


def list_sat() -> list[Sat]:
    """Course versions whose tests were sat, the newest first."""
    rows = db.session.execute(
        select(CourseVersion, func.count(Attempt.id))
        .join(Attempt, Attempt.version_id == CourseVersion.id)
        .where(Attempt.kind == Kind.FINAL, Attempt.state != State.OPEN)
        .group_by(CourseVersion.id)
        .order_by(CourseVersion.id.desc())
    ).all()
    newest = select(func.max(Analysis.id)).group_by(Analysis.version_id)
    analyses = {
        one.version_id: one
        for one in db.session.scalars(select(Analysis).where(Analysis.id.in_(newest)).options(joinedload(Analysis.job)))
    }
    return [Sat(version, papers, analyses.get(version.id)) for version, papers in rows]


def get_sat_version(version_id: int) -> CourseVersion:
    """A course version; NotFound when there is none."""
    return get_row(CourseVersion, version_id)


def get_analysis(analysis_id: int) -> Analysis:
    """The analysis; NotFound when there is none."""
    return get_row(Analysis, analysis_id)


def find_figures(question_version_id: int) -> tuple[Analysis, dict[str, Any]] | None:
    """The newest analysis in which a question stands, with its figures."""
    versions = select(VersionQuestion.version_id).where(VersionQuestion.question_version_id == question_version_id)
    for analysis in db.session.scalars(
        select(Analysis)
        .where(Analysis.version_id.in_(versions), Analysis.made_at.is_not(None))
        .order_by(Analysis.id.desc())
        .limit(5)
    ):
        for figures in analysis.figures.get("questions", []):
            if figures["question"] == question_version_id:
                return analysis, figures
    return None


def get_question(question_version_id: int) -> QuestionVersion:
    """The question version; NotFound when there is none."""
    return get_row(QuestionVersion, question_version_id)


def list_questions(ids: Collection[int]) -> Mapping[int, tuple[QuestionVersion, str]]:
    """Question versions with the code of the question."""
    rows = db.session.execute(
        select(QuestionVersion, Question.code)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionVersion.id.in_(ids))
    )
    return {version.id: (version, code) for version, code in rows}


def list_disputed(page: int = 1) -> list[Disputed]:
    """Question versions that were disputed: those that wait first, of them those disputed most."""
    waiting = func.count().filter(Dispute.ruling_id.is_(None))
    rows = db.session.execute(
        select(QuestionVersion, Question.code, waiting, func.count(), func.max(Dispute.made_at))
        .join(Dispute, Dispute.question_version_id == QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .group_by(QuestionVersion.id, Question.code)
        .order_by(waiting.desc(), func.count().desc(), QuestionVersion.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [Disputed(*row) for row in rows]


def count_disputed() -> int:
    """How many question versions were disputed."""
    return db.session.scalar(select(func.count(Dispute.question_version_id.distinct()))) or 0


def count_waiting_disputes() -> int:
    """How many disputes wait for a ruling."""
    return db.session.scalar(select(func.count(Dispute.id)).where(Dispute.ruling_id.is_(None))) or 0


def list_disputes_of(question_version_id: int, page: int = 1) -> Sequence[Dispute]:
    """What learners say of a question, those that wait first."""
    return db.session.scalars(
        select(Dispute)
        .where(Dispute.question_version_id == question_version_id)
        .order_by(Dispute.ruling_id.is_not(None), Dispute.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()


def count_disputes_of(question_version_id: int) -> int:
    """How often a question was disputed."""
    disputed = select(func.count(Dispute.id)).where(Dispute.question_version_id == question_version_id)
    return db.session.scalar(disputed) or 0


def list_own_disputes(person_id: int, question_version_ids: Collection[int]) -> dict[int, list[Dispute]]:
    """What a person said of some questions, by question, the newest first, with the rulings on it."""
    found: dict[int, list[Dispute]] = {}
    for one in db.session.scalars(
        select(Dispute)
        .where(Dispute.person_id == person_id, Dispute.question_version_id.in_(question_version_ids))
        .options(joinedload(Dispute.ruling))
        .order_by(Dispute.id.desc())
    ):
        found.setdefault(one.question_version_id, []).append(one)
    return found


def find_open_dispute(person_id: int, question_version_id: int) -> Dispute | None:
    """The dispute of a person about a question that waits for a ruling."""
    return db.session.scalar(
        select(Dispute).where(
            Dispute.person_id == person_id,
            Dispute.question_version_id == question_version_id,
            Dispute.ruling_id.is_(None),
        )
    )


def list_answered(ruling_id: int) -> Sequence[Dispute]:
    """The disputes that a ruling answers."""
    return db.session.scalars(select(Dispute).where(Dispute.ruling_id == ruling_id).order_by(Dispute.id)).all()


def list_rulings_on(question_version_id: int) -> Sequence[QuestionRuling]:
    """All rulings on a question, the newest first."""
    return db.session.scalars(
        select(QuestionRuling)
        .where(QuestionRuling.question_version_id == question_version_id)
        .order_by(QuestionRuling.id.desc())
    ).all()


def list_rulings(page: int = 1) -> Sequence[QuestionRuling]:
    """Rulings, the newest first."""
    return db.session.scalars(
        select(QuestionRuling).order_by(QuestionRuling.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    ).all()


def count_rulings() -> int:
    """How many rulings there are."""
    return db.session.scalar(select(func.count(QuestionRuling.id))) or 0


def get_ruling(ruling_id: int) -> QuestionRuling:
    """The ruling; NotFound when there is none."""
    return get_row(QuestionRuling, ruling_id)


def get_regrade(regrade_id: int) -> Regrade:
    """The marking anew; NotFound when there is none."""
    return get_row(Regrade, regrade_id)


def list_regrades(ruling_id: int) -> Sequence[Regrade]:
    """The markings anew by a ruling, the newest first."""
    return db.session.scalars(
        select(Regrade)
        .where(Regrade.ruling_id == ruling_id)
        .options(joinedload(Regrade.job))
        .order_by(Regrade.id.desc())
    ).all()


def find_later(regrade: Regrade) -> Regrade | None:
    """Another marking anew that is in force, came later and changed some of the same attempts."""
    own, other = aliased(RegradeChange), aliased(RegradeChange)
    return db.session.scalar(
        select(Regrade)
        .join(QuestionRuling, QuestionRuling.id == Regrade.ruling_id)
        .join(other, other.regrade_id == Regrade.id)
        .join(own, own.attempt_id == other.attempt_id)
        .where(
            own.regrade_id == regrade.id,
            Regrade.id != regrade.id,
            Regrade.state.in_((RegradeState.APPLYING, RegradeState.APPLIED)),
            QuestionRuling.in_force_at > regrade.ruling.in_force_at,
        )
        .order_by(QuestionRuling.in_force_at.desc())
        .limit(1)
    )


def count_changes(regrade_id: int) -> int:
    """How many attempts a marking anew changes."""
    return db.session.scalar(select(func.count()).where(RegradeChange.regrade_id == regrade_id)) or 0


def count_done(regrade_id: int, act: Act) -> int:
    """At how many attempts this was done."""
    return (
        db.session.scalar(select(func.count()).where(RegradeDone.regrade_id == regrade_id, RegradeDone.act == act)) or 0
    )


def list_waiting(regrade_id: int, act: Act, *, after: int, most: int) -> Sequence[int]:
    """Enrolments, rising, behind `after`, with attempts at which this is yet to be done."""
    return db.session.scalars(
        select(RegradeChange.enrolment_id)
        .where(
            RegradeChange.regrade_id == regrade_id,
            RegradeChange.enrolment_id > after,
            ~_is_done(act),
        )
        .distinct()
        .order_by(RegradeChange.enrolment_id)
        .limit(most)
    ).all()


def list_changes_of(regrade_id: int, enrolments: Collection[int], act: Act) -> Sequence[RegradeChange]:
    """What is yet to be done at the attempts of some enrolments."""
    return db.session.scalars(
        select(RegradeChange)
        .where(RegradeChange.regrade_id == regrade_id, RegradeChange.enrolment_id.in_(enrolments), ~_is_done(act))
        .order_by(RegradeChange.attempt_id)
    ).all()


def _is_done(act: Act) -> ColumnElement[bool]:
    return (
        select(RegradeDone.attempt_id)
        .where(
            RegradeDone.regrade_id == RegradeChange.regrade_id,
            RegradeDone.attempt_id == RegradeChange.attempt_id,
            RegradeDone.act == act,
        )
        .correlate(RegradeChange)
        .exists()
    )


def list_stood(regrade_id: int, attempt_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """How courses stood before a ruling was applied, by attempt."""
    rows = db.session.execute(
        select(RegradeDone.attempt_id, RegradeDone.stood).where(
            RegradeDone.regrade_id == regrade_id,
            RegradeDone.attempt_id.in_(attempt_ids),
            RegradeDone.act == Act.APPLY,
        )
    )
    return dict(rows.tuples().all())


def list_tests_done(enrolment_ids: Collection[int]) -> dict[int, CompletedActivity]:
    """That the test was passed, by enrolment."""
    rows = db.session.scalars(
        select(CompletedActivity)
        .where(CompletedActivity.enrolment_id.in_(enrolment_ids), CompletedActivity.activity == TEST)
        .execution_options(populate_existing=True)
    )
    return {one.enrolment_id: one for one in rows}


def list_tests(enrolment_id: int) -> Sequence[Attempt]:
    """All attempts of an enrolment at the test."""
    return db.session.scalars(
        select(Attempt).where(Attempt.enrolment_id == enrolment_id, Attempt.kind == Kind.FINAL).order_by(Attempt.number)
    ).all()


def list_changes(regrade_id: int, what: str = "", page: int = 1) -> Sequence[tuple[RegradeChange, Person]]:
    """One page of what changes, with whose result it is. `what`: gain, lose, pass_now or fail_now; all if empty."""
    rows = db.session.execute(
        select(RegradeChange, Person)
        .join(Person, Person.id == RegradeChange.person_id)
        .where(RegradeChange.regrade_id == regrade_id, *_which(what))
        .order_by(Person.surname, Person.given_name, RegradeChange.attempt_id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [(change, person) for change, person in rows]


def count_listed(regrade_id: int, what: str = "") -> int:
    """How many that list has."""
    return db.session.scalar(select(func.count()).where(RegradeChange.regrade_id == regrade_id, *_which(what))) or 0


def _which(what: str) -> list[ColumnElement[bool]]:
    known: dict[str, list[ColumnElement[bool]]] = {
        "gain": [RegradeChange.credit_after > RegradeChange.credit_before],
        "lose": [RegradeChange.credit_after < RegradeChange.credit_before],
        "pass_now": [RegradeChange.passed_after.is_(True), RegradeChange.passed_before.is_(False)],
        "fail_now": [RegradeChange.passed_before.is_(True), RegradeChange.passed_after.is_(False)],
    }
    return known.get(what, [])


def list_news(person_id: int, since: datetime) -> list[News]:
    """Results of a person that were marked anew, or set back, since then; the newest first, one for each test."""
    rows = db.session.execute(
        select(RegradeChange, RegradeDone.act, RegradeDone.at, QuestionRuling.reason)
        .join(
            RegradeDone,
            and_(
                RegradeDone.regrade_id == RegradeChange.regrade_id, RegradeDone.attempt_id == RegradeChange.attempt_id
            ),
        )
        .join(Regrade, Regrade.id == RegradeChange.regrade_id)
        .join(QuestionRuling, QuestionRuling.id == Regrade.ruling_id)
        .where(RegradeChange.person_id == person_id, RegradeDone.at >= since)
        .order_by(RegradeDone.at.desc())
    )
    found: dict[int, News] = {}
    for change, act, at, reason in rows:
        found.setdefault(change.attempt_id, News(change.attempt_id, change, reason, act == Act.TAKE_BACK, at))
    return list(found.values())


def list_answered_since(person_id: int, since: datetime) -> Sequence[Dispute]:
    """Disputes of a person that were answered since then."""
    return db.session.scalars(
        select(Dispute)
        .join(QuestionRuling, QuestionRuling.id == Dispute.ruling_id)
        .where(
            Dispute.person_id == person_id, or_(QuestionRuling.in_force_at >= since, QuestionRuling.made_at >= since)
        )
        .order_by(Dispute.id.desc())
    ).all()


def find_going_on(model: type[Asked], version_id: int) -> Asked | None:
    """The analysis, or the search, of a course version on which the worker is."""
    return db.session.scalar(
        select(model)
        .join(Job, Job.id == model.job_id)
        .where(model.version_id == version_id, model.made_at.is_(None), Job.state.in_(("queued", "running")))
        .limit(1)
    )


def newest_judgements() -> Select[Any]:
    """The newest note on each sign: its id."""
    return select(func.max(IntegrityNote.id)).group_by(IntegrityNote.sign_id)


def count_open_signs() -> int:
    """How many signs nobody has judged for good."""
    judged = select(IntegrityNote.sign_id).where(
        IntegrityNote.id.in_(newest_judgements()), IntegrityNote.judgement != Judgement.OPEN
    )
    return db.session.scalar(select(func.count(IntegritySign.id)).where(IntegritySign.id.not_in(judged))) or 0


def list_signs(page: int = 1) -> Sequence[tuple[IntegritySign, IntegrityNote | None]]:
    """One page of the signs with the newest note on each: those that nobody has judged first, then the newest."""
    note = aliased(IntegrityNote)
    rows = db.session.execute(
        select(IntegritySign, note)
        .outerjoin(note, and_(note.sign_id == IntegritySign.id, note.id.in_(newest_judgements())))
        .options(*_with_people())
        .order_by(note.id.is_not(None), IntegritySign.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [(row[0], row[1]) for row in rows]


def count_signs() -> int:
    """How many signs there are."""
    return db.session.scalar(select(func.count(IntegritySign.id))) or 0


def get_sign(sign_id: int) -> IntegritySign:
    """The sign; NotFound when there is none."""
    found = db.session.get(IntegritySign, sign_id, options=_with_people())
    if found is None:
        raise NotFound
    return found


def list_notes(sign_id: int) -> Sequence[IntegrityNote]:
    """What was noted on a sign, the newest first."""
    return db.session.scalars(
        select(IntegrityNote).where(IntegrityNote.sign_id == sign_id).order_by(IntegrityNote.id.desc())
    ).all()


def list_searches() -> dict[int, IntegritySearch]:
    """The newest search of each course version."""
    newest = select(func.max(IntegritySearch.id)).group_by(IntegritySearch.version_id)
    found = db.session.scalars(
        select(IntegritySearch).where(IntegritySearch.id.in_(newest)).options(joinedload(IntegritySearch.job))
    )
    return {one.version_id: one for one in found}


def _with_people() -> list[Any]:
    """Whose tests a sign is about is read with it."""
    return [
        joinedload(attempt).joinedload(Attempt.enrolment).joinedload(Enrolment.person)
        for attempt in (IntegritySign.attempt, IntegritySign.other_attempt)
    ]

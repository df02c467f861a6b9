"""Read drafts and cases, and what a course lets its questions name. Lists of the bank stand in `listing`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.bank.models import Draft, DraftStep, FieldCase
from lms.bank.rules import OPEN, CaseState, DraftState, Ground, Why
from lms.core.database.base import db, get_row
from lms.core.errors import NotFound
from lms.curriculum import queries as curriculum
from lms.curriculum.models import Course, Exposure
from lms.people.models import Person
from lms.questions.models import Question, QuestionVersion
from lms.questions.rules import usage_data
from lms.questions.uses import Use

PAGE = 50
COPIES = 5
"""Saves that came too late of which an editor is reminded."""


def get_draft(draft_id: int) -> Draft:
    """The draft; NotFound when there is none."""
    return get_row(Draft, draft_id)


def find_open_draft(question_id: int) -> Draft | None:
    """The draft that renews this question, if one is being written."""
    return db.session.scalar(select(Draft).where(Draft.question_id == question_id, Draft.state.in_(OPEN)))


def list_drafts(states: Sequence[DraftState] = OPEN, *, before: int | None = None) -> Sequence[Draft]:
    """Some drafts in these states, the newest first: those older than the draft `before`."""
    chosen = select(Draft).where(Draft.state.in_(states)).order_by(Draft.id.desc()).limit(PAGE)
    chosen = chosen.options(joinedload(Draft.author), joinedload(Draft.course), joinedload(Draft.renews))
    return db.session.scalars(chosen if before is None else chosen.where(Draft.id < before)).all()


def count_drafts() -> dict[str, int]:
    """How many drafts there are by state."""
    return dict(db.session.execute(select(Draft.state, func.count()).group_by(Draft.state)).tuples().all())


def count_for_review(person_id: int) -> int:
    """How many drafts wait for a review that this person may give: those of others."""
    waiting = select(func.count(Draft.id)).where(Draft.state == DraftState.IN_REVIEW, Draft.author_id != person_id)
    return db.session.scalar(waiting) or 0


def count_returned(person_id: int) -> int:
    """How many drafts of this person came back with what is to be changed."""
    returned = select(func.count(Draft.id)).where(
        Draft.state == DraftState.DRAFT, Draft.author_id == person_id, Draft.note != ""
    )
    return db.session.scalar(returned) or 0


def list_steps(draft_id: int) -> Sequence[DraftStep]:
    """Copies that were kept of a draft, the newest first."""
    return db.session.scalars(
        select(DraftStep).where(DraftStep.draft_id == draft_id).order_by(DraftStep.id.desc())
    ).all()


def list_stale_copies(draft_id: int) -> Sequence[DraftStep]:
    """The last saves of the draft that came too late, the newest first."""
    late = select(DraftStep).where(DraftStep.draft_id == draft_id, DraftStep.why == Why.STALE)
    return db.session.scalars(late.order_by(DraftStep.id.desc()).limit(COPIES)).all()


def get_stale_copy(draft_id: int, step_id: int) -> DraftStep:
    """A save of the draft that came too late; NotFound otherwise."""
    step = db.session.get(DraftStep, step_id)
    if step is None or step.draft_id != draft_id or step.why != Why.STALE:
        raise NotFound
    return step


def ground_of(course: Course) -> Ground:
    """What questions of the course may name, as its newest version says; NotFound for one that has none."""
    version = curriculum.find_newest_version(course.id)
    if version is None:
        raise NotFound
    return Ground(
        topics=tuple(topic.code for topic in curriculum.list_topics(version.id)),
        sources={source.code: source.mark for source in curriculum.list_sources(version.id)},
        languages=tuple(sorted((text.language for text in version.texts), key=_usual_order)),
    )


def _usual_order(language: str) -> tuple[int, str]:
    usual = ("kk", "ru", "en")
    return (usual.index(language) if language in usual else len(usual), language)


def get_question(question_id: int) -> Question:
    """The question; NotFound when there is none."""
    return get_row(Question, question_id)


def list_question_versions(question_id: int) -> Sequence[QuestionVersion]:
    """All versions of a question, the newest first."""
    return db.session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
    ).all()


def head_of(code: str, version: QuestionVersion) -> dict[str, Any]:
    """What a version of the question with that code says beside its body, as a draft says it."""
    return {
        "id": code.partition("/")[2],
        "topic": version.topic,
        "use": version.use,
        "source": list(version.source),
        "difficulty": "medium",
        **usage_data(version.difficulty, version.valid_from, version.valid_until, days=str),
    }


def is_to_come(course: str, question: QuestionVersion) -> bool:
    """Whether the newest version of the course with that code is not made with this version of a question yet."""
    version = curriculum.find_newest_of(course)
    return version is not None and not curriculum.has_question(version.id, question.id)


def is_self_check(question_id: int) -> bool:
    """Whether its newest version is for the self-check of a module."""
    versions = list_question_versions(question_id)
    return bool(versions) and versions[0].use == Use.SELF_CHECK


def count_papers_of(version_ids: Iterable[int]) -> dict[int, int]:
    """On how many papers each of these question versions stood, as the worker counted last."""
    wanted = list(version_ids)
    found = dict.fromkeys(wanted, 0)
    for counts in db.session.scalars(select(Exposure.counts)):
        for one in wanted:
            found[one] += counts.get(str(one), 0)
    return found


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """The people with these ids, as one speaks of them."""
    wanted = {one for one in person_ids if one is not None}
    people = db.session.scalars(select(Person).where(Person.id.in_(wanted))) if wanted else ()
    return {person.id: person.polite_name for person in people}


def get_case(case_id: int) -> FieldCase:
    """The case from below; NotFound when there is none."""
    return get_row(FieldCase, case_id)


def list_cases(*, sender_id: int | None = None, before: int | None = None) -> Sequence[FieldCase]:
    """Cases from below, the newest first: of everybody, or of one sender; those older than the case `before`."""
    chosen = select(FieldCase).order_by(FieldCase.id.desc()).limit(PAGE).options(joinedload(FieldCase.sender))
    if sender_id is not None:
        chosen = chosen.where(FieldCase.sender_id == sender_id)
    return db.session.scalars(chosen if before is None else chosen.where(FieldCase.id < before)).all()


def find_same_case(sender_id: int, said: Sequence[str]) -> FieldCase | None:
    """A case of the same words by the same sender that waits for its answer: a form that was sent twice."""
    return db.session.scalar(
        select(FieldCase)
        .where(
            FieldCase.sender_id == sender_id,
            FieldCase.state == CaseState.SENT,
            FieldCase.happened == said[0],
            FieldCase.done == said[1],
            FieldCase.question == said[2],
        )
        .limit(1)
    )


def count_waiting_cases() -> int:
    """How many cases nobody has answered or used."""
    return db.session.scalar(select(func.count(FieldCase.id)).where(FieldCase.state == "sent")) or 0


def find_draft_of_case(case_id: int) -> Draft | None:
    """The newest draft that tells this case and was not dropped."""
    return db.session.scalar(
        select(Draft)
        .where(Draft.case_id == case_id, Draft.state != DraftState.DROPPED)
        .order_by(Draft.id.desc())
        .limit(1)
    )

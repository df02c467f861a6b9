"""Keep questions: a new version when a question says something new, the old one otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.questions import queries
from lms.questions.models import Question, QuestionVersion
from lms.questions.rules import LoadedQuestion, words_in
from lms.questions.uses import Difficulty, Use

LONGEST_REASON = 300
"""Signs of a reason."""


@dataclass(frozen=True)
class Written:
    """Who wrote a question and who approved it, as ids of people."""

    author_id: int | None = None
    reviewer_id: int | None = None


def keep_questions(
    *, course: str, questions: Sequence[LoadedQuestion], by: Actor, written: Written = Written()
) -> list[QuestionVersion]:
    """The version of each question that says just this, in the same order; written only where there was none."""
    newest = queries.newest_versions(course)
    kept: list[QuestionVersion] = []
    for question in questions:
        code = queries.full_code(course, question.id)
        before = newest.get(code)
        same = before is not None and before.checksum == question.checksum
        kept.append(before if before is not None and same else _add_version(code, question, before, written))
    db.session.flush()
    added = [version.id for version in kept if version not in newest.values()]
    if added:
        record("questions.kept", by=by, subject=f"course:{course}", versions=added)
    return kept


@dataclass(frozen=True)
class Usage:
    """What is said about a question beside its body; None leaves it as it is."""

    topic: str | None = None
    difficulty: Difficulty | None = None
    valid: tuple[date | None, date | None] | None = None
    """The first and the last day."""


def change_usage(*, versions: Sequence[QuestionVersion], usage: Usage, by: Actor) -> list[QuestionVersion]:
    """New versions of these newest ones, in words the same, used otherwise; none for those that say so already.
    Author and reviewer stay: they wrote and read the words."""
    codes = queries.codes_of(version.id for version in versions)
    added = []
    for version in versions:
        changed = loaded_of(codes[version.id], version, usage)
        if changed.checksum != version.checksum:
            written = Written(version.author_id, version.reviewer_id)
            added.append(_add_version(codes[version.id], changed, version, written))
    db.session.flush()
    if added:
        record("questions.usage_changed", by=by, subject="questions", versions=[version.id for version in added])
    return added


def loaded_of(code: str, version: QuestionVersion, usage: Usage = Usage()) -> LoadedQuestion:
    """A version as it was read, with another use laid over it."""
    valid = (version.valid_from, version.valid_until) if usage.valid is None else usage.valid
    return LoadedQuestion(
        id=code.partition("/")[2],
        kind=version.kind,
        topic=usage.topic or version.topic,
        use=Use(version.use),
        source=list(version.source),
        body=version.body,
        difficulty=usage.difficulty or Difficulty(version.difficulty),
        valid_from=valid[0],
        valid_until=valid[1],
    )


def withdraw_question(*, question: Question, reason: str, by: Actor) -> None:
    """From now on it is drawn no more. Refused without a reason, or when it is withdrawn already."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Say in a few words why the question is withdrawn: what is wrong with it."))
    if question.withdrawn_at is not None:
        raise Refused(_("This question is withdrawn already."))
    question.withdrawn_at, question.withdrawn_because = clock.now(), reason
    record("questions.withdrawn", by=by, subject=f"question:{question.id}", code=question.code, reason=reason)


def bring_back(*, question: Question, by: Actor) -> None:
    """It may be drawn again. Refused when it is not withdrawn."""
    if question.withdrawn_at is None:
        raise Refused(_("This question is not withdrawn."))
    question.withdrawn_at = question.withdrawn_because = None
    question.returned_at = clock.now()
    record("questions.brought_back", by=by, subject=f"question:{question.id}", code=question.code)


def _add_version(
    code: str, question: LoadedQuestion, before: QuestionVersion | None, written: Written
) -> QuestionVersion:
    of = db.session.get_one(Question, before.question_id) if before else _question(code)
    of.words, of.languages = words_in(question.body), " ".join(question.body["text"])
    of.newest = before.number + 1 if before else 1
    version = QuestionVersion(
        question_id=of.id,
        number=of.newest,
        kind=question.kind,
        topic=question.topic,
        use=question.use.value,
        source=question.source,
        body=dict(question.body),
        checksum=question.checksum,
        created_at=clock.now(),
        difficulty=question.difficulty.value,
        valid_from=question.valid_from,
        valid_until=question.valid_until,
        author_id=written.author_id,
        reviewer_id=written.reviewer_id,
    )
    db.session.add(version)
    return version


def _question(code: str) -> Question:
    found = db.session.scalar(select(Question).where(Question.code == code))
    if found is None:
        found = Question(code=code)
        db.session.add(found)
        db.session.flush()
    return found

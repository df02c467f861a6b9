"""Rule on a question once for all who saw it, and write the marks that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from lms.assessment.grading import Effect
from lms.assessment.models import Attempt, PaperQuestion, QuestionRuling
from lms.core import clock
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db, table_of
from lms.core.errors import Refused
from lms.core.text import tidy
from lms.core.web.languages import _
from lms.questions.kinds.registry import get_kind
from lms.questions.models import QuestionVersion

LONGEST_REASON = 1_000


@dataclass(frozen=True)
class Marks:
    """What an attempt comes to now: credits by place where they change, the sum, the questions that count, passed."""

    attempt_id: int
    credits: Mapping[int, int | None]
    credit: int
    total: int
    passed: bool


def make_ruling(
    *, question: QuestionVersion, effect: Effect, body: dict[str, Any] | None, reason: str, by: Actor
) -> QuestionRuling:
    """The ruling, not in force yet but for one that lets the question stand. `body`: the question with another key, for
    effects that need one. Refused without a reason, while another one waits or is in force, and with a bad body."""
    reason = tidy(reason)[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Say why it is ruled so. Everybody who disputed the question reads it."))
    if effect is not Effect.STANDS and find_ruling(question.id) is not None:
        raise Refused(_("There is a ruling on this question already. Take it back or discard it first."))
    if effect in (Effect.KEY, Effect.ALSO):
        check_body(question, body or {})
    ruling = QuestionRuling(
        question_version_id=question.id,
        effect=effect,
        body=body if effect in (Effect.KEY, Effect.ALSO) else None,
        reason=reason,
        made_by_id=by.account_id,
        made_at=clock.now(),
    )
    db.session.add(ruling)
    db.session.flush()
    record("assessment.question_ruled", by=by, subject=f"ruling:{ruling.id}", question=question.id, effect=effect)
    return ruling


def check_body(question: QuestionVersion, body: dict[str, Any]) -> None:
    """Raise Refused unless this is a good question to which the answers given can be compared."""
    kind = get_kind(question.kind)
    faults = kind.rules.find_faults(body)
    if faults:
        raise Refused(_("This cannot be the right answer: %(fault)s.", fault=faults[0].sentence))
    if kind.rules.right_response(body) == kind.rules.right_response(question.body):
        raise Refused(_("This is the answer that is right already. Choose another one."))


def find_ruling(question_version_id: int) -> QuestionRuling | None:
    """The ruling on a question that waits or is in force; one that lets it stand is neither."""
    return db.session.scalar(
        select(QuestionRuling).where(
            QuestionRuling.question_version_id == question_version_id,
            QuestionRuling.effect != Effect.STANDS,
            QuestionRuling.taken_back_at.is_(None),
        )
    )


def lock_ruling(ruling: QuestionRuling) -> None:
    """Hold a ruling until the end of the transaction: no paper with its question is graded meanwhile."""
    db.session.refresh(ruling, with_for_update=True)


def put_in_force(*, ruling: QuestionRuling, by: Actor) -> None:
    """Have every paper that is graded from now on follow the ruling."""
    ruling.in_force_at = clock.now()
    record("assessment.ruling_in_force", by=by, subject=f"ruling:{ruling.id}", question=ruling.question_version_id)


def take_back_ruling(*, ruling: QuestionRuling, by: Actor) -> None:
    """Have no paper that is graded from now on follow the ruling."""
    ruling.taken_back_at = clock.now()
    record("assessment.ruling_taken_back", by=by, subject=f"ruling:{ruling.id}", question=ruling.question_version_id)


def discard_ruling(*, ruling: QuestionRuling, by: Actor) -> None:
    """Lay a ruling aside that never was in force. Refused for one that was announced."""
    if ruling.in_force_at is not None or ruling.effect == Effect.STANDS:
        raise Refused(_("This ruling was announced already. It can be taken back, not discarded."))
    ruling.taken_back_at = clock.now()
    record("assessment.ruling_discarded", by=by, subject=f"ruling:{ruling.id}", question=ruling.question_version_id)


def write_marks(marks: Sequence[Marks]) -> None:
    """Write what attempts come to, many at once."""
    places = [
        {"attempt": one.attempt_id, "place": position, "worth": credit}
        for one in marks
        for position, credit in one.credits.items()
    ]
    sums = [{"attempt": one.attempt_id, "worth": one.credit, "of": one.total, "is_passed": one.passed} for one in marks]
    paper, attempt = table_of(PaperQuestion), table_of(Attempt)
    connection = db.session.connection()
    db.session.flush()
    if places:
        connection.execute(
            update(paper)
            .where(paper.c.attempt_id == bindparam("attempt"), paper.c.position == bindparam("place"))
            .values(credit=bindparam("worth")),
            places,
        )
    if sums:
        connection.execute(
            update(attempt)
            .where(attempt.c.id == bindparam("attempt"))
            .values(credit=bindparam("worth"), total=bindparam("of"), passed=bindparam("is_passed")),
            sums,
        )
    for one in marks:
        known = db.session.identity_map.get(db.session.identity_key(Attempt, one.attempt_id))
        for name in ("credit", "total", "passed") if known is not None else ():
            set_committed_value(known, name, getattr(one, name))

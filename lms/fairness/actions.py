"""Analyse, rule, mark anew, search for signs and judge them: one function for each thing a person does."""

from __future__ import annotations

from typing import Any

from lms.assessment import rulings
from lms.assessment.grading import Effect
from lms.assessment.models import QuestionRuling
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.jobs.queue import ask_for
from lms.core.text import tidy
from lms.core.web.languages import _, current_language
from lms.fairness import queries
from lms.fairness.disputing import LONGEST, SHORTEST, answer_disputes
from lms.fairness.integrity import Judgement
from lms.fairness.keys import with_key
from lms.fairness.models import Analysis, IntegrityNote, IntegritySearch, IntegritySign, Regrade
from lms.fairness.permissions import check_may_rule
from lms.fairness.states import State as RegradeState
from lms.questions.kinds.shapes import Response
from lms.questions.models import QuestionVersion

ANALYSE, COUNT, APPLY, TAKE_BACK, SEARCH = (
    f"fairness.{name}" for name in ("analyse", "count", "apply", "take_back", "search")
)
"""Kinds of jobs."""


def ask_for_analysis(*, version_id: int, by: Scope) -> Analysis:
    """Ask the worker how the test of a course version did. The analysis that is being made when there is one."""
    check_may_rule(by)
    version = queries.get_sat_version(version_id)
    going_on = queries.find_going_on(Analysis, version.id)
    if going_on is not None:
        return going_on
    analysis = Analysis(version_id=version.id, asked_by_id=by.account_id, asked_at=clock.now())
    db.session.add(analysis)
    db.session.flush()
    analysis.job_id = ask_for(ANALYSE, by=by, analysis_id=analysis.id).id
    record("fairness.analysis_asked", by=by, subject=f"analysis:{analysis.id}", version=version.id)
    return analysis


def rule(
    *, question: QuestionVersion, effect: Effect, response: Response | None, reason: str, by: Scope
) -> QuestionRuling:
    """The ruling on a question. One that lets it stand answers every dispute at once; of any other, what it changes is
    counted first. `response`: what is right instead, for effects that need another key."""
    check_may_rule(by)
    if effect in (Effect.KEY, Effect.ALSO) and not response:
        raise Refused(_("Answer the question below as it should be right."))
    body = with_key(question.kind, question.body, response or {}) if effect in (Effect.KEY, Effect.ALSO) else None
    ruling = rulings.make_ruling(question=question, effect=effect, body=body, reason=reason, by=by)
    if effect is Effect.STANDS:
        answer_disputes(ruling)
    else:
        ask_to_count(ruling=ruling, by=by)
    return ruling


def ask_to_count(*, ruling: QuestionRuling, by: Scope) -> Regrade:
    """Ask the worker to count what a ruling changes. Refused once it is in force, or while work on it goes on."""
    check_may_rule(by)
    if ruling.in_force_at is not None or ruling.taken_back_at is not None:
        raise Refused(_("This ruling is in force already, or was laid aside."))
    _check_no_work(ruling)
    regrade = Regrade(ruling_id=ruling.id, asked_by_id=by.account_id, asked_at=clock.now())
    db.session.add(regrade)
    db.session.flush()
    regrade.job_id = ask_for(COUNT, by=by, **_params(regrade, by)).id
    record("fairness.count_asked", by=by, subject=f"ruling:{ruling.id}", regrade=regrade.id)
    return regrade


def ask_to_apply(*, regrade: Regrade, by: Scope) -> None:
    """Ask the worker to do what was counted, or to go on where it stopped. Refused unless it is the newest count."""
    check_may_rule(by)
    _check_no_work(regrade.ruling)
    newest = queries.list_regrades(regrade.ruling_id)[0]
    if regrade.state not in (RegradeState.COUNTED, RegradeState.APPLYING) or newest.id != regrade.id:
        raise Refused(_("Count first what the ruling changes, then apply it."))
    regrade.job_id = ask_for(APPLY, by=by, **_params(regrade, by)).id
    record("fairness.apply_asked", by=by, subject=f"regrade:{regrade.id}", ruling=regrade.ruling_id)


def ask_to_take_back(*, regrade: Regrade, by: Scope) -> None:
    """Ask the worker to set everything back that a ruling changed, or to go on where it stopped."""
    check_may_rule(by)
    _check_no_work(regrade.ruling)
    if regrade.state not in (RegradeState.APPLIED, RegradeState.TAKING_BACK):
        raise Refused(_("Only a ruling that was applied can be taken back."))
    regrade.job_id = ask_for(TAKE_BACK, by=by, **_params(regrade, by)).id
    record("fairness.take_back_asked", by=by, subject=f"regrade:{regrade.id}", ruling=regrade.ruling_id)


def discard(*, ruling: QuestionRuling, by: Scope) -> None:
    """Lay a ruling aside that never was in force; the disputes wait on."""
    check_may_rule(by)
    _check_no_work(ruling)
    rulings.discard_ruling(ruling=ruling, by=by)


def ask_to_search(*, version_id: int, by: Scope) -> IntegritySearch:
    """Ask the worker to look for signs of help that was not allowed. The search that goes on when there is one."""
    check_may_rule(by)
    version = queries.get_sat_version(version_id)
    going_on = queries.find_going_on(IntegritySearch, version.id)
    if going_on is not None:
        return going_on
    search = IntegritySearch(version_id=version.id, asked_by_id=by.account_id, asked_at=clock.now())
    db.session.add(search)
    db.session.flush()
    search.job_id = ask_for(SEARCH, by=by, search_id=search.id).id
    record("fairness.search_asked", by=by, subject=f"search:{search.id}", version=version.id)
    return search


def judge_sign(*, sign: IntegritySign, judgement: Judgement, words: str, by: Scope) -> IntegrityNote:
    """Keep what somebody found who looked into a sign. Nothing else changes: what follows is for people to do."""
    check_may_rule(by)
    words = tidy(words)[:LONGEST]
    if len(words) < SHORTEST:
        raise Refused(_("Write down what you found: whom you asked, and what they said."))
    note = IntegrityNote(
        sign_id=sign.id, judgement=judgement, words=words, made_by_id=by.account_id, made_at=clock.now()
    )
    db.session.add(note)
    db.session.flush()
    record("fairness.sign_judged", by=by, subject=f"sign:{sign.id}", judgement=judgement)
    return note


def _check_no_work(ruling: QuestionRuling) -> None:
    """Refused while the worker is at a ruling."""
    db.session.refresh(ruling, with_for_update=True)  # pressed twice: the second sees the first
    for one in queries.list_regrades(ruling.id):
        if one.job is not None and one.job.state in ("queued", "running"):
            raise Refused(_("The worker is at this ruling just now. Wait until it is done, then look again."))


def _params(regrade: Regrade, by: Scope) -> dict[str, Any]:
    return {"regrade_id": regrade.id, "account_id": by.account_id, "language": current_language()}

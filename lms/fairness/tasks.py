"""What the worker does about fairness. None of it holds the database's one writer for long."""

from __future__ import annotations

from typing import Any

from lms.accounts.models import Account
from lms.commissions.permissions import SYSTEM, Scope, scope_of
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.jobs.queue import Progress, work
from lms.core.web.languages import speaking
from lms.fairness import actions, analysing, queries, regrading, searching
from lms.fairness.models import IntegritySearch
from lms.fairness.permissions import check_may_rule


@work(actions.ANALYSE, slow=True)
def analyse(progress: Progress, params: dict[str, Any]) -> None:
    """Count how a test did, and keep it."""
    analysis = queries.get_analysis(params["analysis_id"])
    if analysis.made_at is not None:
        return
    version_id = analysis.version_id
    with only_reading():
        db.session.rollback()
        figures = analysing.analyse(version_id, progress)
        db.session.rollback()
    analysis = queries.get_analysis(params["analysis_id"])
    analysis.figures, analysis.made_at = figures.as_json(), clock.now()


@work(actions.SEARCH, slow=True)
def search(progress: Progress, params: dict[str, Any]) -> None:
    """Search for signs, and keep those that are new."""
    asked = db.session.get_one(IntegritySearch, params["search_id"])
    if asked.made_at is not None:
        return
    version_id = asked.version_id
    with only_reading():
        db.session.rollback()
        found, counts = searching.search(version_id, progress)
        db.session.rollback()
    asked = db.session.get_one(IntegritySearch, params["search_id"])
    asked.counts = {**counts, "new": searching.keep(version_id, found)}
    asked.made_at = clock.now()
    record("fairness.searched", by=SYSTEM, subject=f"search:{asked.id}", **asked.counts)


@work(actions.COUNT, slow=True)
def count(progress: Progress, params: dict[str, Any]) -> None:
    """Count what a ruling changes."""
    with speaking(params["language"]):
        regrading.count(params["regrade_id"], progress)


@work(actions.APPLY, slow=True)
def apply(progress: Progress, params: dict[str, Any]) -> None:
    """Do what was counted."""
    with speaking(params["language"]):
        regrading.apply(params["regrade_id"], _scope_of(params["account_id"]), progress, db.session.commit)


@work(actions.TAKE_BACK, slow=True)
def take_back(progress: Progress, params: dict[str, Any]) -> None:
    """Set everything back that a ruling changed."""
    with speaking(params["language"]):
        regrading.take_back(params["regrade_id"], _scope_of(params["account_id"]), progress, db.session.commit)


def _scope_of(account_id: int | None) -> Scope:
    """What whoever asked may do now, not when they asked; refused when that is no ruling."""
    scope = SYSTEM if account_id is None else scope_of(db.session.get_one(Account, account_id))
    check_may_rule(scope)
    return scope

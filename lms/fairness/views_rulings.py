"""Pages of rulings: what one changes, counted, done and taken back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.assessment.models import QuestionRuling
from lms.commissions.duplicates import seats_of
from lms.commissions.identity import current_scope
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.fairness import actions, pages, queries
from lms.fairness.models import Regrade
from lms.fairness.permissions import READERS, RULERS, check_may_read, check_may_rule, may_rule

LISTS = ("", "gain", "lose", "pass_now", "fail_now")


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/fairness/rulings", view_func=rulings)
    blueprint.add_url_rule("/fairness/rulings/<int:ruling_id>", view_func=ruling)
    for name, view in (("count", count), ("apply", apply), ("take-back", take_back), ("discard", discard)):
        blueprint.add_url_rule(f"/fairness/rulings/<int:ruling_id>/{name}", view_func=view, methods=["POST"])


@access.duty(*READERS)
def rulings() -> ResponseReturnValue:
    """Every ruling, the newest first."""
    check_may_read(current_scope())
    page = max(1, request.args.get("page", 1, type=int))
    found = queries.list_rulings(page)
    return render_template(
        "fairness/rulings.html",
        rows=found,
        questions=queries.list_questions([one.question_version_id for one in found]),
        page=page,
        last=-(-queries.count_rulings() // queries.PAGE),
        address=lambda n: url_for("fairness.rulings", page=n),
    )


@access.duty(*READERS)
def ruling(ruling_id: int) -> ResponseReturnValue:
    """One ruling: what it changes, and how far that is done."""
    scope = current_scope()
    check_may_read(scope)
    found = queries.get_ruling(ruling_id)
    question = queries.get_question(found.question_version_id)
    regrades = queries.list_regrades(found.id)
    newest = regrades[0] if regrades else None
    what, page = request.args.get("show", ""), max(1, request.args.get("page", 1, type=int))
    total = queries.count_listed(newest.id, what) if newest else 0
    changes = queries.list_changes(newest.id, what, page) if newest else []
    return render_template(
        "fairness/ruling.html",
        ruling=found,
        question=question,
        title=pages.title_of_question(question),
        right=pages.ruled_right(found, question),
        regrade=newest,
        earlier=regrades[1:],
        changes=changes,
        seats=seats_of(person.id for _change, person in changes),
        what=what if what in LISTS else "",
        page=page,
        last=-(-total // queries.PAGE),
        address=lambda n: url_for("fairness.ruling", ruling_id=found.id, show=what or None, page=n),
        may_rule=may_rule(scope),
    )


@access.duty(*RULERS)
def count(ruling_id: int) -> ResponseReturnValue:
    """Have the worker count what the ruling changes."""
    found = get_ruling(ruling_id)
    return _do(found, lambda: actions.ask_to_count(ruling=found, by=current_scope()))


@access.duty(*RULERS)
def apply(ruling_id: int) -> ResponseReturnValue:
    """Have the worker do what was counted."""
    found = get_ruling(ruling_id)
    return _do(found, lambda: actions.ask_to_apply(regrade=_newest(found), by=current_scope()))


@access.duty(*RULERS)
def take_back(ruling_id: int) -> ResponseReturnValue:
    """Have the worker set everything back."""
    found = get_ruling(ruling_id)
    return _do(found, lambda: actions.ask_to_take_back(regrade=_newest(found), by=current_scope()))


@access.duty(*RULERS)
def discard(ruling_id: int) -> ResponseReturnValue:
    """Lay the ruling aside."""
    found = get_ruling(ruling_id)
    actions.discard(ruling=found, by=current_scope())
    flash(_("The ruling is laid aside. Nothing was changed by it."))
    return redirect(url_for("fairness.question", question_id=found.question_version_id))


def get_ruling(ruling_id: int) -> QuestionRuling:
    """The ruling, if the reader rules; NotFound or Forbidden otherwise."""
    check_may_rule(current_scope())
    return queries.get_ruling(ruling_id)


def _newest(found: QuestionRuling) -> Regrade:
    regrades = queries.list_regrades(found.id)
    if not regrades:
        raise Refused(_("Count first what the ruling changes, then apply it."))
    return regrades[0]


def _do(found: QuestionRuling, act: Callable[[], object]) -> ResponseReturnValue:
    act()
    return redirect(url_for("fairness.ruling", ruling_id=found.id))

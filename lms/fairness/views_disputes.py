"""Pages of questions: how one did, what learners say of it, and what is ruled on it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.assessment.grading import Effect
from lms.commissions.identity import current_scope
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.fairness import actions, pages, queries
from lms.fairness.forms import RulingForm
from lms.fairness.pages import KEY_PREFIX
from lms.fairness.permissions import READERS, RULERS, check_may_read, check_may_rule, may_rule
from lms.questions.kinds.registry import get_kind


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/fairness/disputes", view_func=disputes)
    blueprint.add_url_rule("/fairness/questions/<int:question_id>", view_func=question)
    blueprint.add_url_rule("/fairness/questions/<int:question_id>", view_func=rule, methods=["POST"])


@access.duty(*READERS)
def disputes() -> ResponseReturnValue:
    """Questions that learners dispute, those that wait for a ruling first."""
    check_may_read(current_scope())
    page = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "fairness/disputes.html",
        rows=queries.list_disputed(page),
        title_of_question=pages.title_of_question,
        page=page,
        last=-(-queries.count_disputed() // queries.PAGE),
        address=lambda n: url_for("fairness.disputes", page=n),
    )


@access.duty(*READERS)
def question(question_id: int) -> ResponseReturnValue:
    """One question: its figures, what learners say of it, the rulings on it."""
    scope = current_scope()
    check_may_read(scope)
    page = pages.question_page(queries.get_question(question_id), page=max(1, request.args.get("page", 1, type=int)))
    return render_template("fairness/question.html", **page, form=RulingForm(), may_rule=may_rule(scope))


@access.duty(*RULERS)
def rule(question_id: int) -> ResponseReturnValue:
    """Rule on a question."""
    scope = current_scope()
    check_may_rule(scope)
    found, form = queries.get_question(question_id), RulingForm()
    response = get_kind(found.kind).form.parse_form(found.body, request.form, KEY_PREFIX)
    if form.validate_on_submit():
        try:
            ruling = actions.rule(
                question=found, effect=Effect(form.effect.data), response=response, reason=form.reason.data, by=scope
            )
        except Refused as refusal:
            form.form_errors.append(_(refusal.sentence))
        else:
            if ruling.effect == Effect.STANDS:
                flash(_("It is ruled. Everybody who disputed the question reads it."))
                return redirect(url_for("fairness.question", question_id=found.id))
            return redirect(url_for("fairness.ruling", ruling_id=ruling.id))
    page = pages.question_page(found, response)
    return render_template("fairness/question.html", **page, form=form, may_rule=True), 422

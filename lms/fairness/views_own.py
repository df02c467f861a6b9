"""A learner's own disputes: the questions of a test that was sent, and what was ruled on them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.assessment.models import Attempt
from lms.assessment.queries import get_own_attempt, list_answers
from lms.commissions.identity import current_scope
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.fairness import disputing, pages
from lms.fairness.forms import DisputeForm
from lms.fairness.pages import OwnQuestion


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/attempts/<int:attempt_id>/disputes", view_func=own_disputes)
    blueprint.add_url_rule(
        "/attempts/<int:attempt_id>/questions/<int:position>/dispute", view_func=dispute, methods=["GET", "POST"]
    )


@access.signed_in
def own_disputes(attempt_id: int) -> ResponseReturnValue:
    """The questions of the reader's own test, with what they disputed and what was ruled."""
    scope = current_scope()
    attempt = get_own_attempt(scope, attempt_id)
    disputing.check_sent(attempt, scope)
    return render_template("fairness/own.html", attempt=attempt, questions=list_own(attempt))


@access.signed_in
def dispute(attempt_id: int, position: int) -> ResponseReturnValue:
    """Say what is wrong with a question."""
    scope = current_scope()
    attempt = get_own_attempt(scope, attempt_id)
    disputing.check_may_dispute(attempt, position, scope)
    form = DisputeForm()
    if form.validate_on_submit():
        try:
            disputing.dispute_question(attempt=attempt, position=position, words=form.words.data, by=scope)
        except Refused as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("Kept. A methodologist of the central commission rules on it, and you read it here."))
            return redirect(url_for("fairness.own_disputes", attempt_id=attempt.id))
    own = list_own(attempt)[position - 1]
    page = render_template("fairness/dispute.html", attempt=attempt, own=own, form=form)
    return page, 422 if form.is_submitted() else 200


def list_own(attempt: Attempt) -> list[OwnQuestion]:
    """The questions of a paper with the answers that count."""
    answers = {position: answer.response for position, answer in list_answers(attempt.id).items()}
    return pages.own_page(attempt, answers)

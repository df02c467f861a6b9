"""Pages of a test: what comes, the overview before sending, the result. Questions and saves are in the parts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.assessment import (
    actions,
    pages,
    pages_entry,
    queries,
    views_branch,
    views_entry,
    views_help,
    views_late,
    views_questions,
    views_saving,
)
from lms.assessment.permissions import find_chance, say_hindrance, say_ways
from lms.assessment.rules import Kind, State
from lms.assessment.web import blueprint, get_attempt, get_enrolment, left_of, script_data
from lms.commissions.identity import current_scope
from lms.core.web import access
from lms.core.web.languages import _

__all__ = ["blueprint", "views_branch", "views_entry", "views_help", "views_late", "views_questions", "views_saving"]


@blueprint.get("/courses/<string:course>/test")
@blueprint.get("/enrolments/<int:enrolment_id>/test")
@access.signed_in
def start(course: str = "", enrolment_id: int = 0) -> ResponseReturnValue:
    """What comes: how many questions, how long, what is enough, attempts left, and when the next one opens."""
    enrolment = get_enrolment(course, enrolment_id)
    attempts = queries.list_attempts(enrolment.id)
    going_on = queries.find_open(attempts)
    if going_on is not None and get_attempt(going_on.id).state != State.OPEN:  # its time was up
        enrolment = get_enrolment(course, enrolment_id)
        attempts = queries.list_attempts(enrolment.id)
    chance = find_chance(enrolment, attempts)
    return render_template("assessment/start.html", **pages.start_page(enrolment, attempts, chance))


@blueprint.post("/courses/<string:course>/test")
@blueprint.post("/enrolments/<int:enrolment_id>/test")
@access.signed_in
def begin(course: str = "", enrolment_id: int = 0) -> ResponseReturnValue:
    """Begin the test: the paper is drawn, the clock runs."""
    attempt = actions.start_attempt(enrolment=get_enrolment(course, enrolment_id), by=current_scope())
    return redirect(url_for("assessment.question", attempt_id=attempt.id, position=1))


@blueprint.get("/attempts/<int:attempt_id>/overview")
@access.signed_in
def overview(attempt_id: int) -> ResponseReturnValue:
    """Before sending: what is answered and what is open."""
    attempt = get_attempt(attempt_id)
    if attempt.state != State.OPEN:
        return redirect(url_for("assessment.result", attempt_id=attempt.id))
    places = pages.list_places(attempt, queries.list_answers(attempt.id))
    page = {"attempt": attempt, "places": places, "left": left_of(attempt), "script": script_data(attempt)}
    return render_template("assessment/overview.html", **page)


@blueprint.post("/attempts/<int:attempt_id>/send")
@access.signed_in
def send(attempt_id: int) -> ResponseReturnValue:
    """Send the answers. Sent twice, there is one result."""
    scope = current_scope()
    actions.submit_attempt(attempt=queries.get_own_attempt(scope, attempt_id), by=scope)
    return redirect(url_for("assessment.result", attempt_id=attempt_id))


@blueprint.get("/attempts/<int:attempt_id>/result")
@access.signed_in
def result(attempt_id: int) -> ResponseReturnValue:
    """Passed or not, by topic, and what to do next."""
    attempt = get_attempt(attempt_id)
    if attempt.state == State.OPEN:
        flash(_("This test is still going on. Its result is here once you have sent it."), "wait")
        return redirect(url_for("assessment.overview", attempt_id=attempt.id))
    if attempt.kind == Kind.ENTRY:
        return render_template("assessment/entry_result.html", **pages_entry.result_page(attempt))
    attempts = queries.list_attempts(attempt.enrolment_id)
    chance = find_chance(attempt.enrolment, attempts)
    page = pages.result_page(attempt, attempts)
    hindrance, ways = say_hindrance(chance, page["zone"]), say_ways(attempt.enrolment, chance)
    return render_template("assessment/result.html", **page, chance=chance, hindrance=hindrance, ways=ways)

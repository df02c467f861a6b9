"""The questions before the course: what comes, and the beginning. Answering them is as in the test."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.assessment import actions, pages_entry
from lms.assessment.web import blueprint, get_enrolment
from lms.commissions.identity import current_scope
from lms.core.web import access


@blueprint.get("/courses/<string:course>/entry")
@access.signed_in
def entry(course: str) -> ResponseReturnValue:
    """What the questions before the course are for, and the way to them or to their result."""
    return render_template("assessment/entry.html", **pages_entry.start_page(get_enrolment(course, 0)))


@blueprint.post("/courses/<string:course>/entry")
@access.signed_in
def begin_entry(course: str) -> ResponseReturnValue:
    """Begin: the questions are drawn; no clock runs."""
    attempt = actions.start_entry(enrolment=get_enrolment(course, 0), by=current_scope())
    return redirect(url_for("assessment.question", attempt_id=attempt.id, position=1))

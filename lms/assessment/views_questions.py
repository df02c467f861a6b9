"""One question a screen: shown, and answered by a plain form when there is no script."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.assessment import pages, queries, saving
from lms.assessment.models import Attempt
from lms.assessment.papers import get_asked
from lms.assessment.queries import NONE_YET, Answer
from lms.assessment.rules import State
from lms.assessment.saving import Fate, Receipt, Sender, Step
from lms.assessment.sent import MOST, prefix_of, read_client
from lms.assessment.web import blueprint, find_sender, get_attempt, say_fate
from lms.commissions.identity import current_scope
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.languages import LANGUAGES, current_language
from lms.core.web.setup import in_language, keep_changes
from lms.questions.errors import BadResponse
from lms.questions.kinds.shapes import Response
from lms.questions.refusals import say_refusal

FORM_TRIES = 5


@blueprint.get("/attempts/<int:attempt_id>/questions/<int:position>")
@access.signed_in
def question(attempt_id: int, position: int) -> ResponseReturnValue:
    """One question, with the answer given so far."""
    attempt = get_attempt(attempt_id)
    asked = get_asked(attempt_id, position)
    if attempt.state != State.OPEN:
        return redirect(url_for("assessment.result", attempt_id=attempt.id))
    return render_template("assessment/question.html", **pages.question_page(attempt, asked))


@blueprint.post("/attempts/<int:attempt_id>/questions/<int:position>")
@access.signed_in
def answer(attempt_id: int, position: int) -> ResponseReturnValue:
    """The answer of a plain form: saved as a step like any other, then on to where the button leads."""
    attempt = queries.get_own_attempt(current_scope(), attempt_id)
    asked = get_asked(attempt_id, position)
    said = asked.read(request.form, prefix_of(position))
    try:
        response = asked.check(said)
    except BadResponse as refusal:
        page = pages.question_page(attempt, asked, response=said, error=say_refusal(refusal))
        return render_template("assessment/question.html", **page), 422
    receipt = keep(attempt, position, response)
    if receipt.fate is Fate.SAVED:
        return redirect(address_after(attempt, position))
    if receipt.fate is Fate.STALE:
        keep_changes()
        other = Answer(receipt.revision, receipt.response)
        page = pages.question_page(attempt, asked, response=response, other=other)
        return render_template("assessment/question.html", **page), 409
    flash(say_fate(receipt.fate), "wait")
    return redirect(url_for("assessment.result", attempt_id=attempt.id))


def keep(attempt: Attempt, position: int, response: Response) -> Receipt:
    """Save the answer in the request's transaction. The same again is no step: a page sent twice does no harm."""
    current = queries.list_answers(attempt.id).get(position, NONE_YET)
    if current.response == response and attempt.state == State.OPEN:
        return Receipt(Fate.SAVED, current.revision, current.response)
    client = read_client(request.form.get("client")) or f"form-{secrets.token_hex(8)}"
    base = request.form.get("base", 0, type=int)
    seq = queries.last_seq(attempt.id, client)
    for more in range(1, FORM_TRIES):
        known = max(0, min(base, MOST))
        step = Step(attempt.id, position, client, seq + more, known, dict(response), current_language())
        receipt = saving.save(db.session.connection(), step, sender(), clock.now())
        if not receipt.differs:
            return receipt
    raise RuntimeError("an answer found no number")


def address_after(attempt: Attempt, position: int) -> str:
    """Where the button that was pressed leads: a question, or the overview after the last one."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        return in_language(language)
    go = request.form.get("go", "next")
    target = {"back": position - 1, "next": position + 1}.get(go, int(go) if go.isdecimal() and len(go) < 4 else 0)
    if 1 <= target <= attempt.total:
        return url_for("assessment.question", attempt_id=attempt.id, position=target)
    return url_for("assessment.overview", attempt_id=attempt.id)


def sender() -> Sender:
    """Who sends the form; NotFound for a stranger."""
    found = find_sender()
    if found is None:
        raise NotFound
    return found

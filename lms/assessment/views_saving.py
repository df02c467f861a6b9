"""The save of one answer, and the whole paper for the script: JSON."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from lms.assessment import pages, queries, saving
from lms.assessment.papers import Asked, find_asked, list_asked
from lms.assessment.queries import NONE_YET
from lms.assessment.rules import State
from lms.assessment.saving import Fate, Receipt, Sender, Step
from lms.assessment.sent import Sent, read_response, read_sent
from lms.assessment.web import blueprint, find_sender, get_attempt, left_of, say_fate
from lms.commissions.identity import current_scope
from lms.core import clock
from lms.core.database.engine import own_reading, own_transaction
from lms.core.errors import CascadeError, NotFound
from lms.core.web import access
from lms.core.web.languages import _, clock_time, current_language
from lms.core.web.setup import csrf
from lms.questions.refusals import say_refusal

STATUS = {
    Fate.SAVED: 200,
    Fate.STALE: 409,
    Fate.LATE: 410,
    Fate.CLOSED: 410,
    Fate.SIGNED_OUT: 401,
    Fate.NOT_YOURS: 404,
}


@blueprint.post("/attempts/<int:attempt_id>/answers")
@csrf.exempt  # type: ignore[untyped-decorator]
@access.checks_itself
def save(attempt_id: int) -> ResponseReturnValue:
    """Save one answer as it is given. 200 is said only when it is on the server's disk."""
    sender = find_sender()
    if sender is None:
        return tell(Fate.SIGNED_OUT)
    if not is_token_good():
        return say(400, fate="token", sentence=_("This page is too old. Open it again: your answers are kept."))
    try:
        asked, step = read_step(attempt_id)
    except CascadeError as refusal:
        return refuse(attempt_id, sender, refusal)
    with own_transaction() as connection:
        receipt = saving.save(connection, step, sender, clock.now())
    return tell_receipt(receipt, step, asked)


@blueprint.get("/attempts/<int:attempt_id>/paper")
@access.signed_in
def paper(attempt_id: int) -> ResponseReturnValue:
    """The whole paper with the answers that count: what the script needs to go on without a link."""
    attempt = get_attempt(attempt_id)
    if attempt.state != State.OPEN:
        return say(200, open=False, token=generate_csrf(), left=0)
    answers = queries.list_answers(attempt.id)
    titles = pages.topic_titles(attempt.version_id)
    questions = []
    for asked in list_asked(attempt.id):
        found = answers.get(asked.position, NONE_YET)
        shown = pages.show_asked(asked, found.response)
        questions.append(
            {
                "position": asked.position,
                "topic": titles.get(asked.topic, ""),
                "revision": found.revision,
                "given": bool(found.response),
                "html": current_app.jinja_env.get_template(shown.template).render(shown=shown),
            }
        )
    until = clock_time(attempt.deadline, queries.find_zone(current_scope()))
    return say(200, open=True, token=generate_csrf(), left=left_of(attempt), until=until, questions=questions)


def read_step(attempt_id: int) -> tuple[Asked, Step]:
    """The question and the answer of the request; NotFound when there is no such place, a refusal when it is unfit."""
    sent: Sent = read_sent(request)
    asked = find_asked(attempt_id, sent.position)
    if asked is None:
        raise NotFound
    response = read_response(asked, sent)
    return asked, Step(attempt_id, sent.position, sent.client, sent.seq, sent.base, response, current_language())


def refuse(attempt_id: int, sender: Sender, refusal: CascadeError) -> Response:
    """An answer that cannot be read or does not fit; to others the attempt looks absent all the same."""
    with own_reading() as connection:
        fate = saving.find_refusal(connection, attempt_id, sender)
    if fate is None and isinstance(refusal, NotFound):
        return say(404, fate="no_place", sentence=_("This test has no such question."))
    return tell(fate) if fate else say(422, fate="refused", sentence=say_refusal(refusal))


def is_token_good() -> bool:
    """Whether the request carries the token of this session in its header."""
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return True
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError:
        return False
    return True


def tell_receipt(receipt: Receipt, step: Step, asked: Asked) -> Response:
    """What became of an answer."""
    if receipt.differs:
        return say(422, fate="used", sentence=_("This answer was not saved. Give it once more."))
    if receipt.fate is Fate.SAVED:
        return say(200, fate="saved", position=step.position, revision=receipt.revision, left=receipt.left)
    if receipt.fate is not Fate.STALE:
        return tell(receipt.fate, attempt_id=step.attempt_id)
    words = pages.describe(asked, receipt.response)
    return say(
        409,
        fate="stale",
        stale=True,
        sentence=say_fate(Fate.STALE),
        position=step.position,
        revision=receipt.revision,
        response=receipt.response,
        words=words,
        left=receipt.left,
    )


def tell(fate: Fate, attempt_id: int = 0) -> Response:
    """A refusal, with the sentence for the member; where there is a result, with its address."""
    more = {"result": url_for("assessment.result", attempt_id=attempt_id)} if attempt_id else {}
    return say(STATUS[fate], fate=fate.value, sentence=say_fate(fate), left=0, **more)


def say(status: int, **data: Any) -> Response:
    """A JSON answer; each carries the server's time (milliseconds since 1970)."""
    data["now"] = int(clock.now().timestamp() * 1000)
    response = make_response(json.dumps(data, ensure_ascii=False), status)
    response.content_type = "application/json"
    return response

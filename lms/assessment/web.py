"""What the pages of a test share: whose attempt it is, who sends an answer, and the data that the script needs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from flask_wtf.csrf import generate_csrf

from lms.accounts.session import has_second_factor, session_key
from lms.assessment import actions, queries, rescue
from lms.assessment.models import Attempt
from lms.assessment.rules import State, is_up, seconds_left
from lms.assessment.saving import Fate, Sender
from lms.commissions.identity import current_scope
from lms.core import clock
from lms.core.config import Settings
from lms.core.database import engine
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.web.identity import current_identity
from lms.core.web.languages import _, clock_time
from lms.learning.models import Enrolment

blueprint = Blueprint("assessment", __name__, template_folder="templates")
WARN_BELOW = 5 * 60
"""Seconds left from which the clock is no longer quiet."""


def get_attempt(attempt_id: int) -> Attempt:
    """The reader's own attempt, closed at once when its time is up; NotFound otherwise."""
    attempt = queries.get_own_attempt(current_scope(), attempt_id)
    if attempt.state != State.OPEN or not is_up(attempt.started_at, attempt.deadline, clock.now()):
        return attempt
    db.session.rollback()
    engine.reading.set(False)  # a page that was only to be read writes after all
    actions.close_expired(attempt_id)
    return queries.get_own_attempt(current_scope(), attempt_id)


def get_enrolment(course: str, enrolment_id: int) -> Enrolment:
    """The reader's own enrolment, by its id or by the course's code in the open campaign; NotFound otherwise."""
    me = current_identity()
    if me is None:
        raise NotFound
    return (
        queries.get_own_course(me.person_id, course)
        if course
        else queries.get_own_enrolment(current_scope(), enrolment_id)
    )


def find_sender() -> Sender | None:
    """Who sends an answer, by the signed session alone; None for a stranger."""
    key = session_key()
    return None if key is None else Sender(*key, second_factor=has_second_factor())


def left_of(attempt: Attempt) -> int:
    """Seconds left now."""
    return seconds_left(attempt.deadline, clock.now())


def say_fate(fate: Fate) -> str:
    """A sentence for the person whose answer was not saved as the one that counts."""
    return {
        Fate.SAVED: "",
        Fate.STALE: _("This question was answered somewhere else meanwhile. Choose which answer counts."),
        Fate.LATE: _(
            "The time was up when this answer came. It is kept and marked as late; it counts only if an officer "
            "decides so."
        ),
        Fate.CLOSED: _(
            "This test was sent before this answer came, so the answer does not count. Nothing can be changed any more."
        ),
        Fate.SIGNED_OUT: _("You have been signed out. Sign in again: your answers are kept on this device."),
        Fate.NOT_YOURS: _("This is not your test. Sign in with your own login."),
    }[fate]


def script_data(attempt: Attempt, *, position: int = 0, revision: int = 0) -> dict[str, Any]:
    """What the script on a page of this attempt needs; `position` is 0 on pages that show no question."""
    key = session_key()
    return {
        "account": key.account_id if key else 0,
        "attempt": attempt.id,
        "open": attempt.state == State.OPEN,
        "position": position,
        "revision": revision,
        "total": attempt.total,
        "left": left_of(attempt),
        "until": clock_time(attempt.deadline, queries.find_zone(current_scope())),
        "warn": WARN_BELOW,
        "rescue": rescue_data(attempt.id, key.account_id if key else 0),
        "token": generate_csrf(),
        "answers": url_for("assessment.save", attempt_id=attempt.id),
        "paper": url_for("assessment.paper", attempt_id=attempt.id),
        "question": url_for("assessment.question", attempt_id=attempt.id, position=0)[:-1],
        "overview": url_for("assessment.overview", attempt_id=attempt.id),
        "result": url_for("assessment.result", attempt_id=attempt.id),
        "words": script_words(),
    }


def rescue_data(attempt_id: int, account_id: int) -> dict[str, str]:
    """What the page needs to seal answers into a file."""
    settings: Settings = current_app.extensions["settings"]
    public = rescue.public_point(settings.secrets.rescue)
    mark, proof = rescue.mark_of(public), rescue.proof_of(attempt_id, account_id)
    return {"format": rescue.FORMAT, "public": public, "key": mark, "proof": proof}


def script_words() -> dict[str, str]:
    """Everything the script says; `{n}` and the like are filled in there."""
    return {
        "place": _("Question {n} of {total}"),
        "saved": _("Saved on the server"),
        "saving": _("Saving …"),
        "kept": _("Kept on this device, not sent yet"),
        "open": _("Not sent yet: keep this page open"),
        "unsent": _("Not sent yet: {n}. As soon as there is a link, they are sent by themselves."),
        "wait": _(
            "Some answers are not sent yet: {n}. They are sent by themselves when there is a link; then press again."
        ),
        "offline": _(
            "There is no link to the server just now. Your answers are kept; go on, or try again when it is back."
        ),
        "without": _("Without an answer: {list}."),
        "unsaved": _("Not saved."),
        "number": _("Write the number in digits."),
        "earlier": _("Your answer from before still counts."),
        "choose": _("Choose first which answer counts: question {n}."),
        "answered": _("Answered: {n} of {total}"),
        "minutes": _("until {until} · {n} min left"),
        "clock": _("until {until} · {time} left"),
        "longer": _("You have been given more time: until {until}."),
        "rescued": _("Saved as {name}. Look for it where this browser keeps what it saves."),
        "not_rescued": _("The file could not be saved. Keep this page open until the link is back."),
        "over_unsent": _(
            "The time is up. Not sent yet: {n}. They are kept here, and marked as late when they come; they count only "
            "if an officer decides so."
        ),
        "over": _("The time is up. What was saved in time counts."),
        "given": _("answered"),
        "partly": _("answered in part"),
        "missing": _("Still empty in this question: {n}."),
        "twice": _("This number is given to more than one step: {list}."),
        "other": _("Somebody else is signed in in this browser. Sign in with your own login: your answers are kept."),
        "empty": _("no answer yet"),
        "next": _("Next"),
        "last": _("To the overview"),
    }

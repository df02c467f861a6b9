"""A member types the code of the room on the page of the test."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.actions import count_own_try, forget_own_tries
from lms.accounts.proving import too_many
from lms.assessment import pages, queries
from lms.assessment.permissions import find_chance
from lms.assessment.web import get_enrolment
from lms.commissions.identity import current_scope
from lms.core.web import access
from lms.core.web.languages import _
from lms.core.web.setup import keep_changes
from lms.learning.models import Enrolment
from lms.sittings.actions import begin_in_room
from lms.sittings.errors import WrongRoom

TRIED = "room"


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/courses/<string:course>/test/room", view_func=join, methods=["GET", "POST"])


@access.signed_in
def join(course: str) -> ResponseReturnValue:
    """Begin the test with the code of a room. A code that begins nothing stays in its field, with the reason."""
    enrolment, scope = get_enrolment(course, 0), current_scope()
    if request.method == "GET":  # the page in another language, or opened again
        return redirect(url_for("assessment.start", course=course))
    typed = request.form.get("code", "").strip()[:40]
    if not typed:
        return _again(enrolment, typed, _("Type the code that is shown in the room."))
    if not count_own_try(what=TRIED, by=scope):
        keep_changes()
        return _again(enrolment, typed, too_many())
    try:
        attempt = begin_in_room(enrolment=enrolment, typed=typed, by=scope)
    except WrongRoom as refusal:
        keep_changes()  # nothing has happened but that the try was counted
        return _again(enrolment, typed, refusal.sentence)
    forget_own_tries(what=TRIED, by=scope)
    return redirect(url_for("assessment.question", attempt_id=attempt.id, position=1))


def _again(enrolment: Enrolment, typed: str, fault: str) -> ResponseReturnValue:
    """The page of the test with the field as it was typed."""
    attempts = queries.list_attempts(enrolment.id)
    chance = find_chance(enrolment, attempts)
    page = pages.start_page(enrolment, attempts, chance, pages.RoomCode(typed, fault))
    return render_template("assessment/start.html", **page), 422

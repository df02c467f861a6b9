"""What whoever runs a room does on its page: a new code, more time, closing it, remarks."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.core.errors import CascadeError, NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _, clock_time
from lms.sittings import actions, pages, queries, rules, words
from lms.sittings.forms import RemarkForm
from lms.sittings.models import Sitting
from lms.sittings.permissions import OPENERS, check_may_run

OFFICERS = tuple(role.value for role in OPENERS)


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    for name, view in (("code", renew), ("longer", lengthen), ("close", close), ("left", left)):
        blueprint.add_url_rule(f"/sittings/<int:sitting_id>/{name}", view_func=view, methods=["POST"])
    blueprint.add_url_rule(
        "/sittings/<int:sitting_id>/attempts/<int:attempt_id>/remark", view_func=remark, methods=["GET", "POST"]
    )


@access.duty(*OFFICERS)
def renew(sitting_id: int) -> ResponseReturnValue:
    """A new code: the old one was overheard."""
    sitting = _get(sitting_id)
    code = actions.renew_code(sitting=sitting, by=current_scope())
    flash(_("The new code is %(code)s. The old one begins nothing any more.", code=rules.show_code(code)))
    return _back(sitting)


@access.duty(*OFFICERS)
def lengthen(sitting_id: int) -> ResponseReturnValue:
    """More time for people to begin."""
    sitting = _get(sitting_id)
    minutes = request.form.get("minutes", 0, type=int)
    actions.lengthen_sitting(sitting=sitting, minutes=minutes, by=current_scope())
    until = clock_time(sitting.closes_at, sitting.time_zone)
    flash(_("The code now works until %(time)s.", time=until))
    return _back(sitting)


@access.duty(*OFFICERS)
def close(sitting_id: int) -> ResponseReturnValue:
    """Nobody else begins; whoever has begun goes on."""
    sitting = _get(sitting_id)
    if actions.close_sitting(sitting=sitting, by=current_scope()):
        flash(_("The room is closed: its code begins nothing any more. Whoever has begun goes on to their own time."))
    else:
        flash(_("This room was closed already."), "wait")
    return _back(sitting)


@access.duty(*OFFICERS)
def left(sitting_id: int) -> ResponseReturnValue:
    """The remark that is made most often, with one button."""
    sitting, scope = _get(sitting_id), current_scope()
    check_may_run(scope, sitting)
    attempt_id = request.form.get("attempt_id", 0, type=int)
    try:
        attempt = queries.get_attempt_in(sitting, attempt_id)
    except NotFound as gone:
        raise Refused(_("This test was not begun in this room. Look at the page again.")) from gone
    actions.remark(sitting=sitting, attempt=attempt, kind=rules.ONE_TAP, note="", by=scope)
    flash(_("The remark is kept. Nothing follows from it by itself."))
    return _back(sitting, attempt.id)


@access.duty(*OFFICERS)
def remark(sitting_id: int, attempt_id: int) -> ResponseReturnValue:
    """A remark on somebody's test, and those made before."""
    sitting, scope, form = _get(sitting_id), current_scope(), RemarkForm()
    check_may_run(scope, sitting)
    attempt = queries.get_attempt_in(sitting, attempt_id)
    if form.validate_on_submit():
        try:
            actions.remark(sitting=sitting, attempt=attempt, kind=form.kind.data, note=form.note.data, by=scope)
        except CascadeError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The remark is kept. Nothing follows from it by itself."))
            return _back(sitting, attempt.id)
    page = render_template(
        "sittings/remark.html",
        form=form,
        sitting=sitting,
        title=pages.title_of(sitting),
        person=attempt.enrolment.person,
        remarks=queries.list_remarks([attempt.id]).get(attempt.id, ()),
        remark_words=words.remark_words,
    )
    return page, 422 if form.is_submitted() else 200


def _get(sitting_id: int) -> Sitting:
    return queries.get_sitting(current_scope(), sitting_id)


def _back(sitting: Sitting, attempt_id: int = 0) -> ResponseReturnValue:
    """To the room's page, at the line of an attempt where one is said."""
    anchor = f"attempt-{attempt_id}" if attempt_id else None
    return redirect(url_for("sittings.show", sitting_id=sitting.id, _anchor=anchor))

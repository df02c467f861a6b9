"""The page on which an applied roster is undone: what that will do, or what stands on it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.commissions.permissions import OVERSEERS
from lms.core.errors import Refused
from lms.core.web import access
from lms.rosters.errors import NotReady
from lms.rosters.permissions import get_import
from lms.rosters.undo_words import what_undoing_does
from lms.rosters.undoing import ask_to_undo, check_may_undo, counts_of

OFFICERS = OVERSEERS


def add_to(blueprint: Blueprint) -> None:
    """Register this page."""
    blueprint.add_url_rule("/rosters/<int:import_id>/undo", view_func=undo, methods=["GET", "POST"])


@access.duty(*OFFICERS)
def undo(import_id: int) -> ResponseReturnValue:
    """Say what undoing the roster does, or why it cannot be; on sending, have it done in the background."""
    scope = current_scope()
    found = get_import(scope, import_id)
    try:
        if request.method == "POST":
            ask_to_undo(roster_import=found, by=scope)
            return redirect(url_for("rosters.show", import_id=found.id))
        follows, refusal = what_undoing_does(counts_of(check_may_undo(found, scope))), ""
    except NotReady:
        raise
    except Refused as standing:
        follows, refusal = [], standing.sentence
    status = 422 if request.method == "POST" else 200
    return render_template("rosters/undo.html", found=found, follows=follows, refusal=refusal), status

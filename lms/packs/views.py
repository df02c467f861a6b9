"""Renewing a course from the bank, in the browser."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.curriculum.permissions import PUBLISHERS
from lms.packs import actions

blueprint = Blueprint("packs", __name__)


@blueprint.post("/curriculum/<string:course>/renew")
@access.duty(*PUBLISHERS)
def renew(course: str) -> ResponseReturnValue:
    """Publish the next version of a course with the questions that the bank has now."""
    try:
        published = actions.renew_pool(course=course, by=current_scope())
    except Refused as refusal:
        flash(refusal.sentence, "wait")
        return redirect(url_for("bank.start", course=course))
    number = published.version.number
    if published.is_new:
        flash(_("Version %(n)s has the questions of the bank. Tests that are going on keep theirs.", n=number))
    else:
        flash(_("The bank says nothing new: version %(n)s stays.", n=number), "wait")
    return redirect(url_for("curriculum.version", course=course, number=number))

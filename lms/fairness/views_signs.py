"""Signs of help that was not allowed: what was seen, and how people judge it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.assessment.branch import list_rooms
from lms.commissions.identity import current_scope
from lms.commissions.names import name_of
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.fairness import actions, queries
from lms.fairness.forms import JudgementForm
from lms.fairness.integrity import Judgement
from lms.fairness.permissions import READERS, RULERS, check_may_read, check_may_rule, may_rule


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/fairness/signs", view_func=signs)
    blueprint.add_url_rule("/fairness/versions/<int:version_id>/searches", view_func=search, methods=["POST"])
    blueprint.add_url_rule("/fairness/signs/<int:sign_id>", view_func=sign)
    blueprint.add_url_rule("/fairness/signs/<int:sign_id>", view_func=judge, methods=["POST"])


@access.duty(*READERS)
def signs() -> ResponseReturnValue:
    """Every sign, those that nobody has judged first; and how far searches are."""
    scope = current_scope()
    check_may_read(scope)
    page = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "fairness/signs.html",
        rows=queries.list_signs(page),
        sat=queries.list_sat(),
        looked=queries.list_searches(),
        page=page,
        last=-(-queries.count_signs() // queries.PAGE),
        address=lambda n: url_for("fairness.signs", page=n),
        name_of=name_of,
        may_rule=may_rule(scope),
    )


@access.duty(*RULERS)
def search(version_id: int) -> ResponseReturnValue:
    """Have the worker look for signs in the papers of a course version."""
    actions.ask_to_search(version_id=version_id, by=current_scope())
    return redirect(url_for("fairness.signs"))


@access.duty(*READERS)
def sign(sign_id: int) -> ResponseReturnValue:
    """One sign: what was seen, what may be a harmless reason, and what was found by whoever looked into it."""
    scope = current_scope()
    check_may_read(scope)
    return _page(sign_id, JudgementForm(), may_rule(scope))


@access.duty(*RULERS)
def judge(sign_id: int) -> ResponseReturnValue:
    """Keep what somebody found; nothing else changes."""
    scope, form = current_scope(), JudgementForm()
    check_may_rule(scope)
    found = queries.get_sign(sign_id)
    if form.validate_on_submit():
        try:
            actions.judge_sign(sign=found, judgement=Judgement(form.judgement.data), words=form.words.data, by=scope)
        except Refused as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("Kept. Nothing else has changed: what follows is for people to do."))
            return redirect(url_for("fairness.sign", sign_id=found.id))
    return _page(sign_id, form, True), 422


def _page(sign_id: int, form: JudgementForm, may_judge: bool) -> str:
    found = queries.get_sign(sign_id)
    tests = [one for one in (found.attempt_id, found.other_attempt_id) if one is not None]
    return render_template(
        "fairness/sign.html",
        sign=found,
        rooms=list_rooms(tests),
        notes=queries.list_notes(found.id),
        form=form,
        name_of=name_of,
        may_rule=may_judge,
    )

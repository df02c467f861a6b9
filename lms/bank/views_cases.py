"""Pages of cases from below: sent by officers and trainers, answered and made into questions by methodologists."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import actions, cases, queries
from lms.bank.forms import AnswerForm, CaseForm
from lms.bank.models import FieldCase
from lms.bank.permissions import SENDERS, WRITERS
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _, current_language
from lms.curriculum.queries import get_course, list_newest_versions


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/field-cases", view_func=own_cases)
    blueprint.add_url_rule("/field-cases/new", view_func=send_case, methods=["GET", "POST"])
    blueprint.add_url_rule("/bank/cases", view_func=all_cases)
    blueprint.add_url_rule("/bank/cases/<int:case_id>", view_func=case, methods=["GET", "POST"])
    blueprint.add_url_rule("/bank/cases/<int:case_id>/tell", view_func=tell, methods=["POST"])


@access.duty(*SENDERS)
def own_cases() -> ResponseReturnValue:
    """The cases that the reader has sent, and what became of each."""
    found = queries.list_cases(sender_id=current_scope().person_id, before=request.args.get("before", type=int))
    return render_template("bank/own_cases.html", cases=found, more=_more(found))


@access.duty(*SENDERS)
def send_case() -> ResponseReturnValue:
    """Tell what happened, and ask about it."""
    form = CaseForm()
    if form.validate_on_submit():
        try:
            cases.send_case(
                happened=form.happened.data,
                done=form.done.data,
                question=form.question.data,
                language=current_language(),
                by=current_scope(),
            )
        except Refused as refusal:
            form.form_errors.append(refusal.sentence)
            return render_template("bank/send_case.html", form=form), 422
        flash(_("The case is sent. The answer will stand on this page."))
        return redirect(url_for("bank.own_cases"))
    return render_template("bank/send_case.html", form=form)


@access.duty(*WRITERS)
def all_cases() -> ResponseReturnValue:
    """The cases of everybody, the newest first."""
    found = queries.list_cases(before=request.args.get("before", type=int))
    places = {one.commission_id: name_of(db.session.get_one(Commission, one.commission_id)) for one in found}
    return render_template("bank/cases.html", cases=found, places=places, more=_more(found))


@access.duty(*WRITERS)
def case(case_id: int) -> ResponseReturnValue:
    """One case: read it, answer it, make a question of it."""
    found = queries.get_case(case_id)
    form = AnswerForm(data={"answer": found.answer})
    if form.validate_on_submit():
        cases.answer_case(case=found, answer=form.answer.data, by=current_scope())
        flash(_("The answer is given: the sender sees it."))
        return redirect(url_for("bank.case", case_id=case_id))
    return render_template(
        "bank/case.html",
        case=found,
        form=form,
        place=name_of(db.session.get_one(Commission, found.commission_id)),
        draft=queries.find_draft_of_case(found.id),
        courses=list_newest_versions(),
    )


@access.duty(*WRITERS)
def tell(case_id: int) -> ResponseReturnValue:
    """Begin a question that tells the case."""
    found = queries.get_case(case_id)
    course = get_course(request.form.get("course", ""))
    draft = actions.begin_from_case(case=found, course=course, by=current_scope())
    return redirect(url_for("bank.draft", draft=draft.id))


def _more(found: Sequence[FieldCase]) -> int | None:
    """The last case of a full page, behind which others may stand."""
    return found[-1].id if len(found) == queries.PAGE else None

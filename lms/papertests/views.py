"""Pages of papers: which are out, one of them, void ones. Printing and keying in are in the parts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.assessment.models import Attempt
from lms.commissions.identity import current_scope
from lms.core.database.base import db
from lms.core.errors import CascadeError
from lms.core.web import access
from lms.core.web.languages import _
from lms.papertests import actions, permissions, queries, rules, views_keying, views_printing, words
from lms.papertests.forms import VoidForm
from lms.papertests.roles import HANDLERS, READERS
from lms.papertests.rules import Because, State

blueprint = Blueprint("papertests", __name__, template_folder="templates")
views_printing.add_to(blueprint)
views_keying.add_to(blueprint)


@blueprint.get("/papers")
@access.duty(*READERS)
def start() -> ResponseReturnValue:
    """The papers of the reader's branches: not come back, keyed in, or void; and the field for a number."""
    return _start_page()


@blueprint.get("/papers/find")
@access.duty(*READERS)
def find() -> ResponseReturnValue:
    """The paper with a number that was typed, or read from the square code."""
    scope, typed = current_scope(), request.args.get("number", "")
    number = rules.fold_number(typed)
    fault = rules.find_number_fault(number)
    sheet = queries.find_by_number(scope, number) if fault is None else None
    if sheet is None:
        return _start_page(typed=typed[: rules.LONGEST_TYPED], wrong=words.number_sentence(fault)), 422
    keys = sheet.state is State.WAITING and permissions.may_handle(scope, sheet)
    return redirect(url_for("papertests.key_in" if keys else "papertests.show", sheet_id=sheet.id))


@blueprint.get("/papers/<int:sheet_id>")
@access.duty(*READERS)
def show(sheet_id: int) -> ResponseReturnValue:
    """One paper: whose it is, when it was printed, what became of it."""
    scope = current_scope()
    sheet = permissions.get_sheet(scope, sheet_id, *READERS)
    return render_template(
        "papertests/show.html",
        sheet=sheet,
        zone=sheet.commission.time_zone,
        attempt=db.session.get(Attempt, sheet.attempt_id) if sheet.attempt_id else None,
        handles=permissions.may_handle(scope, sheet),
        corrects=permissions.may_correct(scope, sheet),
        states=words.STATES,
        because=words.BECAUSE,
        corrections=queries.list_corrections(sheet),
    )


@blueprint.route("/papers/<int:sheet_id>/void", methods=["GET", "POST"])
@access.duty(*HANDLERS)
def void(sheet_id: int) -> ResponseReturnValue:
    """Declare a paper void: nobody used it, or it is spoilt."""
    scope = current_scope()
    sheet = permissions.get_sheet(scope, sheet_id, *HANDLERS)
    form = VoidForm()
    if form.validate_on_submit():
        try:
            actions.void_sheet(sheet=sheet, because=Because(form.because.data), by=scope)
        except CascadeError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("Paper No. %(number)s is void. It cannot be keyed in any more.", number=sheet.shown))
            return redirect(url_for("papertests.start"))
    page = render_template("papertests/void.html", form=form, sheet=sheet)
    return page, 422 if form.is_submitted() else 200


def _start_page(typed: str = "", wrong: str = "") -> str:
    scope = current_scope()
    asked = request.args.get("state", "")
    state = State(asked) if asked in set(State) else State.WAITING
    rows = queries.list_sheets(scope, state, before=request.args.get("before", type=int))
    more = rows[queries.PAGE - 1].sheet.id if len(rows) > queries.PAGE else None
    return render_template(
        "papertests/start.html",
        rows=rows[: queries.PAGE],
        more=more,
        state=state.value,
        counts={one.value: queries.count_sheets(scope, one) for one in State},
        states=words.STATES,
        because=words.BECAUSE,
        handles=scope.holds(*HANDLERS),
        place=next(iter(sorted(scope.places(*HANDLERS))), None),
        typed=typed,
        wrong=wrong,
    )

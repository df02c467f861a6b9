"""Key in a paper: the fields, kept as a draft; whose it is; compared with the paper; confirmed or corrected."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.assessment.sent import prefix_of
from lms.commissions.identity import current_scope
from lms.commissions.permissions import Scope
from lms.core import clock
from lms.core.database.base import get_row
from lms.core.errors import CascadeError, NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _, clock_time
from lms.core.web.setup import keep_changes
from lms.learning.models import Enrolment
from lms.papertests import keying, pages, permissions, queries
from lms.papertests.forms import CorrectForm, DayForm
from lms.papertests.keying import Keyed
from lms.papertests.models import PaperSheet
from lms.papertests.roles import HANDLERS
from lms.papertests.rules import State


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/papers/<int:sheet_id>/key-in", view_func=key_in, methods=both)
    blueprint.add_url_rule("/papers/<int:sheet_id>/draft", view_func=save_draft, methods=["POST"])
    blueprint.add_url_rule("/papers/<int:sheet_id>/person", view_func=person, methods=both)
    blueprint.add_url_rule("/papers/<int:sheet_id>/compare", view_func=compare, methods=both)


@access.duty(*HANDLERS)
def key_in(sheet_id: int) -> ResponseReturnValue:
    """All questions of a paper on one page. What is sent is kept, whatever is wrong with it."""
    scope = current_scope()
    sheet = permissions.get_sheet(scope, sheet_id, *HANDLERS)
    permissions.check_may_key(scope, sheet)
    if sheet.enrolment is None:
        return redirect(url_for("papertests.person", sheet_id=sheet.id))
    form = DayForm(written_on=sheet.written_on)
    if request.method == "GET":
        return _fields(sheet, form, {})
    _keep(sheet, form, scope)
    if request.form.get("go") == "later":
        flash(_("What was keyed in is kept. Go on with it at any time."))
        return redirect(url_for("papertests.start"))
    faults = keying.find_faults(sheet)
    if sheet.state is State.WAITING and sheet.written_on is None and not form.errors:
        form.written_on.errors = [_("Type the day that stands on the paper.")]
    if faults or form.errors:
        keep_changes()
        return _fields(sheet, form, faults), 422
    return redirect(url_for("papertests.compare", sheet_id=sheet.id))


@access.duty(*HANDLERS)
def save_draft(sheet_id: int) -> ResponseReturnValue:
    """What is keyed in so far, sent by the page's script: `{"said": when it was kept}`, or `{"sentence": why not}`."""
    scope = current_scope()
    try:
        sheet = permissions.get_sheet(scope, sheet_id, *HANDLERS)
        _keep(sheet, DayForm(), scope)
    except CascadeError as refusal:
        return jsonify({"sentence": refusal.sentence}), refusal.status
    return jsonify({"said": _("Kept at %(time)s", time=clock_time(clock.now(), sheet.commission.time_zone))})


@access.duty(*HANDLERS)
def person(sheet_id: int) -> ResponseReturnValue:
    """Whose name stands on a spare paper: found by name in the branch."""
    scope = current_scope()
    sheet = permissions.get_sheet(scope, sheet_id, *HANDLERS)
    permissions.check_waiting(sheet)
    if not sheet.spare:
        raise Refused(_("This paper was printed with a name, so it belongs to that person."))
    sentence = ""
    if request.method == "POST":
        try:
            keying.choose_person(sheet=sheet, enrolment=_get_enrolment(), by=scope)
        except CascadeError as refusal:
            sentence = refusal.sentence or _("This person is not on the course in your branch.")
        else:
            return redirect(url_for("papertests.key_in", sheet_id=sheet.id))
    typed = request.args.get("q", "").strip()[:80]
    found = queries.list_needing(sheet.commission_id, sheet.course_id, typed=typed, limit=queries.MOST_FOUND)
    page = render_template(
        "papertests/person.html", sheet=sheet, typed=typed, found=found if typed else [], sentence=sentence
    )
    return page, 422 if sentence else 200


@access.duty(*HANDLERS)
def compare(sheet_id: int) -> ResponseReturnValue:
    """What was keyed in, read back large, to compare with the paper; then confirmed, or a correction made."""
    scope = current_scope()
    sheet = permissions.get_sheet(scope, sheet_id, *HANDLERS)
    if request.form.get("act") == "confirm" and sheet.state is State.KEYED:
        flash(_("Paper No. %(number)s has been keyed in already. Nothing has changed.", number=sheet.shown), "wait")
        return redirect(url_for("papertests.show", sheet_id=sheet.id))
    permissions.check_may_key(scope, sheet)
    if not sheet.draft:
        return redirect(url_for("papertests.key_in", sheet_id=sheet.id))
    form, sentence = CorrectForm(), ""
    if request.method == "POST":
        try:
            said = _finish(sheet, form, scope)
        except CascadeError as refusal:
            sentence = refusal.sentence
        else:
            flash(said)
            return redirect(url_for("papertests.show", sheet_id=sheet.id))
    return _read_back(sheet, form, sentence), 422 if sentence else 200


def _finish(sheet: PaperSheet, form: CorrectForm, scope: Scope) -> str:
    """Confirm what was read back, or correct by it; what is said then."""
    digest = request.form.get("digest", "")
    if sheet.state is State.KEYED:
        keying.correct(sheet=sheet, digest=digest, reason=form.reason.data or "", by=scope)
        return _("Corrected. The test was graded anew.")
    attempt = keying.confirm(sheet=sheet, digest=digest, by=scope)
    return _("Keyed in. The test is passed.") if attempt.passed else _("Keyed in. The test is not passed.")


def _keep(sheet: PaperSheet, form: DayForm, scope: Scope) -> None:
    form.validate()
    answers = keying.read_fields(sheet, request.form, prefix_of)
    keyed = Keyed(answers, form.written_on.data if not form.written_on.errors else sheet.written_on)
    keying.save_draft(sheet=sheet, keyed=keyed, by=scope)


def _fields(sheet: PaperSheet, form: DayForm, faults: dict[int, str]) -> str:
    return render_template(
        "papertests/key_in.html",
        sheet=sheet,
        form=form,
        questions=pages.list_shown(sheet, keying.answers_of(sheet), faults),
        faults=faults,
        corrects=sheet.state is State.KEYED,
    )


def _read_back(sheet: PaperSheet, form: CorrectForm, sentence: str) -> str:
    corrects, zone = sheet.state is State.KEYED, keying.zone_of(sheet)
    hindrance = "" if corrects else keying.find_keying_hindrance(sheet, zone)
    changes = keying.list_changes(sheet) if corrects else []
    page: dict[str, Any] = {"corrects": corrects, "hindrance": hindrance, "changes": changes, "sentence": sentence}
    return render_template(
        "papertests/compare.html",
        sheet=sheet,
        form=form,
        places=pages.list_compared(sheet),
        digest=keying.digest_of(sheet),
        **page,
    )


def _get_enrolment() -> Enrolment:
    """The enrolment that the form names; NotFound otherwise."""
    chosen = request.form.get("enrolment", 0, type=int)
    if not chosen:
        raise NotFound
    return get_row(Enrolment, chosen)

"""Pages of officers about what came late, in files, and under which receipt; members bring their own files here too."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.assessment import late, receipts, words
from lms.assessment.forms import LateForm, ReceiptForm, RescueForm
from lms.assessment.permissions import get_attempt_in_care
from lms.assessment.rescue import LARGEST
from lms.assessment.rescuing import Brought, bring_file
from lms.assessment.web import blueprint
from lms.commissions.identity import current_scope
from lms.commissions.paths import way_to
from lms.commissions.permissions import OVERSEERS, get_commission, get_seat_in_care
from lms.commissions.queries import find_seat_of
from lms.core.errors import CascadeError
from lms.core.web import access
from lms.core.web.languages import _
from lms.core.web.paging import asked_page

OFFICERS = OVERSEERS


@blueprint.get("/commissions/<int:commission_id>/late-answers")
@access.duty(*OFFICERS)
def list_late(commission_id: int) -> ResponseReturnValue:
    """Tests of a branch with late answers that wait for a decision; what they would change is not shown."""
    scope = current_scope()
    commission = get_commission(scope, commission_id, *OVERSEERS)
    total = late.count_late(commission.id)
    page, last = asked_page(total, late.PAGE)
    return render_template(
        "assessment/late_list.html",
        commission=commission,
        way=way_to(scope, commission),
        rows=late.list_late(commission.id, page),
        total=total,
        page=page,
        last=last,
    )


@blueprint.route("/attempts/<int:attempt_id>/late-answers", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def decide_late(attempt_id: int) -> ResponseReturnValue:
    """Decide whether the late answers of a test count."""
    scope = current_scope()
    attempt = get_attempt_in_care(scope, attempt_id)
    seat, found = get_seat_in_care(scope, attempt.person_id), late.find_late(attempt)
    form = LateForm()
    if form.validate_on_submit():
        upto, counts = request.form.get("upto", 0, type=int), form.counts.data == "yes"
        try:
            late.decide_late(attempt=attempt, last_step_id=upto, counts=counts, why=form.why(), by=scope)
        except CascadeError as refusal:
            form.blame(refusal.sentence)
        else:
            flash(_("They count; the test was graded anew.") if counts else _("They do not count. They stay kept."))
            return redirect(url_for("assessment.person_tests", person_id=attempt.person_id))
    page = render_template(
        "assessment/late.html",
        form=form,
        attempt=attempt,
        seat=seat,
        way=way_to(scope, seat.commission),
        found=found,
        made=late.list_made(attempt.id),
        reasons=words.LATE,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/rescue", methods=["GET", "POST"])
@access.signed_in
def rescue() -> ResponseReturnValue:
    """Bring in a file of answers that a device could not send: one's own, or, as an officer, of one's branch."""
    scope = current_scope()
    form, brought = RescueForm(), None
    if form.validate_on_submit():
        try:
            brought = bring_file(content=form.file.data.read(LARGEST + 1), by=scope)
        except CascadeError as refusal:
            form.file.errors = [refusal.sentence]
    page = render_template(
        "assessment/rescue.html",
        form=form,
        brought=brought,
        own=brought is not None and brought.attempt.person_id == scope.person_id,
        zone=_zone_of(brought) if brought else "",
    )
    return page, 422 if form.is_submitted() and brought is None else 200


@blueprint.route("/receipts", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def check_receipt() -> ResponseReturnValue:
    """Look up what was received under a receipt code."""
    scope = current_scope()
    form, received = ReceiptForm(), None
    if form.validate_on_submit():
        try:
            received = receipts.check_code(form.code.data, scope)
        except CascadeError as refusal:
            form.code.errors = [refusal.sentence]
    page = render_template(
        "assessment/receipt.html",
        form=form,
        received=received,
        late=late.count_ever_late(received.attempt.id) if received else 0,
        seat=get_seat_in_care(scope, received.attempt.person_id) if received else None,
    )
    return page, 422 if form.is_submitted() and received is None else 200


def _zone_of(brought: Brought) -> str:
    seat = find_seat_of(brought.attempt.person_id)
    return seat.commission.time_zone if seat else ""

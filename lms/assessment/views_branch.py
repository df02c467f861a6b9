"""Pages of officers: who is at a test now, the tests of a person, more time, more attempts, an outage."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.assessment import branch, granting, late, words
from lms.assessment.forms import AttemptsForm, OutageForm, TimeForm
from lms.assessment.lengthening import answer_outage, find_reopen_hindrance, lengthen_attempt, reopen_attempt
from lms.assessment.permissions import get_attempt_in_care, get_enrolment_in_care
from lms.assessment.rules import State, is_up
from lms.assessment.web import blueprint
from lms.commissions.identity import current_scope
from lms.commissions.paths import way_to
from lms.commissions.permissions import OVERSEERS, get_commission, get_seat_in_care
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.errors import CascadeError
from lms.core.web import access
from lms.core.web.languages import _, _n, clock_time
from lms.core.web.paging import asked_page

OFFICERS = OVERSEERS


@blueprint.get("/commissions/<int:commission_id>/tests")
@access.duty(*OFFICERS)
def sitting(commission_id: int) -> ResponseReturnValue:
    """Who is at a test now in a branch: time left and how far, no answers; and what waits for a decision."""
    scope = current_scope()
    commission = get_commission(scope, commission_id, *OVERSEERS)
    total = branch.count_sitting(commission.id)
    page, last = asked_page(total, branch.PAGE)
    return render_template(
        "assessment/sitting.html",
        commission=commission,
        way=way_to(scope, commission),
        rows=branch.list_sitting(commission.id, page),
        total=total,
        page=page,
        last=last,
        late=late.count_late(commission.id),
        heads=scope.holds(Role.CEC_ADMINISTRATOR),
    )


@blueprint.get("/people/<int:person_id>/tests")
@access.duty(*OFFICERS)
def person_tests(person_id: int) -> ResponseReturnValue:
    """The tests of a person, as an officer sees them: when, how they ended, and what can be decided."""
    scope = current_scope()
    seat = get_seat_in_care(scope, person_id)
    courses = branch.list_tests_of(person_id)
    return render_template(
        "assessment/person_tests.html",
        person=seat.person,
        seat=seat,
        way=way_to(scope, seat.commission),
        courses=courses,
        rooms=branch.list_rooms([attempt.id for one in courses for attempt in one.attempts]),
        marks_of=branch.marks_of,
        helps=branch.list_helps(seat),
        late=late.find_late,
        grants=granting.list_grants,
        granted_words=words.GRANTED,
    )


@blueprint.route("/attempts/<int:attempt_id>/time", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def more_time(attempt_id: int) -> ResponseReturnValue:
    """More time for one test; one whose time ran out is opened again."""
    scope = current_scope()
    attempt = get_attempt_in_care(scope, attempt_id)
    seat = get_seat_in_care(scope, attempt.person_id)
    going_on = attempt.state == State.OPEN and not is_up(attempt.started_at, attempt.deadline, clock.now())
    form = TimeForm()
    if form.validate_on_submit():
        act = lengthen_attempt if going_on else reopen_attempt
        try:
            ends_at = act(attempt=attempt, minutes=form.minutes.data, why=form.why(), by=scope)
        except CascadeError as refusal:
            form.blame(refusal.sentence)
        else:
            flash(_("The test now runs until %(time)s.", time=clock_time(ends_at, seat.commission.time_zone)))
            return redirect(url_for("assessment.person_tests", person_id=attempt.person_id))
    page = render_template(
        "assessment/more_time.html",
        form=form,
        attempt=attempt,
        seat=seat,
        way=way_to(scope, seat.commission),
        going_on=going_on,
        hindrance="" if going_on else find_reopen_hindrance(attempt),
        extensions=branch.list_extensions_of(attempt.id),
        reasons=words.MORE,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/commissions/<int:commission_id>/outage", methods=["GET", "POST"])
@access.duty(Role.CEC_ADMINISTRATOR)
def outage(commission_id: int) -> ResponseReturnValue:
    """After a proven outage: more time for everybody of a branch whom it met."""
    scope = current_scope()
    commission = get_commission(scope, commission_id, Role.CEC_ADMINISTRATOR)
    form = OutageForm(day=clock.today(commission.time_zone), reason="outage")
    if form.validate_on_submit():
        try:
            done = answer_outage(
                commission=commission,
                outage=form.outage(commission.time_zone),
                minutes=form.minutes.data,
                reopen=form.reopen.data,
                why=form.why(),
                by=scope,
            )
        except CascadeError as refusal:
            form.blame(refusal.sentence)
        else:
            flash(_n("%(n)s test has more time.", "%(n)s tests have more time.", done.lengthened))
            if done.reopened:
                flash(_n("%(n)s test was opened again.", "%(n)s tests were opened again.", done.reopened))
            return redirect(url_for("assessment.sitting", commission_id=commission.id))
    page = render_template("assessment/outage.html", form=form, commission=commission, way=way_to(scope, commission))
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/enrolments/<int:enrolment_id>/more-attempts", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def more_attempts(enrolment_id: int) -> ResponseReturnValue:
    """Give attempts beyond those of the course."""
    scope = current_scope()
    enrolment = get_enrolment_in_care(scope, enrolment_id)
    seat = get_seat_in_care(scope, enrolment.person_id)
    form = AttemptsForm()
    if form.validate_on_submit():
        try:
            granting.grant_attempts(enrolment=enrolment, attempts=form.attempts.data, why=form.why(), by=scope)
        except CascadeError as refusal:
            form.blame(refusal.sentence)
        else:
            flash(_n("%(n)s attempt was given.", "%(n)s attempts were given.", form.attempts.data))
            return redirect(url_for("assessment.person_tests", person_id=enrolment.person_id))
    page = render_template(
        "assessment/more_attempts.html", form=form, enrolment=enrolment, seat=seat, way=way_to(scope, seat.commission)
    )
    return page, 422 if form.is_submitted() else 200

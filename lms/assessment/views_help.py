"""Pages of officers: extra time and other help for a person, or for everybody in a commission."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.assessment import branch, helping, words
from lms.assessment.forms import HelpForm
from lms.assessment.models import Accommodation
from lms.assessment.rules_time import MOST_MINUTES, MOST_PERCENT
from lms.assessment.web import blueprint
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.paths import way_to
from lms.commissions.permissions import OVERSEERS, get_commission, get_seat_in_care
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import CascadeError, NotFound
from lms.core.web import access
from lms.core.web.languages import _
from lms.people.models import Person

OFFICERS = OVERSEERS


@blueprint.route("/people/<int:person_id>/test-help", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def person_help(person_id: int) -> ResponseReturnValue:
    """Help at tests for one person."""
    seat = get_seat_in_care(current_scope(), person_id)
    title, back = seat.person.full_name, url_for("assessment.person_tests", person_id=person_id)
    return _page(seat.person, seat.commission, title=title, back=back, in_force=branch.list_helps(seat))


@blueprint.route("/commissions/<int:commission_id>/test-help", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def commission_help(commission_id: int) -> ResponseReturnValue:
    """Help at tests for everybody who sits in a commission or below it."""
    commission = get_commission(current_scope(), commission_id, *OVERSEERS)
    title, back = name_of(commission), url_for("assessment.sitting", commission_id=commission_id)
    return _page(commission, commission, title=title, back=back, in_force=[])


@blueprint.post("/test-help/<int:accommodation_id>/withdraw")
@access.duty(*OFFICERS)
def withdraw_help(accommodation_id: int) -> ResponseReturnValue:
    """Withdraw help; tests that have begun keep their time."""
    scope = current_scope()
    found = db.session.get(Accommodation, accommodation_id)
    if found is None:
        raise NotFound
    if found.person_id is not None:
        get_seat_in_care(scope, found.person_id)
        back = url_for("assessment.person_help", person_id=found.person_id)
    else:
        get_commission(scope, found.commission_id or 0, *OVERSEERS)
        back = url_for("assessment.commission_help", commission_id=found.commission_id)
    helping.withdraw_accommodation(accommodation=found, by=scope)
    flash(_("Withdrawn. It holds for no test that begins from now on."))
    return redirect(back)


def _page(holder: Person | Commission, commission: Commission, **more: Any) -> ResponseReturnValue:
    scope, today = current_scope(), clock.today(commission.time_zone)
    form = HelpForm(starts_on=today)
    if form.validate_on_submit():
        try:
            made = helping.give_accommodation(holder=holder, terms=form.terms(), by=scope)
        except CascadeError as refusal:
            form.blame(refusal.sentence)
        else:
            flash(_("Given: %(what)s. It holds for tests that begin from now on.", what=words.help_words(made)))
            return redirect(more["back"])
    page = render_template(
        "assessment/help.html",
        form=form,
        holder=holder,
        is_person=isinstance(holder, Person),
        commission=commission,
        way=way_to(scope, commission),
        given=helping.list_given(holder),
        help_words=words.help_words,
        reasons=words.REASONS,
        today=today,
        most_percent=MOST_PERCENT,
        most_minutes=MOST_MINUTES,
        **more,
    )
    return page, 422 if form.is_submitted() else 200

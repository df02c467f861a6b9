"""The page after somebody has come to a seat: slip, course, workshop, the precinct."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.campaigns.queries import find_open_campaign
from lms.commissions import permissions
from lms.commissions.identity import current_scope
from lms.commissions.names import name_of, office_name
from lms.commissions.paths import way_to
from lms.commissions.permissions import OVERSEERS
from lms.core import clock
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _, day_and_time
from lms.home.arrival import find_arrival
from lms.workshops.actions import give_seat
from lms.workshops.queries import list_near

OFFICERS = OVERSEERS


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/people/<int:person_id>/arrival", view_func=arrival)
    blueprint.add_url_rule("/people/<int:person_id>/workshop-seat", view_func=workshop_seat, methods=["POST"])


@access.duty(*OFFICERS)
def arrival(person_id: int) -> ResponseReturnValue:
    """What has to be seen to for somebody who has come to a seat."""
    scope = current_scope()
    seat = permissions.get_seat_in_care(scope, person_id)
    person = seat.person
    return render_template(
        "home/arrival.html",
        found=find_arrival(scope, person, seat),
        campaign=find_open_campaign(),
        way=way_to(scope, seat.commission),
        name_of=name_of,
        office_name=office_name,
    )


@access.duty(*OFFICERS)
def workshop_seat(person_id: int) -> ResponseReturnValue:
    """A seat at one of the nearest workshops."""
    scope = current_scope()
    seat = permissions.get_seat_in_care(scope, person_id)
    person = seat.person
    wanted = request.form.get("workshop", 0, type=int)
    workshop = next((one for one in list_near(scope, seat.commission, clock.now()) if one.id == wanted), None)
    if workshop is None:
        raise Refused(_("This workshop has no free seat any more. Go back and choose another one."))
    give_seat(workshop=workshop, person=person, by=scope)
    when = day_and_time(workshop.starts_at, workshop.time_zone)
    flash(_("%(name)s has a seat at the workshop of %(when)s.", name=person.full_name, when=when))
    return redirect(url_for("home.arrival", person_id=person.id))

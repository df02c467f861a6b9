"""The page after somebody has come to a seat: slip, course, workshop, the precinct."""

from __future__ import annotations

from collections.abc import Sequence

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
from lms.workshops.actions import give_seat, give_seat_back
from lms.workshops.models import Workshop
from lms.workshops.needing import find_needs
from lms.workshops.queries import list_given_seats, list_near

OFFICERS = OVERSEERS


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/people/<int:person_id>/arrival", view_func=arrival)
    blueprint.add_url_rule("/people/<int:person_id>/workshop-seat", view_func=workshop_seat, methods=["POST"])
    blueprint.add_url_rule("/people/<int:person_id>/workshop-seat/back", view_func=workshop_seat_back, methods=["POST"])


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
    near = list_near(scope, seat.commission, clock.now(), courses=find_needs(seat).courses)
    workshop = next((one for one in near if one.id == wanted), None)
    if workshop is None:
        raise Refused(_("This workshop has no free seat any more. Go back and choose another one."))
    former = give_seat(workshop=workshop, person=person, by=scope)
    when = day_and_time(workshop.starts_at, workshop.time_zone)
    flash(_("%(name)s has a seat at the workshop of %(when)s.", name=person.full_name, when=when))
    for one in former:
        flash(_given_back(person.full_name, one))
    return redirect(url_for("home.arrival", person_id=person.id))


@access.duty(*OFFICERS)
def workshop_seat_back(person_id: int) -> ResponseReturnValue:
    """Give back a seat that was given to this person alone."""
    scope = current_scope()
    person = permissions.get_seat_in_care(scope, person_id).person
    wanted, given = request.form.get("workshop", 0, type=int), list_given_seats(person.id, clock.now())
    workshop = next((one for one in given if one.id == wanted), None)
    if workshop is None:
        flash(_no_such_seat(person.full_name, given), "wait")
    else:
        give_seat_back(workshop=workshop, person=person, by=scope)
        flash(_given_back(person.full_name, workshop))
    return redirect(url_for("home.arrival", person_id=person.id))


def _no_such_seat(name: str, given: Sequence[Workshop]) -> str:
    """That a seat was given back already, and where there is one now."""
    told = [_("%(name)s has no seat of their own at that workshop any more. Nothing has changed.", name=name)]
    told += [
        _("There is one at the workshop of %(when)s.", when=day_and_time(one.starts_at, one.time_zone)) for one in given
    ]
    return " ".join(told)


def _given_back(name: str, workshop: Workshop) -> str:
    when = day_and_time(workshop.starts_at, workshop.time_zone)
    return _("The seat of %(name)s at the workshop of %(when)s is given back.", name=name, when=when)

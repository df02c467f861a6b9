"""Pages of a commission: its members and their slips. Roles stand beside."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.queries import find_account_of, had_slip_or_way_in
from lms.commissions import (
    leave_back,
    permissions,
    queries,
    reserve,
    resetting,
    seating,
    slips,
    terms,
    views_duplicates,
    views_places,
    views_reserve,
    views_roles,
    views_seats,
)
from lms.commissions.errors import NoLongerSeated
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of, office_name, role_name
from lms.commissions.paths import way_to
from lms.commissions.permissions import INSPECTORS, OVERSEERS, WATCHERS, Scope
from lms.commissions.rules import Role, list_below
from lms.commissions.sizes import strength_now
from lms.core import clock
from lms.core.database.base import db
from lms.core.web import access
from lms.core.web.languages import _, _n, clock_time, day_and_time

blueprint = Blueprint("commissions", __name__, template_folder="templates")
views_roles.add_to(blueprint)
views_seats.add_to(blueprint)
views_places.add_to(blueprint)
views_duplicates.add_to(blueprint)
views_reserve.add_to(blueprint)
OFFICERS, STAFF = OVERSEERS, WATCHERS
SLIP_READERS = tuple(role for role in WATCHERS if role is not Role.REPORTING_OFFICER)
"""Who is told whether a member has a slip."""


@blueprint.app_template_global()
def commission_name(commission: Commission) -> str:
    """A commission's name in the reader's language."""
    return name_of(commission)


@blueprint.app_template_global()
def looks_after(commission_id: int) -> bool:
    """Whether the reader looks after the commission, so that buttons that change it are shown."""
    return permissions.may_reach(current_scope(), commission_id, *OVERSEERS)


@blueprint.get("/commissions")
@access.duty(*STAFF)
def start() -> ResponseReturnValue:
    """The top of the reader's own branch, or a choice when there are several."""
    places = sorted(current_scope().places())
    if len(places) == 1:
        return redirect(url_for("commissions.show", commission_id=places[0]))
    tops = [db.session.get_one(Commission, place) for place in places]
    return render_template("commissions/start.html", tops=tops)


@blueprint.get("/commissions/<int:commission_id>")
@access.duty(*STAFF)
def show(commission_id: int) -> ResponseReturnValue:
    """A commission: what is below it, who sits in it, what can be done."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *WATCHERS)
    members = queries.list_members(commission.id)
    free = queries.count_seats(commission.id) - len(members)
    oversees = permissions.may_reach(scope, commission.id, *OVERSEERS)
    left = leave_back.list_left(commission.id) if free and oversees else []
    return render_template(
        "commissions/show.html",
        commission=commission,
        way=way_to(scope, commission),
        children=queries.list_children(commission.id),
        closed_below=queries.list_closed_below(commission.id),
        members=members,
        free=free,
        left=left,
        mistakes={one.id for one in left if leave_back.may_take_back(one, scope)},
        with_slip=slips.list_with_slip([account.id for _seat, _person, account in members if account]),
        grants=queries.list_grants(commission.id),
        oversees=oversees,
        trains=permissions.may_reach(scope, commission.id, *OVERSEERS, Role.TRAINER),
        arranges=permissions.may_reach(scope, commission.parent_id or commission.id, *OVERSEERS),
        may_have_below=bool(list_below(commission.territory, constituencies=False)),
        strength=strength_now(commission.level, queries.count_seats(commission.id)),
        inspects=permissions.may_reach(scope, commission.id, *INSPECTORS),
        keeps_reserve=reserve.is_kept() and permissions.may_see_nomination(scope, commission.id),
        sees_slips=permissions.may_reach(scope, commission.id, *SLIP_READERS),
        office_name=office_name,
        role_name=role_name,
    )


@blueprint.route("/commissions/<int:commission_id>/slips", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def print_slips(commission_id: int) -> ResponseReturnValue:
    """Say who would get a slip; on sending, make new codes for those who never signed in, and the sheet to cut."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    below, everyone = request.values.get("below") == "1", request.values.get("who") == "all"
    people = slips.list_for_slips(commission, below=below, by=scope)
    if request.method == "GET":
        return render_template(
            "commissions/slips.html",
            commission=commission,
            way=way_to(scope, commission),
            people=people,
            below=below,
            most=slips.MOST_SLIPS,
            children=queries.list_children(commission.id) if below else [],
        )
    drawn, expires_at = slips.draw_slips(people.chosen(everyone=everyone)), slips.slip_expiry()
    return _send_slips(drawn, expires_at, commission_id, scope)


def _send_slips(drawn: list[slips.Slip], expires_at: datetime, commission_id: int, scope: Scope) -> ResponseReturnValue:
    db.session.rollback()  # nothing is written yet; other people's answers need not wait while the sheet is drawn
    content = slips.render_slips(drawn, expires_at=expires_at)
    commission = db.session.get_one(Commission, commission_id)
    slips.issue_slips(drawn, expires_at=expires_at, commission=commission, by=scope)
    name = slips.file_name(commission)
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


@blueprint.get("/people/<int:person_id>")
@access.duty(*STAFF)
def person(person_id: int) -> ResponseReturnValue:
    """A member, or a holder of a role, as those who look after the branch see them."""
    scope = current_scope()
    reached = permissions.get_person_reached(scope, person_id, *WATCHERS)
    found, seat, commission = reached.person, reached.seat, reached.commission
    account = find_account_of(found.id)
    oversees = permissions.may_reach(scope, commission.id, *OVERSEERS)
    hindrance = permissions.reset_hindrance(scope, account) if account and oversees else ""
    is_first = oversees and (account is None or not had_slip_or_way_in(account))
    now = clock.now()
    return render_template(
        "commissions/person.html",
        person=found,
        seat=seat,
        commission=commission,
        grants=[(one, terms.standing_of(one, now).value) for one in reached.grants],
        account=account,
        slip_at=slips.find_slip_time(account.id) if account and oversees else None,
        way=way_to(scope, commission),
        oversees=oversees,
        hindrance=hindrance,
        is_first=is_first,
        asks_reason=account is not None and oversees and not (hindrance or is_first) and queries.holds_role(account.id),
        corrects=oversees if seat else oversees and not permissions.is_stronger(scope, found.id),
        renumbers=oversees and not permissions.number_hindrance(scope, found.id),
        takes_back=seat is not None and oversees and seating.find_taken_back(seat) is not None,
        inspects=permissions.may_reach(scope, commission.id, *INSPECTORS),
        sees_nomination=permissions.may_see_nomination(scope, commission.id),
        office_name=office_name,
        role_name=role_name,
    )


@blueprint.app_errorhandler(NoLongerSeated)
def show_who_came(left: NoLongerSeated) -> ResponseReturnValue:
    """Whoever asks for somebody who has left, as by going back after a replacement, sees who holds the seat now."""
    if left.held_role:
        flash(_("This person holds no role here any more. Below stands which they held, from when to when."), "wait")
    else:
        flash(_("This person holds no seat here any more. Below stands from when to when they held one."), "wait")
    return redirect(url_for("commissions.history", person_id=left.person_id))


@blueprint.post("/people/<int:person_id>/slip")
@access.duty(*OFFICERS)
def new_slip(person_id: int) -> ResponseReturnValue:
    """A slip for one person: password and second step, if any, are taken back, a new code is printed. A slip of which
    the page that was open does not know yet stays: it may be in somebody's hands."""
    scope = current_scope()
    reached = permissions.get_person_reached(scope, person_id, *OVERSEERS)
    found, commission = reached.person, reached.commission
    account = find_account_of(found.id)
    slip_at = slips.find_slip_time(account.id) if account else None
    if slip_at and request.form.get("known") != slip_at.isoformat():
        when = day_and_time(slip_at, commission.time_zone)
        flash(_("A slip was printed %(when)s and works. No other one was made.", when=when), "wait")
        page = "home.arrival" if request.form.get("page") == "arrival" else "commissions.person"
        return redirect(url_for(page, person_id=found.id))
    if account is not None:
        resetting.make_way_for_slip(account=account, reason=request.form.get("reason", ""), by=scope)
    drawn = slips.draw_slips([(found, account, commission)])
    expires_at = slips.slip_expiry()
    content = slips.render_slips(drawn, expires_at=expires_at)
    slips.issue_slips(drawn, expires_at=expires_at, commission=commission, by=scope)
    printed = clock_time(clock.now(), commission.time_zone).replace(":", "-")
    name = _("Slip %(name)s", name=found.full_name) + f" {printed}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


def slips_button(n: int) -> str:
    """What the button says."""
    return _n("Print 1 slip", "Print %(n)s slips", n)


blueprint.add_app_template_global(slips_button)

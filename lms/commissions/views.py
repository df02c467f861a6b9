"""Pages of a commission: its members, slips, roles."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.actions import reset_access
from lms.accounts.models import Account
from lms.accounts.queries import find_account, find_account_of
from lms.accounts.rules import read_login
from lms.commissions import actions, permissions, queries, slips, views_duplicates, views_places, views_seats
from lms.commissions.forms import GrantForm
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of, office_name, role_name
from lms.commissions.paths import way_to
from lms.commissions.permissions import OVERSEERS, WATCHERS, Scope
from lms.commissions.rules import Level, Role, list_below, may_role_stand_at
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.languages import _, _n, clock_time

blueprint = Blueprint("commissions", __name__, template_folder="templates")
views_seats.add_to(blueprint)
views_places.add_to(blueprint)
views_duplicates.add_to(blueprint)
OFFICERS = ("cec_administrator", "territorial_officer")
STAFF = (*OFFICERS, "methodologist", "trainer")


@blueprint.app_template_global()
def commission_name(commission: Commission) -> str:
    """A commission's name in the reader's language."""
    return name_of(commission)


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
    return render_template(
        "commissions/show.html",
        commission=commission,
        way=way_to(scope, commission),
        children=queries.list_children(commission.id),
        members=members,
        free=len(queries.list_vacancies([commission.id])),
        with_slip=slips.list_with_slip([account.id for _seat, _person, account in members if account]),
        grants=queries.list_grants(commission.id),
        oversees=permissions.may_reach(scope, commission.id, *OVERSEERS),
        arranges=permissions.may_reach(scope, commission.parent_id or commission.id, *OVERSEERS),
        may_have_below=bool(list_below(commission.territory)),
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
    people = slips.list_for_slips(commission, below=below)
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
    """A member as those who look after the branch see them."""
    scope = current_scope()
    found = permissions.get_person(scope, person_id, *WATCHERS)
    seat, account = queries.find_seat_of(found.id), find_account_of(found.id)
    if seat is None:
        raise NotFound
    return render_template(
        "commissions/person.html",
        person=found,
        seat=seat,
        account=account,
        slip_at=slips.find_slip_time(account.id) if account else None,
        way=way_to(scope, seat.commission),
        oversees=permissions.may_reach(scope, seat.commission_id, *OVERSEERS),
        sees_nomination=permissions.may_see_nomination(scope, seat.commission_id),
        office_name=office_name,
    )


@blueprint.post("/people/<int:person_id>/slip")
@access.duty(*OFFICERS)
def new_slip(person_id: int) -> ResponseReturnValue:
    """A new slip for one member: password and second step are taken back, a new code is printed."""
    scope = current_scope()
    found = permissions.get_person(scope, person_id, *OVERSEERS)
    seat = queries.find_seat_of(found.id)
    if seat is None or not permissions.may_reach(scope, seat.commission_id, *OVERSEERS):
        raise NotFound
    account = find_account_of(found.id)
    if account is not None:
        permissions.check_may_reset(scope, account)
        reset_access(account=account, by=scope)
    drawn = slips.draw_slips([(found, account, seat.commission)])
    expires_at = slips.slip_expiry()
    content = slips.render_slips(drawn, expires_at=expires_at)
    slips.issue_slips(drawn, expires_at=expires_at, commission=seat.commission, by=scope)
    printed = clock_time(clock.now(), seat.commission.time_zone).replace(":", "-")
    name = _("Slip %(name)s", name=found.full_name) + f" {printed}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)


@blueprint.route("/commissions/<int:commission_id>/roles", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def roles(commission_id: int) -> ResponseReturnValue:
    """Who holds a role at this commission; give one."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    offered = [
        role
        for role in Role
        if may_role_stand_at(role, Level(commission.level)) and permissions.may_grant(scope, role, commission.id)
    ]
    form = GrantForm()
    form.offer(offered)
    status = 200
    if form.validate_on_submit():
        account = find_account(read_login(form.login.data))
        if account is not None:
            actions.grant_role(account=account, role=Role(form.role.data), commission=commission, by=scope)
            words = _("%(name)s is now: %(role)s.", name=account.person.full_name, role=role_name(form.role.data))
            flash(words)
            return redirect(url_for("commissions.roles", commission_id=commission.id))
        form.login.errors = [_("There is no account with this login. It stands on the person’s slip.")]
        status = 422
    elif form.is_submitted():
        status = 422
    page = render_template(
        "commissions/roles.html",
        commission=commission,
        way=way_to(scope, commission),
        form=form,
        offered=offered,
        grants=queries.list_grants(commission.id),
        role_name=role_name,
    )
    return page, status


@blueprint.post("/commissions/<int:commission_id>/roles/revoke")
@access.duty(*OFFICERS)
def revoke(commission_id: int) -> ResponseReturnValue:
    """Take a role away; undone by giving it again."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    account = db.session.get(Account, request.form.get("account", 0, type=int))
    role = request.form.get("role", "")
    if account is None or role not in set(Role):
        raise NotFound
    actions.revoke_role(account=account, role=Role(role), commission=commission, by=scope)
    flash(_("The role is taken away. It no longer works from this moment."))
    return redirect(url_for("commissions.roles", commission_id=commission.id))


def slips_button(n: int) -> str:
    """What the button says."""
    return _n("Print 1 slip", "Print %(n)s slips", n)


blueprint.add_app_template_global(slips_button)

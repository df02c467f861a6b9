"""The page of a commission's reserve: who waits, who waited; put somebody in, take somebody off."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.commissions import permissions, reserve
from lms.commissions.errors import NotInReserve
from lms.commissions.forms import ReserveForm, WithdrawForm, take_refusal
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.paths import way_to
from lms.commissions.permissions import INSPECTORS, OVERSEERS, Scope
from lms.commissions.rules import ReserveFault, Role
from lms.core import clock
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _

OFFICERS, READERS = OVERSEERS, INSPECTORS


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    path = "/commissions/<int:commission_id>/reserve"
    blueprint.add_url_rule(path, view_func=show_reserve, methods=["GET"])
    blueprint.add_url_rule(f"{path}/new", view_func=enter_reserve, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{path}/<int:entry_id>/withdraw", view_func=withdraw, methods=["GET", "POST"])


@access.duty(*READERS)
def show_reserve(commission_id: int) -> ResponseReturnValue:
    """Who waits for a seat, in turn, and who waited: for those who may see who nominates."""
    scope = current_scope()
    commission = _commission(scope, commission_id, *INSPECTORS)
    return render_template(
        "commissions/reserve.html",
        commission=commission,
        way=way_to(scope, commission),
        entries=reserve.list_entries(commission.id),
        waits=reserve.find_next(commission),
        today=clock.today(commission.time_zone),
        oversees=permissions.may_reach(scope, commission.id, *OVERSEERS),
    )


@access.duty(*OFFICERS)
def enter_reserve(commission_id: int) -> ResponseReturnValue:
    """Put somebody into the reserve."""
    scope = current_scope()
    commission = _commission(scope, commission_id, *OVERSEERS)
    if commission.closed_on is not None:
        raise NotInReserve(ReserveFault.CLOSED)
    today = clock.today(commission.time_zone)
    form = ReserveForm(since=today, act_on=today)
    if form.validate_on_submit():
        try:
            made = reserve.put_into_reserve(
                commission=commission,
                coming=form.coming(),
                waiting=form.waiting(),
                rename=form.renames,
                by=scope,
            )
        except (Refused, Forbidden) as refusal:
            take_refusal(form, refusal)
        else:
            flash(_("%(name)s waits in the reserve now.", name=made.person.full_name))
            return redirect(url_for("commissions.show_reserve", commission_id=commission.id))
    page = render_template(
        "commissions/enter_reserve.html",
        form=form,
        commission=commission,
        way=way_to(scope, commission),
        years=reserve.check_kept(),
    )
    return page, 422 if form.is_submitted() else 200


@access.duty(*OFFICERS)
def withdraw(commission_id: int, entry_id: int) -> ResponseReturnValue:
    """Ask by which decision and why somebody is taken off the reserve; on sending, take them off."""
    scope = current_scope()
    commission = _commission(scope, commission_id, *OVERSEERS)
    entry = reserve.get_entry(commission.id, entry_id)
    form = WithdrawForm(act_on=clock.today(commission.time_zone))
    if form.validate_on_submit():
        try:
            reserve.withdraw(entry=entry, act=form.decision(), reason=form.reason.data, by=scope)
        except (Refused, Forbidden) as refusal:
            form.blame("", refusal.sentence)
        else:
            flash(_("%(name)s no longer waits in the reserve.", name=entry.person.full_name))
            return redirect(url_for("commissions.show_reserve", commission_id=commission.id))
    page = render_template(
        "commissions/leave_reserve.html", form=form, commission=commission, way=way_to(scope, commission), entry=entry
    )
    return page, 422 if form.is_submitted() else 200


def _commission(scope: Scope, commission_id: int, *roles: Role) -> Commission:
    """The commission, where its reserve is kept and the reader may see it; NotFound otherwise."""
    commission = permissions.get_commission(scope, commission_id, *roles)
    if not reserve.is_kept():
        raise NotFound
    return commission

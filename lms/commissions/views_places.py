"""Pages that make, rename, move, close and reopen commissions."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from lms.commissions import days, permissions, queries, reshaping
from lms.commissions.actions import create_commission
from lms.commissions.alike import AlikeInRegion, check_new_alike, check_renamed_alike
from lms.commissions.errors import WrongDay
from lms.commissions.forms_places import CloseForm, MoveForm, NamesForm, PlaceForm, SeatsForm
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.commissions.paths import way_to
from lms.commissions.permissions import OVERSEERS, Scope
from lms.commissions.rules import level_of, list_below
from lms.core import clock
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _

OFFICERS = OVERSEERS


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    for address, view in (("below/new", new), ("arrange", arrange), ("reopen", reopen)):
        path = f"/commissions/<int:commission_id>/{address}"
        blueprint.add_url_rule(path, view_func=view, methods=["GET", "POST"])


@access.duty(*OFFICERS)
def new(commission_id: int) -> ResponseReturnValue:
    """A new commission below this one."""
    scope = current_scope()
    parent = permissions.get_commission(scope, commission_id, *OVERSEERS)
    days.check_stands(parent)
    if not list_below(parent.territory, constituencies=False):
        raise Refused(_("No commission can stand below this one. Choose the commission above it."))
    form = PlaceForm(parent, time_zone=parent.time_zone, since=clock.today(parent.time_zone))
    if form.validate_on_submit():
        try:
            if not form.is_sure:
                check_new_alike(parent, form.kind, form.number.data, form.full_names())
            made = _make(parent, form, scope)
        except (Refused, Forbidden) as refusal:
            _take_refusal(form, refusal)
        else:
            flash(_("%(name)s is there now. Its code is %(code)s.", name=name_of(made), code=made.code))
            return redirect(url_for("commissions.show", commission_id=made.id))
    page = render_template("commissions/new_place.html", form=form, parent=parent, way=way_to(scope, parent))
    return page, 422 if form.is_submitted() else 200


def _make(parent: Commission, form: PlaceForm, by: Scope) -> Commission:
    return create_commission(
        parent=parent,
        level=level_of(form.kind),
        territory=form.kind,
        names=form.full_names(),
        seats=form.seats.data,
        number=form.number.data,
        time_zone=form.time_zone.data or None,
        since=form.since.data,
        by=by,
    )


@access.duty(*OFFICERS)
def arrange(commission_id: int) -> ResponseReturnValue:
    """Names, seats, where a commission stands, closing, which is asked before it is done: for those who look after the
    commission above."""
    scope = current_scope()
    commission = _commission_arranged(scope, commission_id)
    reshaping.check_open(commission)
    forms = _forms(commission)
    wanted = request.form.get("do", "") if request.method == "POST" else ""
    if wanted in forms and forms[wanted].validate_on_submit():
        try:
            if wanted == "close" and not request.form.get("sure"):
                return _ask_to_close(commission, forms[wanted], scope)
            said = CHANGES[wanted](commission, forms[wanted], scope)
        except WrongDay as wrong:
            day = forms[wanted]["on" if wanted == "close" else "since"]
            day.errors = [wrong.sentence]
        except (Refused, Forbidden) as refusal:
            _take_refusal(forms[wanted], refusal)
        else:
            flash(said)
            return redirect(url_for("commissions.show", commission_id=commission.id))
    page = render_template(
        "commissions/arrange.html",
        commission=commission,
        way=way_to(scope, commission),
        sent=forms.get(wanted),
        **forms,
    )
    return page, 422 if request.method == "POST" else 200


def _commission_arranged(scope: Scope, commission_id: int) -> Commission:
    """The commission, if the reader looks after the one above it; NotFound otherwise."""
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    if not permissions.may_reach(scope, commission.parent_id or commission.id, *OVERSEERS):
        raise NotFound
    return commission


def _ask_to_close(commission: Commission, form: CloseForm, by: Scope) -> str:
    reshaping.check_may_close(commission=commission, on=form.on.data, by=by)
    return render_template("commissions/close.html", commission=commission, way=way_to(by, commission), form=form)


@access.duty(*OFFICERS)
def reopen(commission_id: int) -> ResponseReturnValue:
    """Ask whether a closed commission is to work again; on sending, open it."""
    scope = current_scope()
    commission = _commission_arranged(scope, commission_id)
    if request.method == "GET":
        reshaping.check_may_reopen(commission=commission, by=scope)
        return render_template("commissions/reopen.html", commission=commission, way=way_to(scope, commission))
    reshaping.reopen_commission(commission=commission, by=scope)
    flash(_("%(name)s is open again.", name=name_of(commission)))
    return redirect(url_for("commissions.show", commission_id=commission.id))


def _forms(commission: Commission) -> dict[str, FlaskForm]:
    """The forms of the page; only the one that was sent reads what was sent."""
    today, sent = clock.today(commission.time_zone), request.form.get("do", "")
    known = {
        "names": (NamesForm, {row.language: row.name for row in commission.names}),
        "seats": (SeatsForm, {"seats": queries.count_seats(commission.id), "since": today}),
        "move": (MoveForm, {"since": today}),
        "close": (CloseForm, {"on": today}),
    }
    return {
        name: kind(prefix=f"{name}-", data=values, **({} if name == sent else {"formdata": None}))
        for name, (kind, values) in known.items()
    }


def _take_refusal(form: FlaskForm, refusal: Refused | Forbidden) -> None:
    form.form_errors.append(refusal.sentence)
    if isinstance(refusal, AlikeInRegion):
        form.ask()


def _rename(commission: Commission, form: NamesForm, by: Scope) -> str:
    if not form.is_sure:
        check_renamed_alike(commission, form.names())
    reshaping.rename_commission(commission=commission, names=form.names(), by=by)
    return _("The names are kept. The code %(code)s stays.", code=commission.code)


def _seats(commission: Commission, form: SeatsForm, by: Scope) -> str:
    reshaping.set_seats(commission=commission, seats=form.seats.data, since=form.since.data, by=by)
    return _("The number of seats is kept.")


def _move(commission: Commission, form: MoveForm, by: Scope) -> str:
    parent = queries.find_commission_by_code(form.parent.data.upper())
    if parent is None or not permissions.may_reach(by, parent.id, *OVERSEERS):
        raise Refused(_("There is no commission with this code in your branch. Check it."))
    reshaping.move_commission(commission=commission, parent=parent, since=form.since.data, by=by)
    return _("It stands under %(name)s now. The code %(code)s stays.", name=name_of(parent), code=commission.code)


def _close(commission: Commission, form: CloseForm, by: Scope) -> str:
    reshaping.close_commission(commission=commission, on=form.on.data, by=by)
    return _("The commission is closed. What was done in it stays.")


CHANGES: dict[str, Callable[[Commission, FlaskForm, Scope], str]] = {
    "names": _rename,
    "seats": _seats,
    "move": _move,
    "close": _close,
}

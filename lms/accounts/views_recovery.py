"""Recovery codes: one used in place of the second step, and new ones."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import proving, recovery
from lms.accounts import session as sessions
from lms.accounts.factor_pages import shown
from lms.accounts.forms import PresentPasswordForm, RecoveryCodeForm
from lms.accounts.onward import safe_next
from lms.accounts.queries import factors_of
from lms.core.web import access
from lms.core.web.languages import _, _n


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/second-factor/recovery-code", view_func=use_recovery_code, methods=both)
    blueprint.add_url_rule("/account/recovery-codes", view_func=new_recovery_codes, methods=both)


@access.during_sign_in
def use_recovery_code() -> ResponseReturnValue:
    """The second step with a recovery code; counted like digits."""
    account = sessions.get_session_account()
    if not factors_of(account):
        return redirect(url_for("accounts.set_up_second_factor", next=request.args.get("next")))
    form = RecoveryCodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        if not proving.may_try_second_step(account):
            form.code.errors = [proving.too_many()]
            status = 429
        elif (left := recovery.use_code(account=account, typed=form.code.data)) is not None:
            proving.second_step_proven(account)
            sessions.note_second_factor()
            flash(used_sentence(left), "wait")
            return redirect(safe_next())
        else:
            form.code.errors = [_("This is none of your recovery codes, or it was used already. Each works once.")]
    return render_template("accounts/use_recovery_code.html", form=form), status


def used_sentence(left: int) -> str:
    """What the next page says of the code that was used."""
    if not left:
        return _("You used your last recovery code. Make new ones under My account.")
    return _n(
        "You used a recovery code. 1 is left. Make new ones under My account.",
        "You used a recovery code. %(n)s are left.",
        left,
    )


@access.signed_in
def new_recovery_codes() -> ResponseReturnValue:
    """New codes, with the present password; the old ones stop working."""
    account = sessions.get_session_account()
    factors = factors_of(account)
    if not factors:
        return redirect(url_for("accounts.show_factors"))
    form = PresentPasswordForm()
    if form.validate_on_submit() and proving.has_present_password(form, account):
        codes = shown(recovery.make_codes(account=account))
        done = _("These are your new codes. Earlier ones do not work any more.")
        onward = url_for("accounts.show_factors")
        return render_template("accounts/recovery_codes.html", codes=codes, done=done, onward=onward)
    page = render_template("accounts/new_recovery_codes.html", form=form, account=account, left=factors.codes_left)
    return page, 422 if form.is_submitted() else 200

"""The second step: set up, proven, looked at, taken away. With an authenticator app here, with passkeys beside."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import actions, passkeys, proving, recovery
from lms.accounts import session as sessions
from lms.accounts.factor_pages import (
    check_may_remove,
    first_step,
    needs_second_step,
    own_party,
    prove_page,
    show_codes,
    step_before_set_up,
)
from lms.accounts.forms import AppForm, PresentPasswordForm, SixDigitsForm
from lms.accounts.models import Account
from lms.accounts.onward import safe_next
from lms.accounts.queries import factors_of
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/second-factor/set-up", view_func=set_up_second_factor, methods=both)
    blueprint.add_url_rule("/second-factor", view_func=prove_second_factor, methods=both)
    blueprint.add_url_rule("/account/second-factor", view_func=show_factors)
    blueprint.add_url_rule("/account/second-factor/app/remove", view_func=remove_app, methods=both)


@access.during_sign_in
def set_up_second_factor() -> ResponseReturnValue:
    """Bind an authenticator app to the account; the way to a passkey instead. Whoever has an app moves to another."""
    account, before = sessions.get_session_account(), step_before_set_up()
    if before is not None:
        return redirect(url_for(before, next=request.args.get("next")))
    form = AppForm()
    if first_step() is not None:
        del form.current
    secret: str = session.setdefault("totp", actions.new_totp_secret())
    if form.validate_on_submit() and _keep_app(form, account, secret):
        session.pop("totp", None)
        sessions.note_second_factor()
        return show_codes(account, _("The second step is set up."))
    address = f"otpauth://totp/Cascade:{account.login}?secret={secret}&issuer=Cascade"
    picture = segno.make(address).svg_data_uri(scale=5, light="#fff")
    page = render_template(
        "accounts/set_up_second_factor.html",
        form=form,
        secret=secret,
        picture=picture,
        needed=needs_second_step(),
        factors=factors_of(account),
        party=own_party(),
    )
    return page, 422 if form.is_submitted() else 200


def _keep_app(form: AppForm, account: Account, secret: str) -> bool:
    """Whether the app is kept now; the form's fields tell what is wrong."""
    if "current" in form and not proving.has_present_password(form, account):
        return False
    try:
        actions.set_up_second_factor(account=account, secret=secret, code=form.code.data)
    except Refused as refusal:
        form.code.errors = [refusal.sentence]
        return False
    return True


@access.during_sign_in
def prove_second_factor() -> ResponseReturnValue:
    """The second step: the six digits of an app, or a passkey, or a recovery code."""
    account = sessions.get_session_account()
    factors = factors_of(account)
    if not factors:
        return redirect(url_for("accounts.set_up_second_factor", next=request.args.get("next")))
    form = SixDigitsForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        if not proving.may_try_second_step(account):
            form.code.errors = [proving.too_many()]
            status = 429
        elif actions.prove_second_factor(account=account, code=form.code.data):
            proving.second_step_proven(account)
            sessions.note_second_factor()
            return redirect(safe_next())
        else:
            form.code.errors = [_("The six digits do not match. Wait for the next ones and try again.")]
    return prove_page(account, factors, form), status


@access.signed_in
def show_factors() -> ResponseReturnValue:
    """With what the reader proves the second step."""
    account = sessions.get_session_account()
    return render_template(
        "accounts/factors.html",
        factors=factors_of(account),
        passkeys=passkeys.list_passkeys(account.id),
        needed=needs_second_step(),
        party=own_party(),
    )


@access.signed_in
def remove_app() -> ResponseReturnValue:
    """Take the authenticator app away, with the present password."""
    account = sessions.get_session_account()
    if account.totp_encrypted is None:
        return redirect(url_for("accounts.show_factors"))
    check_may_remove(account)
    form = PresentPasswordForm()
    if form.validate_on_submit() and proving.has_present_password(form, account):
        actions.remove_app(account=account)
        recovery.forget_idle_codes(account)
        flash(_("The authenticator app is removed. Its digits open nothing any more."))
        return redirect(url_for("accounts.show_factors"))
    page = render_template("accounts/remove_factor.html", form=form, account=account, passkey=None)
    return page, 422 if form.is_submitted() else 200

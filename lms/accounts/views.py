"""Pages of signing in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import (
    actions,
    rules,
    slips,
    views_factors,
    views_passkeys,
    views_provider,
    views_recovery,
    views_sessions,
)
from lms.accounts import session as sessions
from lms.accounts.factor_pages import provider_label
from lms.accounts.forms import PasswordForm, SignInForm
from lms.accounts.models import Account
from lms.accounts.onward import safe_next
from lms.accounts.proving import has_present_password, too_many
from lms.core.database.engine import own_transaction
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _

blueprint = Blueprint("accounts", __name__, template_folder="templates")
for pages in (views_factors, views_passkeys, views_provider, views_recovery, views_sessions):
    pages.add_to(blueprint)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access.public
def sign_in() -> ResponseReturnValue:
    """The way in: login and password, or login and the code from the slip."""
    form = SignInForm()
    if request.method == "GET" and sessions.find_session_account() is not None:
        return redirect(safe_next())
    if not form.validate_on_submit():
        return _sign_in_page(form), 422 if form.is_submitted() else 200
    login, address = rules.read_login(form.login.data), request.remote_addr or ""
    with own_transaction() as connection:  # counted before it is checked, whatever becomes of the rest
        may_try = actions.count_try(login=login, address=address, connection=connection)
    if not may_try:
        form.form_errors.append(too_many())
        return _sign_in_page(form), 429
    account = actions.check_sign_in(login=login, secret=form.secret.data)
    if account is None:
        form.form_errors.append(slips.say_end(login=login, secret=form.secret.data) or _not_together())
        return _sign_in_page(form), 422
    actions.forget_tries(login=login, address=address)
    with_code = actions.note_sign_in(account=account, secret=form.secret.data)
    sessions.start_session(account, must_choose_password=with_code)
    return redirect(safe_next())


def _not_together() -> str:
    return _(
        "This login does not go with this password or code. Look at the login again. A code stands on your slip; a "
        "password is the one that you chose yourself."
    )


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, label=provider_label())


@blueprint.route("/choose-password", methods=["GET", "POST"])
@access.during_sign_in
def choose_password() -> ResponseReturnValue:
    """After a one-time code: the person's own password. Also reached from the account page."""
    form = PasswordForm()
    account = sessions.get_session_account()
    if account.password_hash is None or sessions.must_choose_password():
        del form.current
    if form.validate_on_submit() and _is_meant(form, account):
        try:
            key = sessions.browser_key()
            actions.choose_password(account=account, password=form.password.data, session=key)
        except Refused as refusal:
            form.password.errors = [refusal.sentence]
        else:
            sessions.keep_session(account)
            flash(_("Your password is set. From now on you sign in with it."))
            return redirect(safe_next())
    page = render_template("accounts/choose_password.html", form=form, least=rules.MIN_PASSWORD, account=account)
    return page, 422 if form.is_submitted() else 200


def _is_meant(form: PasswordForm, account: Account) -> bool:
    """Whether the new password was typed alike twice, and the present one, where it is asked for, rightly; the form's
    fields tell what is wrong."""
    if rules.read_password(form.password.data) != rules.read_password(form.password_again.data):
        form.password_again.errors = [_("The two passwords differ. Type the same one twice.")]
        return False
    return "current" not in form or has_present_password(form, account)


@blueprint.post("/sign-out")
@access.during_sign_in
def sign_out() -> ResponseReturnValue:
    """Leave."""
    sessions.end_session()
    flash(_("You have signed out."))
    return redirect(url_for("accounts.sign_in"))

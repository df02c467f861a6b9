"""Pages of signing in."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import actions, passwords, rules, views_sessions
from lms.accounts import session as sessions
from lms.accounts.forms import PasswordForm, SignInForm, SixDigitsForm
from lms.accounts.models import Account
from lms.core.database.engine import own_transaction
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.core.web.setup import keep_changes

blueprint = Blueprint("accounts", __name__, template_folder="templates")
views_sessions.add_to(blueprint)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access.public
def sign_in() -> ResponseReturnValue:
    """The way in: login and password, or login and the code from the slip."""
    form = SignInForm()
    if request.method == "GET" and sessions.find_session_account() is not None:
        return redirect(safe_next())
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.is_submitted() else 200
    login, address = rules.read_login(form.login.data), request.remote_addr or ""
    with own_transaction() as connection:  # counted before it is checked, whatever becomes of the rest
        may_try = actions.count_try(login=login, address=address, connection=connection)
    if not may_try:
        form.form_errors.append(_("Too many tries. Wait a quarter of an hour and try again."))
        return render_template("accounts/sign_in.html", form=form), 429
    account = actions.check_sign_in(login=login, secret=form.secret.data)
    if account is None:
        form.form_errors.append(_("The login and the password or code do not go together. Check both on your slip."))
        return render_template("accounts/sign_in.html", form=form), 422
    actions.forget_tries(login=login, address=address)
    with_code = actions.note_sign_in(account=account, secret=form.secret.data)
    sessions.start_session(account, must_choose_password=with_code)
    return redirect(safe_next())


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
    if form.password.data != form.password_again.data:
        form.password_again.errors = [_("The two passwords differ. Type the same one twice.")]
        return False
    if "current" not in form:
        return True
    keep_changes()
    login, address = f"password:{account.login}", request.remote_addr or ""
    if not actions.count_try(login=login, address=address):
        form.current.errors = [_("Too many tries. Wait a quarter of an hour and try again.")]
    elif not passwords.is_password(form.current.data, account.password_hash):
        form.current.errors = [_("This is not the password that you have now. Type it again.")]
    else:
        actions.forget_tries(login=login, address=address)
        return True
    return False


@blueprint.route("/second-factor/set-up", methods=["GET", "POST"])
@access.during_sign_in
def set_up_second_factor() -> ResponseReturnValue:
    """Bind a code generator to the account."""
    account = sessions.get_session_account()
    if account.totp_encrypted is not None:
        return redirect(url_for("accounts.prove_second_factor"))
    form = SixDigitsForm()
    secret: str = session.setdefault("totp", actions.new_totp_secret())
    if form.validate_on_submit():
        try:
            actions.set_up_second_factor(account=account, secret=secret, code=form.code.data)
        except Refused as refusal:
            form.code.errors = [refusal.sentence]
        else:
            session.pop("totp", None)
            sessions.note_second_factor()
            flash(_("The second step is set up."))
            return redirect(safe_next())
    address = f"otpauth://totp/Cascade:{account.login}?secret={secret}&issuer=Cascade"
    picture = segno.make(address).svg_data_uri(scale=5, light="#fff")
    page = render_template("accounts/set_up_second_factor.html", form=form, secret=secret, picture=picture)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/second-factor", methods=["GET", "POST"])
@access.during_sign_in
def prove_second_factor() -> ResponseReturnValue:
    """The six digits of the person's device."""
    account = sessions.get_session_account()
    if account.totp_encrypted is None:
        return redirect(url_for("accounts.set_up_second_factor"))
    form = SixDigitsForm()
    status = 200
    if form.validate_on_submit():
        keep_changes()
        if not actions.count_try(login=f"second:{account.login}", address=request.remote_addr or ""):
            form.code.errors = [_("Too many tries. Wait a quarter of an hour and try again.")]
            status = 429
        elif actions.prove_second_factor(account=account, code=form.code.data):
            actions.forget_tries(login=f"second:{account.login}", address=request.remote_addr or "")
            sessions.note_second_factor()
            return redirect(safe_next())
        else:
            form.code.errors = [_("The six digits do not match. Wait for the next ones and try again.")]
            status = 422
    elif form.is_submitted():
        status = 422
    return render_template("accounts/prove_second_factor.html", form=form, account=account), status


@blueprint.post("/sign-out")
@access.during_sign_in
def sign_out() -> ResponseReturnValue:
    """Leave."""
    sessions.end_session()
    return redirect(url_for("accounts.sign_in"))


def safe_next() -> str:
    """Where to go on: a page of ours named in `next`, or the first page."""
    target = request.args.get("next", "")
    if target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target:
        return request.script_root + target
    return url_for("home.start")

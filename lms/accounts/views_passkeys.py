"""Passkeys in the browser: added, proven, removed. Its script asks here first, and sends the answer with the form."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import passkeys, proving, recovery, rules
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
from lms.accounts.forms import NewPasskeyForm, PasskeyForm, PresentPasswordForm, SixDigitsForm
from lms.accounts.models import Account
from lms.accounts.onward import safe_next
from lms.accounts.queries import factors_of
from lms.core.errors import Refused
from lms.core.visitors import browser_of
from lms.core.web import access
from lms.core.web.languages import _
from lms.core.web.setup import keep_changes


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/second-factor/set-up/passkey", view_func=add_passkey, methods=both)
    blueprint.add_url_rule("/second-factor/set-up/passkey/question", view_func=ask_new_passkey, methods=["POST"])
    blueprint.add_url_rule("/second-factor/passkey", view_func=prove_with_passkey, methods=["POST"])
    blueprint.add_url_rule("/second-factor/passkey/question", view_func=ask_passkey, methods=["POST"])
    blueprint.add_url_rule("/account/passkeys/<int:passkey_id>/remove", view_func=remove_passkey, methods=both)


def _get_party() -> rules.RelyingParty:
    party = own_party()
    if party is None:
        raise Refused(no_passkeys_here())
    return party


def no_passkeys_here() -> str:
    """Why there are no passkeys under this address, in a sentence."""
    return _("Passkeys need an address with HTTPS, and this installation has none. Take the authenticator app.")


@access.during_sign_in
def add_passkey() -> ResponseReturnValue:
    """Add a passkey. The browser has made it for the question asked just before; the password was typed with that."""
    account, before = sessions.get_session_account(), step_before_set_up()
    if before is not None:
        return redirect(url_for(before, next=request.args.get("next")))
    form = _new_passkey_form()
    if form.validate_on_submit():
        keep_changes()
        try:
            answer, session = form.answer.data, sessions.browser_key()
            had = factors_of(account)
            passkeys.add(
                account=account, party=_get_party(), session=session, answer=answer, name=form.passkey_name.data or ""
            )
        except Refused as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            sessions.note_second_factor()
            return show_codes(
                account, _one_more() if had else _("The passkey is kept. From now on it is your second step.")
            )
    page = render_template("accounts/add_passkey.html", form=form, party=own_party(), needed=needs_second_step())
    return page, 422 if form.is_submitted() else 200


def _new_passkey_form() -> NewPasskeyForm:
    form = NewPasskeyForm()
    if request.method == "GET":
        form.passkey_name.data = browser_of(request.user_agent.string)
    if first_step() is not None:
        del form.current
    elif request.endpoint == "accounts.add_passkey":
        form.current.validators = []  # it was asked for with the question, without which there is no answer
    return form


def _one_more() -> str:
    return _("The passkey is kept. You have one more way to prove the second step; the ones before keep working.")


@access.during_sign_in
def ask_new_passkey() -> ResponseReturnValue:
    """The question for a new passkey, as JSON; whoever has a second step types the present password first."""
    account = sessions.get_session_account()
    if step_before_set_up() is not None:
        return _refused(_("Prove your second step first."))
    form = _new_passkey_form()
    if "current" in form:
        if not form.current.validate(form):
            return _refused(form.current.errors[0])
        fault = proving.fault_of_password(account, form.current.data)
        if fault is not None:
            return _refused(fault)
    try:
        asked = passkeys.begin_adding(account=account, party=_get_party(), session=sessions.browser_key())
    except Refused as refusal:
        return _refused(refusal.sentence)
    return Response(asked, mimetype="application/json")


@access.during_sign_in
def ask_passkey() -> ResponseReturnValue:
    """The question for a passkey of the account, as JSON."""
    account = sessions.get_session_account()
    if not factors_of(account).passkeys:
        return _refused(_("There is no passkey of yours here. Take another way."))
    try:
        asked = passkeys.begin_proving(account=account, party=_get_party(), session=sessions.browser_key())
    except Refused as refusal:
        return _refused(refusal.sentence)
    return Response(asked, mimetype="application/json")


def _refused(sentence: str) -> ResponseReturnValue:
    return jsonify(sentence=sentence), 422


@access.during_sign_in
def prove_with_passkey() -> ResponseReturnValue:
    """The second step with a passkey; counted like digits."""
    account, form, status = sessions.get_session_account(), PasskeyForm(), 422
    if not form.validate_on_submit():
        form.form_errors.append(_("A passkey needs JavaScript, which is switched off in this browser."))
    elif not proving.may_try_second_step(account):
        form.form_errors.append(proving.too_many())
        status = 429
    else:
        fault = _fault_of(account, form.answer.data)
        if fault is None:
            proving.second_step_proven(account)
            sessions.note_second_factor()
            return redirect(safe_next())
        form.form_errors.append(fault)
    digits = SixDigitsForm(formdata=None)
    digits.form_errors = form.form_errors
    return prove_page(account, factors_of(account), digits), status


def _fault_of(account: Account, answer: str) -> str | None:
    try:
        passkeys.prove(account=account, party=_get_party(), session=sessions.browser_key(), answer=answer)
    except Refused as refusal:
        return refusal.sentence
    return None


@access.signed_in
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Take a passkey away, with the present password."""
    account = sessions.get_session_account()
    passkey = passkeys.get_passkey(account.id, passkey_id)
    check_may_remove(account)
    form = PresentPasswordForm()
    if form.validate_on_submit() and proving.has_present_password(form, account):
        name = passkey.name
        passkeys.remove(account=account, passkey=passkey)
        recovery.forget_idle_codes(account)
        flash(_("The passkey “%(name)s” opens nothing any more. Delete it on your device too.", name=name))
        return redirect(url_for("accounts.show_factors"))
    page = render_template("accounts/remove_factor.html", form=form, account=account, passkey=passkey)
    return page, 422 if form.is_submitted() else 200

"""Where somebody is signed in: each browser, and a way to sign out of it from here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import browsers
from lms.accounts import session as sessions
from lms.accounts.actions import ActorOf
from lms.accounts.guesses import list_guesses
from lms.core.web import access
from lms.core.web.languages import _, _n


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/account/sessions", view_func=list_own)
    blueprint.add_url_rule("/account/sessions/end", view_func=end, methods=["POST"])
    blueprint.add_url_rule("/account/sessions/end-others", view_func=end_others, methods=["POST"])


@access.signed_in
def list_own() -> ResponseReturnValue:
    """The browsers in which the reader is signed in, and how often somebody else tried to be."""
    account = sessions.get_session_account()
    opened = browsers.list_sessions(account.id)
    guesses = list_guesses(account.id)
    return render_template("accounts/sessions.html", opened=opened, own=sessions.browser_key(), guesses=guesses)


@access.signed_in
def end() -> ResponseReturnValue:
    """Sign out of one browser, perhaps of this one."""
    account = sessions.get_session_account()
    key = request.form.get("session", "")
    if browsers.end_session(account=account, key=key, by=ActorOf(account)):
        flash(_("That browser is signed out."))
    else:
        flash(_("That browser was signed out already."))
    return redirect(url_for("accounts.list_own"))


@access.signed_in
def end_others() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    account = sessions.get_session_account()
    ended = browsers.end_other_sessions(account=account, but=sessions.browser_key(), by=ActorOf(account))
    flash(_n("1 other browser is signed out.", "%(n)s other browsers are signed out.", ended))
    return redirect(url_for("accounts.list_own"))

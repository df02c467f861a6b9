"""Signing in through the provider, where one is named: there, back, and the link that a person makes under *My
account*. Whatever goes wrong ends in a sentence on the page from which it began, where the usual way in stays."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import linking, pending, proving
from lms.accounts import provider as providers
from lms.accounts import session as sessions
from lms.accounts.factor_pages import first_step, own_provider
from lms.accounts.forms import PresentPasswordForm
from lms.accounts.onward import safe_page
from lms.core.database import engine
from lms.core.database.engine import own_transaction
from lms.core.errors import NotFound, Refused
from lms.core.provider import Provider
from lms.core.web import access
from lms.core.web.languages import _, pick

STATE = "o"
"""In the session: for which request this browser went to the provider."""
THERE, LINKING = "provider", "provider-linking"
LASTS = timedelta(minutes=10)
"""So long somebody may be at the provider."""


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/sign-in/provider", view_func=go_to_provider)
    blueprint.add_url_rule("/sign-in/provider/back", view_func=come_back)
    blueprint.add_url_rule("/account/identity", view_func=link_identity, methods=both)
    blueprint.add_url_rule("/account/identity/there", view_func=go_linking)
    blueprint.add_url_rule("/account/identity/remove", view_func=unlink_identity, methods=both)


def _get_provider() -> Provider:
    provider = own_provider()
    if provider is None:
        raise NotFound
    return provider


def _back() -> str:
    """The one address that the provider knows of us, in no language."""
    return f"{current_app.extensions['settings'].public_url}/sign-in/provider/back"


@access.public
def go_to_provider() -> ResponseReturnValue:
    """Off to the provider, to sign in."""
    return _go(_get_provider(), onward=request.args.get("next", ""), linking_to=None)


def _go(provider: Provider, *, onward: str, linking_to: int | None) -> ResponseReturnValue:
    asked = providers.Request()
    try:
        address = providers.begin(provider, _back(), asked)
    except providers.ProviderAway:
        return _say(provider_away(provider), linking_to)
    kept = {"nonce": asked.nonce, "verifier": asked.verifier, "next": onward[:500], "account": linking_to}
    with own_transaction() as connection:  # begun with a link: the request itself only reads
        pending.keep(THERE, asked.state, kept, lasts=LASTS, connection=connection)
    session[STATE] = asked.state
    return redirect(address)


@access.public
def come_back() -> ResponseReturnValue:
    """Back from the provider: signed in, or linked."""
    provider, state = _get_provider(), request.args.get("state", "")
    mine = session.pop(STATE, None)
    with (
        own_transaction() as connection
    ):  # taken whatever becomes of the rest, and not held while the provider is asked
        kept = pending.take(THERE, state, connection) if state and state == mine else None
    if kept is None:
        return _say(_("This way in was not begun in this browser, or took too long. Begin again."), None)
    asked = providers.Request(state=state, nonce=kept["nonce"], verifier=kept["verifier"])
    if "code" not in request.args or request.args.get("iss", provider.issuer) != provider.issuer:
        return _say(_("You were not signed in at %(provider)s.", provider=pick(provider.labels)), kept["account"])
    try:
        vouched = providers.finish(provider, _back(), asked, request.args["code"])
    except providers.ProviderAway:
        return _say(provider_away(provider), kept["account"])
    except providers.NotVouched:
        return _say(
            _("What %(provider)s sent is not to be believed. Begin again.", provider=pick(provider.labels)),
            kept["account"],
        )
    engine.reading.set(False)
    try:
        if kept["account"] is not None:
            return _link(provider, vouched, kept["account"])
        return _sign_in(provider, vouched, kept["next"])
    except Refused as refusal:
        return _say(refusal.sentence, kept["account"])


def _sign_in(provider: Provider, vouched: providers.Vouched, onward: str) -> ResponseReturnValue:
    account = linking.sign_in(provider=provider, vouched=vouched)
    if account is None:
        raise Refused(
            _(
                "%(provider)s knows you, but no account here is linked to you. Sign in with your login, then link it "
                "under My account.",
                provider=pick(provider.labels),
            )
        )
    sessions.start_session(account, must_choose_password=account.password_hash is None)
    if vouched.has_second_factor:
        sessions.note_second_factor(by_provider=True)
    return redirect(safe_page(onward))


def _link(provider: Provider, vouched: providers.Vouched, account_id: int) -> ResponseReturnValue:
    account = sessions.find_session_account()
    if account is None or account.id != account_id or first_step() is not None:
        raise Refused(_("You were signed out meanwhile. Sign in and begin again."))
    linking.link(account=account, provider=provider, subject=vouched.subject)
    flash(_("From now on you can also sign in through %(provider)s.", provider=pick(provider.labels)))
    return redirect(url_for("accounts.link_identity"))


def provider_away(provider: Provider) -> str:
    """The sentence for a provider that does not answer."""
    return _("%(provider)s does not answer now. Sign in with your login and password.", provider=pick(provider.labels))


def _say(sentence: str, linking_to: int | None) -> ResponseReturnValue:
    flash(sentence, "wait")
    return redirect(url_for("accounts.sign_in" if linking_to is None else "accounts.link_identity"))


@access.signed_in
def link_identity() -> ResponseReturnValue:
    """The reader's link to the provider: made, with the present password, or looked at."""
    provider, account = _get_provider(), sessions.get_session_account()
    form = PresentPasswordForm()
    ready = form.validate_on_submit() and proving.has_present_password(form, account)
    if ready:
        pending.keep(LINKING, sessions.browser_key(), {}, lasts=LASTS)
    page = render_template(
        "accounts/link_identity.html",
        form=form,
        account=account,
        link=linking.find_link(account.id),
        label=pick(provider.labels),
        ready=ready,
    )
    return page, 422 if form.is_submitted() and not ready else 200


@access.signed_in
def go_linking() -> ResponseReturnValue:
    """Off to the provider, to be linked; only after the password was typed."""
    provider, account = _get_provider(), sessions.get_session_account()
    with own_transaction() as connection:
        allowed = pending.take(LINKING, sessions.browser_key(), connection) is not None
    if not allowed:
        return redirect(url_for("accounts.link_identity"))
    return _go(provider, onward="", linking_to=account.id)


@access.signed_in
def unlink_identity() -> ResponseReturnValue:
    """End the link, with the present password."""
    provider, account = _get_provider(), sessions.get_session_account()
    if linking.find_link(account.id) is None:
        return redirect(url_for("accounts.link_identity"))
    form = PresentPasswordForm()
    if form.validate_on_submit() and proving.has_present_password(form, account):
        linking.unlink(account=account)
        flash(_("The link is removed. You sign in with your login and password."))
        return redirect(url_for("accounts.link_identity"))
    page = render_template("accounts/unlink_identity.html", form=form, account=account, label=pick(provider.labels))
    return page, 422 if form.is_submitted() else 200

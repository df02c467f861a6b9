"""What the pages of signing in share."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from lms.accounts import recovery, rules
from lms.accounts.models import Account
from lms.accounts.onward import safe_next
from lms.accounts.queries import factors_of
from lms.core.errors import Refused
from lms.core.provider import Provider
from lms.core.web.identity import current_identity
from lms.core.web.languages import _, pick


def own_party() -> rules.RelyingParty | None:
    """Whom passkeys are made for here; None where browsers make none."""
    return rules.relying_party(current_app.extensions["settings"].public_url)


def own_provider() -> Provider | None:
    """Through whom people may also sign in here; None where nobody is named."""
    provider: Provider | None = current_app.extensions["settings"].provider
    return provider


def provider_label() -> str:
    """What the provider is called in the reader's language; empty where nobody is named."""
    provider = own_provider()
    return pick(provider.labels) if provider else ""


def first_step() -> str | None:
    """What the reader has yet to do before anything else (an endpoint)."""
    me = current_identity()
    return me.first_step if me is not None else None


def needs_second_step() -> bool:
    """Whether the reader may not be without a second step."""
    me = current_identity()
    return me is not None and me.needs_second_factor


def check_may_remove(account: Account) -> None:
    """Refused when this is the only second step of somebody who may not be without one."""
    if needs_second_step() and factors_of(account).is_last:
        raise Refused(
            _("This is your only second step, and your role needs one. Set up another one first, then remove this.")
        )


def show_codes(account: Account, done: str) -> ResponseReturnValue:
    """The page after a second step was set up: new recovery codes where there are none, and the way on."""
    codes = [] if factors_of(account).codes_left else recovery.make_codes(account=account)
    return render_template("accounts/recovery_codes.html", codes=shown(codes), done=done, onward=safe_next())


def shown(codes: list[str]) -> list[str]:
    """The codes as printed."""
    return [rules.show_code(code) for code in codes]

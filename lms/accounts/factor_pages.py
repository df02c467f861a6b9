"""What the pages of signing in share."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from lms.accounts import recovery, rules
from lms.accounts.models import Account
from lms.accounts.onward import safe_next
from lms.accounts.queries import Factors, factors_of
from lms.core.errors import Refused
from lms.core.provider import Provider
from lms.core.web.identity import current_identity
from lms.core.web.languages import _, pick

SET_UP = "accounts.set_up_second_factor"


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


def step_before_set_up() -> str | None:
    """What the reader has yet to do before a second step can be set up (an endpoint)."""
    step = first_step()
    return None if step == SET_UP else step


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


def prove_page(account: Account, factors: Factors, form: FlaskForm) -> str:
    """The page on which the second step is proven, one way or another."""
    return render_template(
        "accounts/prove_second_factor.html", form=form, account=account, factors=factors, party=own_party()
    )


def show_codes(account: Account, done: str) -> ResponseReturnValue:
    """The page after a second step was set up: new recovery codes where there are none, and the way on."""
    codes = [] if factors_of(account).codes_left else recovery.make_codes(account=account)
    return render_template("accounts/recovery_codes.html", codes=shown(codes), done=done, onward=safe_next())


def shown(codes: list[str]) -> list[str]:
    """The codes as printed."""
    return [rules.show_code(code) for code in codes]

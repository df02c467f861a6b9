"""Commands about roles and sign-in slips."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from lms.accounts.models import Account
from lms.accounts.queries import find_account
from lms.accounts.rules import show_code
from lms.commissions import actions, permissions, resetting, slips, terms
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope, check_oversees, scope_of
from lms.commissions.queries import find_commission_by_code
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.command import answer, in_app, warn_of_own_address
from lms.core.errors import Refused
from lms.core.web.languages import speaking


def get_account_named(login: str) -> Account:
    """The account with this login; Refused with a sentence when there is none."""
    account = find_account(login.strip().lower())
    if account is None:
        raise Refused(f"There is no account with the login {login}. Check it and try again.")
    return account


def scope_named(login: str) -> Scope:
    """What the operator named with `--by` may see and do."""
    return scope_of(get_account_named(login))


def get_commission_named(code: str) -> Commission:
    """The commission with this code; Refused with a sentence when there is none."""
    commission = find_commission_by_code(code)
    if commission is None:
        raise Refused(f"There is no commission with the code {code}. Check it and try again.")
    return commission


@click.group("roles")
def roles() -> None:
    """Who may do what, and where."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--by", required=True, help="Login of whoever decides."),
        click.option("--login", required=True, help="Login of whoever gets or loses the role."),
        click.option("--commission", required=True, help="Code of the commission."),
        click.option("--role", required=True, type=click.Choice([role.value for role in Role])),
    ):
        command = option(command)
    return command


DAY = click.DateTime(["%Y-%m-%d"])


@roles.command("grant")
@_options
@click.option("--first", type=DAY, help="First day on which it works; at once if left out.")
@click.option("--last", type=DAY, help="Last day on which it works; until it is taken away if left out.")
@in_app
def grant(role: str, commission: str, login: str, by: str, first: datetime | None, last: datetime | None) -> None:
    """Give a role at a commission; it reaches everything below."""
    where = get_commission_named(commission)
    made = actions.grant_role(
        account=get_account_named(login),
        role=Role(role),
        commission=where,
        by=scope_named(by),
        first=first.date() if first else None,
        last=last.date() if last else None,
    )
    begins, ends = terms.days_of(made, where.time_zone)
    to_come = terms.standing_of(made, clock.now()) is terms.Standing.TO_COME
    until = f", until the end of {ends}" if ends else ""
    click.echo(f"{login} is {f'from {begins}' if to_come else 'now'} {role} at {commission}{until}.")


@roles.command("revoke")
@_options
@in_app
def revoke(role: str, commission: str, login: str, by: str) -> None:
    """Take a role away, at once."""
    actions.revoke_role(
        account=get_account_named(login),
        role=Role(role),
        commission=get_commission_named(commission),
        by=scope_named(by),
    )
    click.echo(f"{login} is no longer {role} at {commission}.")


@click.group("accounts")
def accounts() -> None:
    """How people sign in."""


@accounts.command("slips")
@click.option("--commission", "code", required=True, help="Code of the commission.")
@click.option("--by", required=True, help="Login of the officer who prints.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write.")
@click.option("--below", is_flag=True, help="With all commissions below.")
@click.option("--again", "everyone", is_flag=True, help="Also for those whose slip is unused; that one stops working.")
@in_app
def print_slips(code: str, by: str, out: Path, below: bool, everyone: bool) -> None:
    """Sign-in slips for everyone who has none and never signed in."""
    scope, commission = scope_named(by), get_commission_named(code)
    check_oversees(scope, commission.id)
    drawn = slips.draw_slips(slips.list_for_slips(commission, below=below, by=scope).chosen(everyone=everyone))
    warn_of_own_address()
    expires_at = slips.slip_expiry()
    content = slips.render_slips(drawn, expires_at=expires_at)
    slips.issue_slips(drawn, expires_at=expires_at, commission=commission, by=scope)
    out.write_bytes(content)
    click.echo(f"{len(drawn)} slips are in {out}.")


@accounts.command("reset")
@click.argument("login")
@click.option("--reason", required=True, help="How it was made sure that this person asks. It is kept in the record.")
@click.option(
    "--by", help="Login of the officer above, or of the administrator, who decides; when none is left, leave it out."
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def reset(login: str, reason: str, by: str | None, as_json: bool) -> None:
    """A way in for somebody who lost it: take password, second step and sessions back and make a one-time code, which
    works for a day. For the last administrator; all others get a new slip from the commission above."""
    account = get_account_named(login)
    with speaking("en"):
        code = show_code(
            resetting.reset_by_code(account=account, reason=reason, by=scope_named(by) if by else permissions.SYSTEM)
        )
    answer(
        {"login": account.login, "one_time_code": code},
        as_json=as_json,
        words=f"Sign in as {account.login} with the one-time code {code} before this time tomorrow. The old password "
        "and second step no longer work.",
    )


COMMANDS = [roles, accounts]

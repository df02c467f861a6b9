"""Commands about roles."""

from __future__ import annotations

from collections.abc import Callable

import click

from lms.accounts.models import Account
from lms.accounts.queries import find_account
from lms.commissions import actions
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope, scope_of
from lms.commissions.queries import find_commission_by_code
from lms.commissions.rules import Role
from lms.core.command import in_app
from lms.core.errors import Refused


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


@roles.command("grant")
@_options
@in_app
def grant(role: str, commission: str, login: str, by: str) -> None:
    """Give a role at a commission; it reaches everything below."""
    actions.grant_role(
        account=get_account_named(login),
        role=Role(role),
        commission=get_commission_named(commission),
        by=scope_named(by),
    )
    click.echo(f"{login} is now {role} at {commission}.")


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


COMMANDS = [roles]

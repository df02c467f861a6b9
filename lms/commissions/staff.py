"""People who hold a role and no seat: staff of the central commission, auditors from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.commissions import permissions, terms
from lms.commissions.actions import add_person, grant_role
from lms.commissions.models import Commission, RoleGrant
from lms.commissions.permissions import Scope, check_may_grant
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.errors import Forbidden
from lms.core.web.languages import _
from lms.people.actions import correct_person


def may_bring_in(scope: Scope) -> bool:
    """Whether the reader may give a role to somebody whom nobody knows yet: whoever has a seat is brought in by it."""
    return scope.holds(Role.CEC_ADMINISTRATOR)


def bring_in(
    *,
    commission: Commission,
    role: Role,
    known: Mapping[str, str],
    first: date | None = None,
    last: date | None = None,
    by: Scope,
) -> Account:
    """The account of somebody new who holds a role at a commission and no seat; the slip is printed on their page.
    `known`: surname, given_name, patronymic, phone, language. Forbidden for whoever is no administrator of the central
    commission; refused as `grant_role` refuses."""
    if not may_bring_in(by):
        raise Forbidden(_("Only an administrator of the central commission brings in people who hold no seat."))
    check_may_grant(by, role, commission.id)
    names = {name: known.get(name, "") for name in ("surname", "given_name", "patronymic")}
    person = add_person(**names, language=known["language"], by=by)
    if known.get("phone"):
        correct_person(person=person, fields={"phone": known["phone"]}, by=by)
    account = open_account(person=person, by=by)
    grant_role(account=account, role=role, commission=commission, by=by, first=first, last=last)
    return account


@dataclass(frozen=True)
class RoleHeld:
    """A role that somebody held, with its first and its last day."""

    grant: RoleGrant
    first: date
    last: date | None
    """None when it ended before it began to work."""
    may_be_given: bool
    """Whether the reader may give it again."""


def list_roles_held(scope: Scope, person_id: int) -> list[RoleHeld]:
    """The roles that somebody without a seat held in the reader's branches and holds no more, the latest first."""
    held: list[RoleHeld] = []
    seen: set[tuple[str, int]] = set()
    for grant in permissions.list_roles_over(scope, person_id):
        key = grant.role, grant.commission_id
        held.append(RoleHeld(grant, *_days_held(grant), key not in seen and may_give_again(scope, grant)))
        seen.add(key)
    return held


def _days_held(grant: RoleGrant) -> tuple[date, date | None]:
    zone = grant.commission.time_zone
    first, last = terms.days_of(grant, zone)
    if grant.revoked_at is not None:
        taken = clock.day_of(grant.revoked_at, zone)
        last = min(last, taken) if last else taken
    return first, last if last and last >= first else None


def may_give_again(scope: Scope, grant: RoleGrant) -> bool:
    """Whether the reader may give a role that is over to the same person at the same commission."""
    if grant.commission.closed_on is not None or grant.account.person.erased_at is not None:
        return False
    may_give = permissions.may_grant(scope, Role(grant.role), grant.commission_id)
    return may_give and permissions.may_name(scope, grant.account)

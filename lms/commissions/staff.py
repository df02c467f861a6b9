"""People who hold a role and no seat: staff of the central commission, auditors from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lms.accounts.actions import open_account
from lms.accounts.models import Account
from lms.commissions.actions import add_person, grant_role
from lms.commissions.models import Commission
from lms.commissions.permissions import Scope, check_may_grant
from lms.commissions.rules import Role
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

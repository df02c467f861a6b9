"""What a person may see and do, by where they sit in the cascade. Every room asks here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g, has_request_context
from sqlalchemy import Row, Select, and_, bindparam, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account
from lms.accounts.queries import find_account
from lms.commissions import queries
from lms.commissions.errors import NoLongerSeated
from lms.commissions.models import Appointment, Commission, CommissionClosure, RoleGrant
from lms.commissions.rules import BELOW, THERE, Level, Office, Role, may_give
from lms.core import clock
from lms.core.database.base import UtcDateTime, db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web.languages import _
from lms.people.models import Person

OVERSEERS = (Role.CEC_ADMINISTRATOR, Role.TERRITORIAL_OFFICER)
"""Roles that look after people: rosters, slips, roles below."""
INSPECTORS = (*OVERSEERS, Role.AUDITOR)
"""Roles that read how people are looked after: who may do it, and who checks it and does nothing."""
WATCHERS = (*INSPECTORS, Role.METHODOLOGIST, Role.TRAINER, Role.REPORTING_OFFICER)
"""Roles that see named members of their branch."""
CENTRAL_AUDITOR = "central_auditor"
"""The duty of an auditor of the central commission: below it nobody sees the questions of tests."""
_Reached, _Held = aliased(CommissionClosure), aliased(RoleGrant)


@dataclass(frozen=True)
class Scope:
    """Where an account sits: its roles, each with a commission, and the person's own seat."""

    account_id: int | None
    person_id: int | None = None
    grants: frozenset[tuple[Role, int]] = frozenset()
    """(role, commission id); a role reaches everything below."""
    seat_commission_id: int | None = None
    office: Office | None = None
    level: Level | None = None
    time_zone: str = ""
    """The seat's, as an IANA name."""
    everything: bool = False
    """The system itself."""
    duties: frozenset[str] = field(default=frozenset())

    def places(self, *roles: Role) -> frozenset[int]:
        """Commissions at which one of `roles` (all roles when none is named) is held."""
        return frozenset(place for role, place in self.grants if not roles or role in roles)

    def holds(self, *roles: Role) -> bool:
        """Whether one of `roles` is held anywhere."""
        return bool(self.places(*roles)) or self.everything

    @property
    def chaired_id(self) -> int | None:
        """The precinct commission this person chairs."""
        return self.seat_commission_id if self.office is Office.CHAIR and self.level is Level.PEC else None


SYSTEM = Scope(account_id=None, everything=True)


STANDING = (
    select(
        Account.id,
        Account.person_id,
        RoleGrant.role,
        RoleGrant.commission_id.label("place"),
        Appointment.commission_id,
        Appointment.office,
        Commission.level,
        Commission.time_zone,
    )
    .outerjoin(
        RoleGrant, and_(RoleGrant.account_id == Account.id, *queries.works_at(bindparam("now", type_=UtcDateTime())))
    )
    .outerjoin(Appointment, and_(Appointment.person_id == Account.person_id, Appointment.ends_on.is_(None)))
    .outerjoin(Commission, Commission.id == Appointment.commission_id)
    .where(Account.id == bindparam("account"))
)
"""Where `account` sits at the moment `now`: a row for each role that works then, one without when none does."""


def scope_of(account: Account) -> Scope:
    """What `account` may see and do now; loaded once per request."""
    return scope_of_account(account.id)


def scope_of_account(account_id: int) -> Scope:
    """The same by the account's id."""
    kept = _scopes()
    if account_id not in kept:
        kept[account_id] = read_scope(db.session.execute(STANDING, {"account": account_id, "now": clock.now()}).all())
    return kept[account_id]


def keep_scope(scope: Scope) -> None:
    """Have `scope_of` give this scope for the rest of the request."""
    if scope.account_id is not None:
        _scopes()[scope.account_id] = scope


def _scopes() -> dict[int, Scope]:
    """Scopes by account, as long as the request lasts."""
    kept: dict[int, Scope] = g.setdefault("scopes", {}) if has_request_context() else {}
    return kept


def read_scope(rows: Sequence[Row[Any]]) -> Scope:
    """What somebody may see and do, from the rows of `STANDING`."""
    first = rows[0]
    grants = frozenset((Role(row.role), row.place) for row in rows if row.role is not None)
    office = Office(first.office) if first.office else None
    level = Level(first.level) if first.level else None
    duties = {role.value for role, _place in grants}
    if any(role is Role.AUDITOR for role, _place in grants) and (Role.AUDITOR, queries.central_id()) in grants:
        duties.add(CENTRAL_AUDITOR)
    if office is Office.CHAIR and level is Level.PEC:
        duties.add("chair")
    return Scope(
        account_id=first.id,
        person_id=first.person_id,
        grants=grants,
        seat_commission_id=first.commission_id,
        office=office,
        level=level,
        time_zone=first.time_zone or "",
        duties=frozenset(duties),
    )


def holds_at_centre(scope: Scope, *roles: Role) -> bool:
    """Whether one of these roles is held at the central commission: what is the whole country's is read there alone."""
    return scope.everything or queries.central_id() in scope.places(*roles)


def commissions_in(scope: Scope, *roles: Role) -> Select[tuple[int]]:
    """Ids of the commissions that `scope` reaches through `roles` (any role when none is named)."""
    if scope.everything:
        return select(Commission.id)
    return select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id.in_(scope.places(*roles)))


def is_commission_in(
    scope: Scope, column: ColumnElement[int] | InstrumentedAttribute[int], *roles: Role
) -> ColumnElement[bool]:
    """A condition: `column` (a commission id) lies in the branches of `scope`. Looked up row by row: a branch may hold
    ten thousand commissions, and most pages ask for few of them."""
    if scope.everything:
        return true()
    return exists().where(_Reached.ancestor_id.in_(scope.places(*roles)), _Reached.descendant_id == column)


def may_reach(scope: Scope, commission_id: int, *roles: Role) -> bool:
    """Whether the commission lies in a branch in which `scope` holds one of `roles`."""
    if scope.everything:
        return True
    places = scope.places(*roles)
    if not places:
        return False
    found = select(CommissionClosure.depth).where(
        CommissionClosure.ancestor_id.in_(places), CommissionClosure.descendant_id == commission_id
    )
    return db.session.scalar(found.limit(1)) is not None


def get_commission(scope: Scope, commission_id: int, *roles: Role) -> Commission:
    """The commission, if `scope` reaches it through `roles`; NotFound otherwise, as if it were not there."""
    commission = db.session.get(Commission, commission_id)
    if commission is None or not may_reach(scope, commission_id, *roles):
        raise NotFound
    return commission


def person_condition(scope: Scope, *roles: Role) -> ColumnElement[bool]:
    """A condition on Person: the reader, and people who now hold a seat in the reader's branches."""
    if scope.everything:
        return true()
    seated = select(Appointment.person_id).where(
        Appointment.ends_on.is_(None), Appointment.commission_id.in_(commissions_in(scope, *(roles or WATCHERS)))
    )
    return or_(Person.id == (scope.person_id or 0), Person.id.in_(seated))


def get_seat_in_care(scope: Scope, person_id: int) -> Appointment:
    """The seat that a person holds, if `scope` looks after its commission; NotFound otherwise, which says of somebody
    who sat there that they have left (NoLongerSeated)."""
    return get_seat_reached(scope, person_id, *OVERSEERS)


def get_seat_reached(scope: Scope, person_id: int, *roles: Role) -> Appointment:
    """The seat that a person holds, if `scope` reaches its commission with one of these roles; NotFound as above."""
    seat = queries.find_seat_of(person_id)
    if seat is None or not may_reach(scope, seat.commission_id, *roles):
        _get_once_seated(scope, person_id, *roles)
        raise NoLongerSeated(person_id)
    return seat


def _get_once_seated(scope: Scope, person_id: int, *roles: Role) -> Person:
    held = select(Appointment.person_id).where(Appointment.commission_id.in_(commissions_in(scope, *roles)))
    person = db.session.scalar(select(Person).where(Person.id == person_id, Person.id.in_(held)))
    if person is None:
        raise NotFound
    return person


def get_person_ever(scope: Scope, person_id: int, *roles: Role) -> Person:
    """The person, if they hold or held a seat in the branches of `scope`, or hold a role there and no seat, or held one
    there and never a seat; NotFound otherwise."""
    grants = list_roles_of(scope, person_id, *roles) or list_roles_once_of(scope, person_id, *roles)
    return grants[0].account.person if grants else _get_once_seated(scope, person_id, *roles)


def list_ever(scope: Scope, person_ids: Collection[int], *roles: Role) -> set[int]:
    """Those of some people whom `get_person_ever` gives."""
    once = _roles_once_held(scope, *roles).where(Account.person_id.in_(person_ids))
    former = db.session.scalars(once.with_only_columns(Account.person_id))
    return _list_reached(scope, person_ids, roles, true()) | set(former)


def list_now(scope: Scope, person_ids: Collection[int], *roles: Role) -> set[int]:
    """Those of some people whom `get_person_reached` gives."""
    return _list_reached(scope, person_ids, roles, Appointment.ends_on.is_(None))


def _list_reached(
    scope: Scope, person_ids: Collection[int], roles: tuple[Role, ...], which: ColumnElement[bool]
) -> set[int]:
    here = is_commission_in(scope, Appointment.commission_id, *roles)
    seats = select(Appointment.person_id).where(Appointment.person_id.in_(person_ids), here, which)
    holding = _roles_without_seat(scope, *roles).where(Account.person_id.in_(person_ids))
    people = holding.with_only_columns(Account.person_id)
    return set(db.session.scalars(seats)) | set(db.session.scalars(people))


def _roles_without_seat(scope: Scope, *roles: Role) -> Select[tuple[RoleGrant]]:
    """Roles that are not over, held in the branches of `scope` by people without a seat. They are shown to those alone
    who look after people or audit it, whatever else `roles` names."""
    seated = exists().where(Appointment.person_id == Account.person_id, Appointment.ends_on.is_(None))
    return _roles_inspected(scope, *roles).where(*queries.not_over_at(clock.now()), ~seated)


def _roles_inspected(scope: Scope, *roles: Role) -> Select[tuple[RoleGrant]]:
    """Roles ever given in those branches of `scope` where it looks after people or audits it."""
    inspecting = [role for role in roles if role in INSPECTORS]
    here = is_commission_in(scope, RoleGrant.commission_id, *inspecting) if inspecting or scope.everything else false()
    return select(RoleGrant).join(Account, Account.id == RoleGrant.account_id).where(here)


def _roles_once_held(scope: Scope, *roles: Role) -> Select[tuple[RoleGrant]]:
    """Roles that were held in the branches of `scope` by people who hold none now, wherever it be, and never had a
    seat: nobody else would reach them any more."""
    seated = exists().where(Appointment.person_id == Account.person_id)
    holds = exists().where(_Held.account_id == Account.id, *queries.not_over_at(clock.now(), _Held))
    return _roles_inspected(scope, *roles).where(~seated, ~holds)


def list_roles_once_of(scope: Scope, person_id: int, *roles: Role) -> Sequence[RoleGrant]:
    """The roles through which `scope` reaches somebody who holds none now and never had a seat, the latest first."""
    found = _roles_once_held(scope, *roles).where(Account.person_id == person_id)
    return db.session.scalars(found.order_by(RoleGrant.id.desc())).all()


def list_roles_over(scope: Scope, person_id: int) -> Sequence[RoleGrant]:
    """The roles that somebody who has no seat held, and does not hold, in the branches that `scope` looks after or
    audits, the latest first."""
    seated = exists().where(Appointment.person_id == Account.person_id, Appointment.ends_on.is_(None))
    same = (
        _Held.account_id == Account.id,
        _Held.role == RoleGrant.role,
        _Held.commission_id == RoleGrant.commission_id,
    )
    held = exists().where(*same, *queries.not_over_at(clock.now(), _Held))
    found = _roles_inspected(scope, *INSPECTORS).where(Account.person_id == person_id, ~seated, ~held)
    return db.session.scalars(found.order_by(RoleGrant.id.desc())).all()


def list_roles_of(scope: Scope, person_id: int, *roles: Role) -> Sequence[RoleGrant]:
    """The roles through which `scope` reaches somebody who has no seat, the highest commission first; empty for whoever
    has one, because there the seat decides."""
    found = _roles_without_seat(scope, *roles).join(Commission, Commission.id == RoleGrant.commission_id)
    highest = func.length(Commission.code), Commission.code, RoleGrant.role
    return db.session.scalars(found.where(Account.person_id == person_id).order_by(*highest)).all()


def list_holders(scope: Scope) -> dict[int, int]:
    """The other people without a seat who hold a role in the branches that `scope` inspects, each with a commission at
    which they do."""
    if not scope.holds(*INSPECTORS):
        return {}
    found = _roles_without_seat(scope, *INSPECTORS).with_only_columns(Account.person_id, RoleGrant.commission_id)
    others = found.where(Account.id != (scope.account_id or 0)).order_by(RoleGrant.commission_id.desc())
    return _by_person(others)


def list_former_holders(scope: Scope) -> dict[int, int]:
    """The people whom `scope` reaches by a role that is over, each with the commission at which they held one last."""
    if not scope.holds(*INSPECTORS):
        return {}
    found = _roles_once_held(scope, *INSPECTORS).with_only_columns(Account.person_id, RoleGrant.commission_id)
    return _by_person(found.order_by(RoleGrant.id))


def _by_person(pairs: Select[tuple[int, int]]) -> dict[int, int]:
    rows = db.session.execute(pairs)
    return {person_id: commission_id for person_id, commission_id in rows}  # noqa: C416 - rows are no pairs to mypy


@dataclass(frozen=True)
class Reached:
    """Somebody whom a reader reaches: by the seat, or without one by a role."""

    person: Person
    commission: Commission
    """Of the seat, or the highest at which a role is held."""
    seat: Appointment | None
    grants: Sequence[RoleGrant] = ()
    """Without a seat: the roles in the reader's branches."""


def get_person_reached(scope: Scope, person_id: int, *roles: Role) -> Reached:
    """The person, if `scope` reaches with one of these roles the commission of their seat or, when they have none, one
    at which they hold a role; NotFound or NoLongerSeated otherwise, also of whose role is over."""
    try:
        seat = get_seat_reached(scope, person_id, *roles)
    except NotFound:
        grants = list_roles_of(scope, person_id, *roles)
        if not grants:
            if list_roles_once_of(scope, person_id, *roles):
                raise NoLongerSeated(person_id, held_role=True) from None
            raise
        return Reached(grants[0].account.person, grants[0].commission, None, grants)
    return Reached(seat.person, seat.commission, seat)


def get_person_in_care(scope: Scope, person_id: int) -> Reached:
    """The same for whoever looks after the person; Forbidden when there is no seat to be looked after and the person is
    stronger: what is known of a holder of a role is changed by who could give it."""
    reached = get_person_reached(scope, person_id, *OVERSEERS)
    if reached.seat is None and is_stronger(scope, person_id):
        raise Forbidden(_("This person holds a role. Only the commission above can correct what is known of them."))
    return reached


def may_see_nomination(scope: Scope, commission_id: int) -> bool:
    """Who nominated a member is political-opinion data: only those who look after the branch, and who audits it."""
    return may_reach(scope, commission_id, *INSPECTORS)


def check_oversees(scope: Scope, commission_id: int) -> None:
    """Raise Forbidden unless `scope` looks after the commission (rosters, slips, roles)."""
    if not may_reach(scope, commission_id, *OVERSEERS):
        raise Forbidden(_("This commission is not in your branch. Ask the officer who looks after it."))


def list_grantable(scope: Scope, commission_id: int) -> list[Role]:
    """The roles that `scope` may give and take at the commission, by `rules.GIVES`."""
    if scope.everything:
        return list(Role)
    held = _held_above(scope, [commission_id]).get(commission_id, [])
    return [role for role in Role if may_give(held, role)]


def _held_above(scope: Scope, commission_ids: Collection[int]) -> dict[int, list[tuple[Role, int]]]:
    """For some commissions: the roles that `scope` holds there or above, each with how many commissions above."""
    rows = db.session.execute(
        select(CommissionClosure.descendant_id, CommissionClosure.ancestor_id, CommissionClosure.depth).where(
            CommissionClosure.ancestor_id.in_(scope.places()), CommissionClosure.descendant_id.in_(commission_ids)
        )
    )
    held: dict[int, list[tuple[Role, int]]] = {}
    for below, above, depth in rows:
        held.setdefault(below, []).extend((role, depth) for role, place in scope.grants if place == above)
    return held


def may_grant(scope: Scope, role: Role, commission_id: int) -> bool:
    """Whether `scope` may give and take `role` at the commission."""
    return role in list_grantable(scope, commission_id)


def check_may_grant(scope: Scope, role: Role, commission_id: int) -> None:
    """Raise Forbidden unless `scope` may grant or revoke `role` at the commission."""
    if not may_grant(scope, role, commission_id):
        raise Forbidden(_("You cannot give or take this role there. Ask the commission above."))


def find_account_named(scope: Scope, login: str) -> Account | None:
    """The account with this login, if `scope` may give it a role. Who is no CEC administrator names only people who sit
    in, or hold a role in, the branch they look after: of anybody else they do not even learn that the login exists."""
    account = find_account(login)
    return account if account is not None and may_name(scope, account) else None


def may_name(scope: Scope, account: Account) -> bool:
    """Whether `scope` may give this account a role, as `find_account_named` says."""
    if scope.everything or scope.holds(Role.CEC_ADMINISTRATOR):
        return True
    branch = commissions_in(scope, *OVERSEERS)
    seats = select(Appointment.id).where(
        Appointment.person_id == account.person_id,
        Appointment.ends_on.is_(None),
        Appointment.commission_id.in_(branch),
    )
    roles = select(RoleGrant.id).where(
        RoleGrant.account_id == account.id,
        RoleGrant.commission_id.in_(branch),
        *queries.not_over_at(clock.now()),
    )
    return any(db.session.scalar(found.limit(1)) is not None for found in (seats, roles))


def check_may_name(scope: Scope, account: Account) -> None:
    """Raise Refused unless `scope` may give this account a role."""
    if not may_name(scope, account):
        raise Refused(not_named_sentence(scope))


def not_named_sentence(scope: Scope) -> str:
    """What is said of a login that `scope` cannot give a role to: the same whether it exists or not."""
    if scope.everything or scope.holds(Role.CEC_ADMINISTRATOR):
        return _("There is no account with this login. It stands on the person’s slip.")
    return _(
        "There is no account with this login in your branch. It stands on the person’s slip. "
        "Who neither sits nor holds a role in your branch gets a role from the central commission."
    )


def check_not_oneself(scope: Scope, account: Account) -> None:
    """Raise Forbidden when somebody would give themselves a role."""
    if scope.account_id == account.id:
        raise Forbidden(_("Nobody gives themselves a role. Ask another administrator, or the commission above."))


def list_stronger(scope: Scope, which: ColumnElement[bool]) -> set[int]:
    """Ids of those of some accounts that are stronger than `scope`: a holder of a role, also of one that has yet to
    begin, gets a new slip only from whoever could give that role, one commission above."""
    if scope.everything:
        return set()
    grants = db.session.execute(
        select(Account.id, RoleGrant.role, RoleGrant.commission_id, Commission.parent_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Commission, Commission.id == RoleGrant.commission_id)
        .where(which, *queries.not_over_at(clock.now()))
    ).all()
    held = _held_above(scope, {grant.commission_id for grant in grants})
    return {
        grant.id
        for grant in grants
        if not may_give(held.get(grant.commission_id, ()), Role(grant.role))
        or not _looks_after_from(BELOW if grant.parent_id else THERE, held.get(grant.commission_id, ()))
    }


def _looks_after_from(least: int, held: Iterable[tuple[Role, int]]) -> bool:
    return any(role in OVERSEERS and above >= least for role, above in held)


def is_stronger(scope: Scope, person_id: int) -> bool:
    """Whether the account of this person is."""
    return bool(list_stronger(scope, Account.person_id == person_id))


def check_may_reset(scope: Scope, account: Account) -> None:
    """Raise Forbidden when `account` is stronger than `scope`, or its own: who sits down at a browser that was left
    open is not to get round password and second step."""
    if sentence := reset_hindrance(scope, account):
        raise Forbidden(sentence)


def reset_hindrance(scope: Scope, account: Account) -> str:
    """Why `scope` cannot give this account a new slip; empty when it can. At the central commission, which nothing is
    above, one administrator gives it to another."""
    if scope.account_id is not None and scope.account_id == account.id:
        return _("Nobody gives themselves a new slip. Ask another administrator, or the commission above.")
    if list_stronger(scope, Account.id == account.id):
        return _("This person holds a role. Only the commission above can give them a new slip.")
    return ""


def number_hindrance(scope: Scope, person_id: int) -> str:
    """Why `scope` cannot correct this person's identity number, by which an account may be found as well as a person;
    empty when it can."""
    if scope.person_id is not None and scope.person_id == person_id:
        return _("Nobody corrects their own identity number. Ask another officer, or the commission above.")
    if is_stronger(scope, person_id):
        return _("This person holds a role. Only the commission above can correct what is known of them.")
    return ""


def check_may_renumber(scope: Scope, person_id: int) -> None:
    """Raise Forbidden when `scope` cannot correct this person's identity number."""
    if sentence := number_hindrance(scope, person_id):
        raise Forbidden(sentence)

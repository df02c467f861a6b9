"""Who may schedule a workshop and who may change it and take attendance."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select

from lms.accounts.models import Account
from lms.commissions.models import Commission, CommissionClosure, RoleGrant
from lms.commissions.permissions import OVERSEERS, Scope, commissions_in, may_reach
from lms.commissions.queries import works_at
from lms.commissions.rules import Level, Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden
from lms.core.web.languages import _
from lms.people.models import Person
from lms.workshops.models import Workshop

SCHEDULERS = (Role.CEC_ADMINISTRATOR, Role.TERRITORIAL_OFFICER, Role.TRAINER)
"""Roles that may schedule workshops in their branch."""


def may_schedule(scope: Scope, commission_ids: Collection[int]) -> bool:
    """Whether all these commissions lie in branches in which the reader may schedule workshops."""
    if not scope.holds(*SCHEDULERS):
        return False
    reached = select(func.count(Commission.id)).where(
        Commission.id.in_(commission_ids), Commission.id.in_(commissions_in(scope, *SCHEDULERS))
    )
    return db.session.scalar(reached) == len(set(commission_ids))


def check_may_schedule(scope: Scope, commission_ids: Collection[int]) -> None:
    """Raise Forbidden unless the reader may invite all these commissions."""
    if not may_schedule(scope, commission_ids):
        raise Forbidden(_("One of these commissions is not in your branch. Choose commissions of your own branch."))


def check_may_lead(scope: Scope, trainer_id: int, commission_ids: Collection[int]) -> None:
    """Raise Forbidden unless `trainer_id` may train these commissions: whoever schedules, or, when an officer does, a
    trainer whose branch holds them all."""
    if scope.everything or trainer_id == scope.person_id:
        return
    if not scope.holds(*OVERSEERS):
        raise Forbidden(_("A trainer schedules the own workshops. Ask an officer to schedule for someone else."))
    places = (
        select(RoleGrant.commission_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.person_id == trainer_id, RoleGrant.role == Role.TRAINER, *works_at(clock.now()))
    )
    covered = select(func.count(func.distinct(CommissionClosure.descendant_id))).where(
        CommissionClosure.ancestor_id.in_(places), CommissionClosure.descendant_id.in_(commission_ids)
    )
    if db.session.scalar(covered) != len(set(commission_ids)):
        raise Forbidden(
            _("This trainer does not train all these commissions. Choose another trainer or fewer commissions.")
        )


def find_organiser_id(scope: Scope, commission_ids: Collection[int]) -> int | None:
    """The nearest commission above (or at) all of these for which the reader may schedule; None when there is none."""
    covering = (
        select(CommissionClosure.ancestor_id)
        .join(Commission, Commission.id == CommissionClosure.ancestor_id)
        .where(CommissionClosure.descendant_id.in_(commission_ids), Commission.level != Level.PEC)
        .group_by(CommissionClosure.ancestor_id)
        .having(func.count() == len(set(commission_ids)))
        .order_by(func.max(CommissionClosure.depth), CommissionClosure.ancestor_id)
    )
    if not scope.everything:
        covering = covering.where(CommissionClosure.ancestor_id.in_(scope.places(*SCHEDULERS)))
    return db.session.scalars(covering.limit(1)).first()


def list_withdrawers(commission_id: int | None) -> tuple[Commission | None, list[Person]]:
    """Who may withdraw the certificates of a commission's members: the nearest commission above it (the central one,
    when none is named) at which somebody has a duty to do so, and who that is."""
    at: tuple[ColumnElement[bool], ...] = (CommissionClosure.descendant_id == commission_id,)
    if commission_id is None:
        at = (CommissionClosure.descendant_id == Commission.id, Commission.level == Level.CEC)
    rows = db.session.execute(
        select(Commission, Person)
        .join(RoleGrant, RoleGrant.commission_id == Commission.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(CommissionClosure, CommissionClosure.ancestor_id == Commission.id)
        .where(
            *at,
            RoleGrant.role.in_(OVERSEERS),
            *works_at(clock.now()),
        )
        .order_by(CommissionClosure.depth, Commission.id, Person.surname, Person.given_name, Person.id)
    ).all()
    nearest = rows[0][0] if rows else None
    return nearest, list(dict.fromkeys(person for commission, person in rows if commission is nearest))


def may_manage(scope: Scope, workshop: Workshop) -> bool:
    """Whether the reader may change the workshop and take its attendance: its own trainer, while still one there, and
    those who look after the commission that organises it."""
    if may_reach(scope, workshop.organiser_id, *OVERSEERS):
        return True
    return workshop.trainer_id == scope.person_id and may_reach(scope, workshop.organiser_id, Role.TRAINER)


def check_may_manage(scope: Scope, workshop: Workshop) -> None:
    """Raise Forbidden unless the reader may change the workshop and take its attendance."""
    if not may_manage(scope, workshop):
        raise Forbidden(
            _("Only the trainer of this workshop and the officers of the commission that organises it may do this.")
        )

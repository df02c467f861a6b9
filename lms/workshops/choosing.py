"""What there is to choose from when a workshop is scheduled: courses, commissions, trainers, time zones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from lms.accounts.models import Account
from lms.campaigns.queries import find_open_campaign
from lms.commissions.models import Commission, CommissionClosure, CommissionName, RoleGrant
from lms.commissions.names import name_of
from lms.commissions.permissions import OVERSEERS, Scope, commissions_in
from lms.commissions.queries import works_at
from lms.commissions.rules import Level, Role
from lms.core import clock
from lms.core.database.base import db
from lms.people.models import Person
from lms.workshops.covering import Covering, find_covering
from lms.workshops.listing import count_members
from lms.workshops.models import Workshop
from lms.workshops.permissions import SCHEDULERS

MOST_SHOWN = 300
"""More commissions than this are narrowed down by typing."""


@dataclass(frozen=True)
class Choice:
    """What the page shows of commissions: the area looked at, and those chosen already elsewhere."""

    areas: list[tuple[int, str]]
    """(id, name indented by depth) of the commissions below which one can look."""
    area_id: int | None
    shown: list[Commission]
    """What can be ticked now."""
    elsewhere: list[Commission]
    """Ticked before, and not among those shown."""
    members: dict[int, int] = field(default_factory=dict)
    """Commission id -> how many people."""
    more: bool = False
    """There are more than can be shown."""
    covering: Covering = field(default_factory=Covering)


def choose(
    scope: Scope,
    *,
    area_id: int | None,
    words: str,
    chosen: Collection[int],
    course_id: int,
    workshop: Workshop | None = None,
) -> Choice:
    """What to show for an area and typed words (a number or part of a name), keeping what is chosen; who waits for a
    workshop is told by the course. `workshop`: the one that is being changed."""
    areas = list_areas(scope)
    if area_id not in {one for one, _name in areas}:
        area_id = areas[0][0] if areas else None
    shown = list_shown(scope, area_id, words) if area_id else []
    shown_ids = {one.id for one in shown}
    elsewhere = _load(scope, set(chosen) - shown_ids)
    named, today = [*shown_ids, *(one.id for one in elsewhere)], clock.today()
    campaign, but = find_open_campaign(), workshop.id if workshop else None
    return Choice(
        areas,
        area_id,
        shown[:MOST_SHOWN],
        elsewhere,
        count_members(named, today),
        len(shown) > MOST_SHOWN,
        find_covering(named, campaign_id=campaign.id, course_id=course_id, but=but) if campaign else Covering(),
    )


def list_areas(scope: Scope) -> list[tuple[int, str]]:
    """The central and territorial commissions of the reader's branches in the order of the tree, names indented."""
    found = db.session.scalars(
        select(Commission)
        .where(
            Commission.level != Level.PEC,
            Commission.closed_on.is_(None),
            Commission.id.in_(commissions_in(scope, *SCHEDULERS)),
        )
        .order_by(Commission.code)
    ).all()
    depths = {one.id: one.code.count("-") for one in found}
    least = min(depths.values(), default=0)
    return [(one.id, "\u2003" * (depths[one.id] - least) + name_of(one)) for one in found]


def list_shown(scope: Scope, area_id: int, words: str) -> list[Commission]:
    """The area itself and its precincts; when words are typed, everything below the area that they fit."""
    below = select(CommissionClosure.descendant_id).where(CommissionClosure.ancestor_id == area_id)
    statement = select(Commission).where(
        Commission.closed_on.is_(None), Commission.id.in_(commissions_in(scope, *SCHEDULERS))
    )
    if words.strip():
        statement = statement.where(Commission.id.in_(below), _fits(words.strip()))
    else:
        own_precincts = (Commission.parent_id == area_id) & (Commission.level == Level.PEC)
        statement = statement.where((Commission.id == area_id) | own_precincts)
    found = db.session.scalars(statement.order_by(Commission.level.desc(), Commission.parent_id, Commission.number))
    return list(found.fetchmany(MOST_SHOWN + 1))


def _fits(words: str) -> ColumnElement[bool]:
    """A number is that of a commission; anything else a part of a name or of a code. (SQLite folds the case of Latin
    letters only, so the usual ways of writing a name are all asked for.)"""
    if words.isdigit() and len(words) < 7:
        return Commission.number == int(words)
    forms = {words, words.capitalize(), words.upper(), words.title()}
    named = or_(*(CommissionName.name.contains(form, autoescape=True) for form in forms))
    holders = select(CommissionName.commission_id).where(named)
    return or_(Commission.id.in_(holders), Commission.code.contains(words.upper(), autoescape=True))


def _load(scope: Scope, commission_ids: Collection[int]) -> list[Commission]:
    if not commission_ids:
        return []
    return list(
        db.session.scalars(
            select(Commission)
            .where(Commission.id.in_(commission_ids), Commission.id.in_(commissions_in(scope, *SCHEDULERS)))
            .order_by(Commission.code)
        )
    )


def list_trainers(scope: Scope) -> list[tuple[int, str]]:
    """Whom the reader may name as trainer: themselves, and for officers the trainers of their branch and above it."""
    own = [(scope.person_id, _shown(db.session.get_one(Person, scope.person_id)))] if scope.person_id else []
    if not scope.holds(*OVERSEERS):
        return own
    above = aliased(CommissionClosure)
    reached = select(above.ancestor_id).where(above.descendant_id.in_(scope.places(*OVERSEERS)))
    rows = db.session.scalars(
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.TRAINER,
            *works_at(clock.now()),
            RoleGrant.commission_id.in_(commissions_in(scope, *OVERSEERS)) | RoleGrant.commission_id.in_(reached),
        )
        .distinct()
        .order_by(Person.surname, Person.given_name, Person.id)
    )
    return own + [(one.id, _shown(one)) for one in rows if one.id != scope.person_id]


def _shown(person: Person) -> str:
    return person.full_name


def list_zones(scope: Scope) -> Sequence[str]:
    """Time zones of the reader's branches; that of the reader's own place first."""
    zones = db.session.execute(
        select(Commission.time_zone, Commission.id).where(Commission.id.in_(commissions_in(scope, *SCHEDULERS)))
    ).all()
    own = scope.places(*SCHEDULERS)
    first = sorted({zone for zone, commission_id in zones if commission_id in own})
    return [*first, *sorted({zone for zone, _id in zones} - set(first))]

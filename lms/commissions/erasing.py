"""Who is protected from erasing by a seat or a role, and by whom members were nominated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from lms.accounts.models import Account
from lms.commissions.models import Appointment, ReserveEntry, RoleGrant
from lms.commissions.queries import not_over_at
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.database.due import count_done

_Account = aliased(Account)
NOMINATED: tuple[type[Appointment | ReserveEntry], ...] = (Appointment, ReserveEntry)
TELL_OF_NOMINATION = (
    "commissions.nomination_corrected",
    "commissions.reserve_entered",
    "commissions.reserve_withdrawn",
)


def holds_seat(person: Any) -> ColumnElement[bool]:
    """A condition: the person with this id (a column) holds a seat now, or waits for one in a reserve."""
    waits = exists().where(
        ReserveEntry.person_id == person, ReserveEntry.ended_on.is_(None), ReserveEntry.valid_until >= clock.today()
    )
    return or_(exists().where(Appointment.person_id == person, Appointment.ends_on.is_(None)), waits)


def holds_role(person: Any) -> ColumnElement[bool]:
    """A condition: the person holds a role, or one that has yet to begin."""
    return _has_grant(person, *not_over_at(clock.now()))


def holds_place(person: Any) -> ColumnElement[bool]:
    """A condition: the person holds a seat or a role (see `holds_seat` and `holds_role`)."""
    return or_(holds_seat(person), holds_role(person))


def left_after(person: Any, moment: Any) -> ColumnElement[bool]:
    """A condition: the person left a seat or lost a role after that moment."""
    seat = exists().where(Appointment.person_id == person, Appointment.ends_on > clock.day_of(moment))
    over = func.coalesce(RoleGrant.revoked_at, RoleGrant.valid_until) > moment
    return or_(seat, _has_grant(person, over))


def _has_grant(person: Any, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(RoleGrant.account_id == _Account.id, _Account.person_id == person, *which)


def is_nominated(person: Any) -> ColumnElement[bool]:
    """A condition: a seat or a place in a reserve of the person with this id (a column) says who nominated them."""
    return or_(*(exists().where(model.person_id == person, model.nominated_by != "") for model in NOMINATED))


def count_nominations(person_ids: Sequence[int]) -> int:
    """How many seats and places in reserves of these people say who nominated them."""
    return sum(
        db.session.scalar(select(func.count()).select_from(model).where(_nominated(model, person_ids))) or 0
        for model in NOMINATED
    )


def erase_nominations(person_ids: Sequence[int]) -> int:
    """Erase who nominated these people; how many seats and places in reserves said so."""
    return sum(
        count_done(update(model).where(_nominated(model, person_ids)).values(nominated_by="")) for model in NOMINATED
    )


def is_nomination_of(person_ids: Sequence[int]) -> ColumnElement[bool]:
    """A condition on entries of the record: a correction of who nominated one of these people, or their way into the
    reserve and out of it, which tell who nominated them and why they left."""
    told = AuditEntry.action.in_(TELL_OF_NOMINATION)
    return and_(told, AuditEntry.details["person"].as_integer().in_(person_ids))


def _nominated(model: type[Appointment | ReserveEntry], person_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(model.person_id.in_(person_ids), model.nominated_by != "")

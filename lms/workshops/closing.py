"""What becomes of the workshops of a campaign that is closed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.sql import ColumnElement

from lms.campaigns.events import CampaignClosed
from lms.campaigns.models import Campaign
from lms.core import clock
from lms.core.audit.actions import record_all
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _, _n
from lms.workshops.models import Attendance, Workshop
from lms.workshops.rules import State

CLOSED = "archived"


@dataclass(frozen=True)
class LeftUndone:
    """What a campaign has not brought to an end."""

    to_come: int
    """Workshops that are not over and at which nobody is ticked."""
    without_attendance: int
    """Workshops held of which nobody has said who came."""


def is_closed(workshop: Workshop) -> bool:
    """Whether the campaign of a workshop is closed."""
    return db.session.scalar(select(Campaign.state).where(Campaign.id == workshop.campaign_id)) == CLOSED


def check_campaign_is_open(workshop: Workshop) -> None:
    """Raise Refused once the campaign of a workshop is closed. It cannot be closed until this transaction ends."""
    held = select(Campaign.state).where(Campaign.id == workshop.campaign_id).with_for_update(read=True)
    if db.session.scalar(held) == CLOSED:
        raise Refused(closed_sentence())


def closed_sentence() -> str:
    """Why nothing is done with a workshop any more."""
    return _("This workshop belongs to a campaign that is closed. What was recorded of it stays as it is.")


def of_open_campaign() -> ColumnElement[bool]:
    """A condition: the workshop belongs to the campaign that is open."""
    return Workshop.campaign_id.in_(select(Campaign.id).where(Campaign.state != CLOSED))


def count_left_undone(campaign_id: int) -> LeftUndone:
    """What closing a campaign now would leave undone."""
    return LeftUndone(_count(_to_come(campaign_id)), _count(_without_attendance(campaign_id)))


def end_workshops(event: CampaignClosed) -> None:
    """Cancel the workshops to come of a campaign that is closed, each with its entry in the record. Refused while
    attendance of some that were held is not taken, unless whoever closes the campaign knows it: afterwards nobody can
    be ticked there."""
    held = _count(_without_attendance(event.campaign_id))
    if held and not event.knowing:
        raise Refused(
            _n(
                "Attendance of 1 workshop is not taken yet, and cannot be taken once the campaign is closed. "
                "Have it taken, or tick that you close without it.",
                "Attendance of %(n)s workshops is not taken yet, and cannot be taken once the campaign is closed. "
                "Have it taken, or tick that you close without it.",
                held,
            )
        )
    coming = _to_come(event.campaign_id)
    ids = db.session.scalars(select(Workshop.id).where(*coming).order_by(Workshop.id)).all()
    if not ids:
        return
    db.session.execute(
        update(Workshop)
        .where(*coming)
        .values(state=State.CANCELLED.value, sequence=Workshop.sequence + 1, changed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    acts = [(f"workshop:{one}", {"campaign": event.campaign_id}) for one in ids]
    record_all("workshops.cancelled", by=event.by, acts=acts)


def _to_come(campaign_id: int) -> tuple[ColumnElement[bool], ...]:
    """Conditions: the workshop is not over, and nobody was seen there yet."""
    seen = select(Attendance.workshop_id).where(Attendance.present)
    return *_scheduled(campaign_id), Workshop.ends_at > clock.now(), Workshop.id.not_in(seen)


def _without_attendance(campaign_id: int) -> tuple[ColumnElement[bool], ...]:
    ticked = select(Attendance.workshop_id)
    return *_scheduled(campaign_id), Workshop.ends_at <= clock.now(), Workshop.id.not_in(ticked)


def _scheduled(campaign_id: int) -> tuple[ColumnElement[bool], ...]:
    return Workshop.campaign_id == campaign_id, Workshop.state == State.SCHEDULED


def _count(conditions: tuple[ColumnElement[bool], ...]) -> int:
    return db.session.scalar(select(func.count(Workshop.id)).where(*conditions)) or 0

"""Whose contacts and which values of the record are due: nobody who has a seat, a role or a campaign that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.assessment.models import Attempt
from lms.assessment.rules import State
from lms.campaigns.models import Campaign
from lms.campaigns.queries import find_open_campaign
from lms.commissions.erasing import erase_nominations, holds_place, holds_role, holds_seat, is_nominated, left_after
from lms.core import clock
from lms.core.audit.erasing import IS_KEPT, erase_origins, erase_values, is_old_origin
from lms.core.audit.models import AuditEntry, AuditOrigin, AuditValue
from lms.core.database.base import db
from lms.core.database.due import DueRows, Keys
from lms.learning.models import Enrolment
from lms.people.erasing import erase_contacts
from lms.people.models import Person
from lms.people.queries import list_entries_of
from lms.workshops.models import Workshop

PERSON = "person:"
_Alias = aliased(Person)


def _has_values() -> ColumnElement[bool]:
    """A condition: something is known of the person that is erased by term."""
    nominated = is_nominated(Person.id)
    return or_(Person.number_encrypted.is_not(None), Person.phone != "", Person.email != "", nominated)


def _in_campaign_after(before: datetime) -> ColumnElement[bool]:
    """A condition: the person takes part in a campaign that is open, or that was closed after that moment."""
    later = or_(Campaign.state == "open", Campaign.closed_on > clock.day_of(before))
    learns = exists().where(Enrolment.person_id == Person.id, Enrolment.campaign_id == Campaign.id, later)
    trains = exists().where(Workshop.trainer_id == Person.id, Workshop.campaign_id == Campaign.id, later)
    return or_(learns, trains)


def _is_protected(before: datetime) -> ColumnElement[bool]:
    """A condition: something about the person began, or ended, after that moment, or goes on."""
    return or_(
        Person.created_at > before,
        holds_place(Person.id),
        left_after(Person.id, before),
        _in_campaign_after(before),
    )


def _is_over(before: datetime) -> ColumnElement[bool]:
    unerased = and_(Person.contacts_erased_at.is_(None), Person.erased_at.is_(None))
    return and_(unerased, _has_values(), ~_is_protected(before))


class DuePeople(DueRows):
    """People whose contacts are due. Entries of one human being are protected together."""

    def erase(self, keys: Keys, before: datetime) -> int:
        """Erase the contacts of those whose term is over still."""
        protected = {one.id for one in _list_joined(keys) if _any_protected(one, before)}
        return super().erase([one for one in keys if one not in protected], before)


def _list_joined(person_ids: Keys) -> Sequence[Person]:
    """Those of these people who have more than one entry; of the others the condition itself says all."""
    into = select(_Alias.id).where(_Alias.merged_into_id == Person.id).exists()
    joined = or_(Person.merged_into_id.is_not(None), into)
    return db.session.scalars(select(Person).where(Person.id.in_(person_ids), joined)).all()


def _any_protected(person: Person, before: datetime) -> bool:
    return _any([one.id for one in list_entries_of(person)], _is_protected(before))


def _erase_contacts(person_ids: Keys) -> int:
    erase_nominations(person_ids)
    return erase_contacts(person_ids)


def _is_old_value(before: datetime) -> ColumnElement[bool]:
    """A condition on AuditValue: its entry was written before that moment and before the open campaign, and not about
    somebody who holds a seat or a role."""
    campaign = find_open_campaign()
    before = min(before, clock.start_of(campaign.called_on)) if campaign else before
    behind = func.substr(AuditEntry.subject, len(PERSON) + 1)
    person: Any = case((AuditEntry.subject.startswith(PERSON), cast(behind, Integer)), else_=0)
    old = exists().where(AuditEntry.id == AuditValue.entry_id, AuditEntry.at <= before, ~holds_place(person))
    return and_(IS_KEPT, old)


PEOPLE = DuePeople(Person.id, _is_over, _erase_contacts)
VALUES = DueRows(AuditValue.id, _is_old_value, erase_values)
ORIGINS = DueRows(AuditOrigin.hash, is_old_origin, erase_origins)


def is_seated(person_ids: Sequence[int]) -> bool:
    """Whether one of these people holds a seat."""
    return _any(person_ids, holds_seat(Person.id))


def has_role(person_ids: Sequence[int]) -> bool:
    """Whether one of these people holds a role, or one that has yet to begin."""
    return _any(person_ids, holds_role(Person.id))


def is_at_test(person_ids: Sequence[int]) -> bool:
    """Whether the time of a test of one of these people runs."""
    runs = Attempt.state == State.OPEN, Attempt.deadline > clock.now()
    return _any(person_ids, exists().where(Attempt.person_id == Person.id, *runs))


def _any(person_ids: Sequence[int], which: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(Person.id).where(Person.id.in_(person_ids), which).limit(1)) is not None

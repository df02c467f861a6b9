"""Note whom officers called."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete

from lms.campaigns.models import Campaign
from lms.commissions.events import AppointmentsEnded, AppointmentsMade, CommissionsChanged, SeatingTakenBack
from lms.commissions.models import Appointment
from lms.commissions.permissions import Scope, check_oversees
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _, day
from lms.home import waiting
from lms.home.calls import find_newest
from lms.home.errors import AlreadyBack, NotSeen
from lms.home.models import ContactAttempt, DeskUnit
from lms.home.rules import LONGEST_WAIT, Outcome, is_news, is_too_late, may_try_on, until_of
from lms.people.models import Person

BATCH = 500


def note_contact(
    *,
    seat: Appointment,
    campaign_id: int,
    outcome: Outcome,
    try_on: date | None = None,
    note: str = "",
    seen: int | None = None,
    by: Scope,
) -> ContactAttempt:
    """Note what came of an attempt to reach the member in a seat. The person stands on the call list again on the day
    that follows from it. Refused for a day on which nobody calls any more. `seen`: the newest attempt that the page
    showed, 0 for none; raises NotSeen where a newer one would be taken back, AlreadyBack where that has been done and
    no note says more."""
    check_oversees(by, seat.commission_id)
    if outcome is Outcome.PUT_BACK:
        _check_put_back(seat.person, seen, note)
    today = clock.today(seat.commission.time_zone)
    if try_on is not None and not may_try_on(try_on, today):
        raise Refused(_("Choose a day from today on, within the next %(n)s days.", n=LONGEST_WAIT.days))
    election_on = db.session.get_one(Campaign, campaign_id).election_on
    if try_on is not None and is_too_late(try_on, election_on):
        raise Refused(
            _(
                "Election day is %(day)s, and after its eve nobody can be trained for it. "
                "Choose an earlier day, or leave the field empty.",
                day=day(election_on),
            )
        )
    made = ContactAttempt(
        campaign_id=campaign_id,
        person_id=seat.person_id,
        commission_id=seat.commission_id,
        by_id=by.account_id,
        at=clock.now(),
        outcome=outcome.value,
        until=until_of(outcome, today=today, try_on=try_on),
        note=note,
    )
    db.session.add(made)
    db.session.flush()
    record("home.contact_noted", by=by, subject=f"person:{seat.person_id}", outcome=outcome.value)
    return made


def _check_put_back(person: Person, seen: int | None, note: str) -> None:
    newest = find_newest(person.id)
    if not is_news(seen, newest):
        return
    if db.session.get_one(ContactAttempt, newest).outcome != Outcome.PUT_BACK:
        raise NotSeen(
            _(
                "Since your page was shown, a call was noted: the first one below. "
                "If the person should stand on the list all the same, save once more."
            )
        )
    if not note:
        raise AlreadyBack(_("%(name)s is on the list again already.", name=person.full_name))


def count_changed(event: AppointmentsMade | AppointmentsEnded | CommissionsChanged | SeatingTakenBack) -> None:
    """Have what waits where people came or went counted again, so that whoever did it sees it on the desk."""
    match event:
        case AppointmentsMade() | AppointmentsEnded():
            waiting.note_changed(one[1] for one in event.appointments)
        case CommissionsChanged() | SeatingTakenBack():
            waiting.note_changed(event.commission_ids)


def forget_removed(event: SeatingTakenBack) -> None:
    """Keep nothing of what waited in commissions that are about to be taken away."""
    for start in range(0, len(event.removed_ids), BATCH):
        part = event.removed_ids[start : start + BATCH]
        db.session.execute(delete(DeskUnit).where(DeskUnit.commission_id.in_(part)))

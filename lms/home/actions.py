"""Note whom officers called."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete

from lms.commissions.events import AppointmentsEnded, AppointmentsMade, CommissionsChanged, SeatingTakenBack
from lms.commissions.models import Appointment
from lms.commissions.permissions import Scope, check_oversees
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.home import waiting
from lms.home.calls import find_newest
from lms.home.errors import NotSeen
from lms.home.models import ContactAttempt, DeskUnit
from lms.home.rules import LONGEST_WAIT, Outcome, is_news, may_try_on, until_of

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
    showed, 0 for none; raises NotSeen where a newer one would be taken back."""
    check_oversees(by, seat.commission_id)
    if outcome is Outcome.PUT_BACK and is_news(seen, find_newest(seat.person_id)):
        raise NotSeen(
            _(
                "Since your page was shown, a call was noted: the first one below. "
                "If the person should stand on the list all the same, save once more."
            )
        )
    today = clock.today(seat.commission.time_zone)
    if try_on is not None and not may_try_on(try_on, today):
        raise Refused(_("Choose a day from today on, within the next %(n)s days.", n=LONGEST_WAIT.days))
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

"""A person whose identity number is corrected stays known in the rosters that were applied under the earlier one, so
that erasing the person finds those rows too."""

from __future__ import annotations

from sqlalchemy import select, update

from lms.core.database.base import db
from lms.people.events import NumberCorrected
from lms.rosters.models import RosterImport, RosterRow
from lms.rosters.states import ImportState


def follow_number(event: NumberCorrected) -> None:
    """Have the rows that were applied under the earlier number be of the number that holds now. A row with a problem
    was left out, and may be of whoever the earlier number really is."""
    if not event.before:
        return
    applied = select(RosterImport.id).where(RosterImport.state == ImportState.APPLIED)
    theirs = RosterRow.import_id.in_(applied), RosterRow.number_hash == event.before, RosterRow.problem == ""
    db.session.execute(update(RosterRow).where(*theirs).values(number_hash=event.after))

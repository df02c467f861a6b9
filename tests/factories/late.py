"""Members who come, or come back, in the last days before the election."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms.accounts.models import Account
from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Appointment
from lms.core import clock
from lms.core.database.base import db
from tests.factories.commissions import Country, make_member, seat
from tests.factories.progress import do
from tests.factories.seats import replaced


def came_back(country: Country, *done: str) -> Account:
    """A member who left with these activities of the long course done, and is back three days before the election."""
    campaign = get_open_campaign()
    campaign.election_on = clock.today() + timedelta(days=30)
    member = make_member(country.precinct)
    do(member, *done)
    left = replaced(member)
    earlier = db.session.scalars(select(Appointment).where(Appointment.person_id == member.person_id)).one()
    for one in (earlier, left):
        one.starts_on -= timedelta(days=20)
    earlier.ends_on = left.starts_on
    campaign.election_on = clock.today() + timedelta(days=3)
    db.session.flush()
    seat(member.person, country.second_precinct)
    return member

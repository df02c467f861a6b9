"""Notes of a supervisor are erased with the person; what was remarked, and on whom else, stays."""

from __future__ import annotations

from sqlalchemy import select

from lms.assessment.actions import submit_attempt
from lms.commissions.actions import end_appointments
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_seat_of
from lms.core import clock
from lms.core.database.base import db
from lms.retention.erasing import erase_person, look_at
from lms.sittings.actions import remark
from lms.sittings.models import SittingRemark
from tests.factories.assessment import make_learner
from tests.factories.commissions import scope
from tests.factories.sittings import begin, make_room
from tests.factories.workshops import Setting


def test_notes_are_erased_with_the_person_and_only_theirs(setting: Setting) -> None:
    room = make_room(setting)
    leaving, staying = (make_learner(setting.country.precinct, setting.version) for _ in range(2))
    for one in (leaving, staying):
        attempt = begin(one, room)
        remark(sitting=room, attempt=attempt, kind="other", note="Slept.", by=scope(setting.trainer))
        submit_attempt(attempt=attempt, by=scope(one[0]))
    person = leaving[0].person
    seat = find_seat_of(person.id)
    assert seat is not None
    end_appointments(appointments=[seat], on=clock.today(), by=SYSTEM)
    assert look_at(person).goes["disputes"] == 1
    erase_person(person=person, reason="They asked for it in writing", by=scope(setting.country.head))
    rows = db.session.execute(select(SittingRemark.kind, SittingRemark.note).order_by(SittingRemark.id)).all()
    assert rows == [("other", ""), ("other", "Slept.")]

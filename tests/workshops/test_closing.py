"""A campaign is closed: its workshops take no attendance, those to come are cancelled, lists leave them out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.campaigns.models import Campaign
from lms.campaigns.queries import get_open_campaign
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.home.today import list_without_attendance, list_workshops_today
from lms.learning.carrying import NextElection, open_next_campaign
from lms.workshops import actions, queries
from lms.workshops.attendance import record_attendance
from lms.workshops.closing import count_left_undone
from lms.workshops.models import Attendance, Workshop
from lms.workshops.rules import State
from tests.conftest import Client
from tests.factories.commissions import make_member, make_officer, scope, sign_in_as
from tests.factories.workshops import Setting, here, make_setting, make_workshop, make_workshop_today, plan_of

CLOSED = "belongs to a campaign that is closed"


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country, a course, a trainer."""
    return make_setting()


def close(*, knowing: bool = False) -> Campaign:
    """The campaign of the setting is over and closed, and the next one is open; the former."""
    before, today = get_open_campaign(), clock.today()
    before.called_on, before.election_on = today - timedelta(days=60), today - timedelta(days=1)
    election = NextElection("next", {"en": "Next"}, today, today + timedelta(days=60))
    open_next_campaign(before=before, election=election, knowing=knowing, by=SYSTEM)
    return before


def test_a_closed_campaign_takes_no_attendance(setting: Setting) -> None:
    first, second = make_member(setting.country.precinct), make_member(setting.country.precinct)
    workshop = make_workshop_today(setting)
    record_attendance(workshop=workshop, marks=[here(first)], by=scope(setting.trainer))
    close()
    for mark in (here(second), here(first, present=False)):
        with pytest.raises(Refused, match=CLOSED):
            record_attendance(workshop=workshop, marks=[mark], by=scope(setting.trainer))
    assert [(one.person_id, one.present) for one in db.session.scalars(select(Attendance))] == [(first.person_id, True)]


def test_closing_cancels_what_is_to_come_with_an_entry_each(setting: Setting) -> None:
    held = make_workshop_today(setting)
    record_attendance(workshop=held, marks=[here(make_member(setting.country.precinct))], by=scope(setting.trainer))
    coming = [make_workshop(setting, day=clock.today() + timedelta(days=days)) for days in (3, 4)]
    called_off = make_workshop(setting, day=clock.today() + timedelta(days=5))
    actions.cancel_workshop(workshop=called_off, by=scope(setting.trainer))
    sequences = [one.sequence for one in coming]
    before = close()
    assert [one.state for one in (held, *coming)] == [State.SCHEDULED, State.CANCELLED, State.CANCELLED]
    assert [one.sequence for one in coming] == [one + 1 for one in sequences], "calendars see it"
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "workshops.cancelled")).all()
    assert sorted(one.subject for one in entries if one.details) == sorted(f"workshop:{one.id}" for one in coming)
    assert len(entries) == 3
    assert count_left_undone(before.id).to_come == 0


def test_attendance_not_taken_keeps_a_campaign_open_unless_it_is_known(setting: Setting) -> None:
    make_workshop_today(setting)
    with pytest.raises(Refused, match="Attendance of 1 workshop is not taken yet"):
        close()
    db.session.rollback()
    setting = make_setting()
    make_workshop_today(setting)
    assert count_left_undone(get_open_campaign().id).without_attendance == 1
    assert close(knowing=True).state == "archived"


def test_nothing_else_is_done_with_a_workshop_of_a_closed_campaign(setting: Setting) -> None:
    member, by = make_member(setting.country.precinct), scope(setting.country.head)
    workshop = make_workshop(setting)
    close()
    workshop.state = State.SCHEDULED
    with pytest.raises(Refused, match=CLOSED):
        actions.cancel_workshop(workshop=workshop, by=by)
    with pytest.raises(Refused, match=CLOSED):
        actions.change_workshop(workshop=workshop, plan=plan_of(setting, seats=40), by=by)
    with pytest.raises(Refused, match=CLOSED):
        actions.give_seat(workshop=workshop, person=member.person, by=by)


def test_lists_hold_the_workshops_of_the_open_campaign(setting: Setting) -> None:
    make_member(setting.country.precinct)
    held, coming = make_workshop_today(setting), make_workshop(setting)
    reader, now = scope(setting.country.head), clock.now()
    assert list_without_attendance(reader) == [held]
    close(knowing=True)
    coming.state = State.SCHEDULED
    coming.starts_at, coming.ends_at = now, now + timedelta(hours=2)
    db.session.flush()
    assert queries.list_workshops(reader, past=False, now=now) == []
    assert queries.count_workshops(reader, past=False, now=now) == 0
    assert set(queries.list_workshops(reader, past=True, now=now)) == {held, coming}
    assert list_without_attendance(reader) == []
    assert list_workshops_today(reader) == []


def test_pages_of_a_workshop_say_that_its_campaign_is_closed(setting: Setting, client: Client) -> None:
    workshop = make_workshop_today(setting)
    make_member(setting.country.precinct)
    close(knowing=True)
    sign_in_as(client, make_officer(setting.country.district))
    address = f"/en/workshops/{workshop.id}"
    for page in (client.get(address), client.get(f"{address}/attendance")):
        assert page.status_code == 200
        assert CLOSED in page.text
        assert "Take attendance" not in page.text
        assert "Save the ticks" not in page.text
    assert client.get(f"{address}/change").status_code == 422
    sent = {"sent_at": clock.now().isoformat(), "marks": []}
    assert CLOSED in client.post(f"{address}/attendance/marks", json=sent).json["sentence"]
    assert db.session.scalars(select(Workshop.state).where(Workshop.id == workshop.id)).one() == State.SCHEDULED

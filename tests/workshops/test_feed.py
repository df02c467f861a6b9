"""The calendar feed, read back and checked as calendars check it."""

from __future__ import annotations

from datetime import time

import pytest
from flask import Flask
from icalendar import Calendar

from lms.accounts.models import Account
from lms.core import clock
from lms.workshops import actions
from lms.workshops.feed import calendar_of
from tests.conftest import Client
from tests.factories.commissions import make_member, scope
from tests.factories.workshops import Setting, make_setting, make_workshop, plan_of

LONG = "№ 3 мектеп, мәжіліс залы; кіреберіс аула жағынан, екінші қабат, 214-бөлме \\ сол жақта"


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country, a course, a trainer."""
    return make_setting()


@pytest.fixture
def member(setting: Setting) -> Account:
    """A member of the precinct."""
    return make_member(setting.country.precinct, language="kk")


def feed_of(account: Account) -> bytes:
    """The person's feed."""
    return calendar_of(account.person_id, account.person.language, clock.now())


def test_lines_are_short_and_end_as_the_standard_asks(setting: Setting, member: Account) -> None:
    make_workshop(setting, place=LONG)
    content = feed_of(member)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert any(line.startswith(b" ") for line in lines)
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    assert event["LOCATION"] == LONG
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY"):
        assert name in event
    assert event.start.utcoffset().total_seconds() == 0
    assert (event.end - event.start).total_seconds() == 7200
    assert b"PRODID" in content


def test_a_change_keeps_the_uid_and_raises_the_sequence(setting: Setting, member: Account) -> None:
    workshop = make_workshop(setting)
    before = Calendar.from_ical(feed_of(member)).walk("VEVENT")[0]
    actions.change_workshop(workshop=workshop, plan=plan_of(setting, starts=time(16)), by=scope(setting.trainer))
    changed = Calendar.from_ical(feed_of(member)).walk("VEVENT")[0]
    assert changed["UID"] == before["UID"]
    assert (before["SEQUENCE"], changed["SEQUENCE"]) == (0, 1)
    assert changed["DTSTAMP"].dt >= before["DTSTAMP"].dt
    actions.cancel_workshop(workshop=workshop, by=scope(setting.trainer))
    cancelled = Calendar.from_ical(feed_of(member)).walk("VEVENT")[0]
    assert (cancelled["STATUS"], cancelled["SEQUENCE"], cancelled["UID"]) == ("CANCELLED", 2, before["UID"])


def test_only_the_own_workshops_in_the_own_language(setting: Setting, member: Account) -> None:
    make_workshop(setting)
    other = make_member(setting.country.second_precinct)
    assert Calendar.from_ical(feed_of(other)).walk("VEVENT") == []
    assert len(Calendar.from_ical(feed_of(setting.trainer)).walk("VEVENT")) == 1
    address = str(Calendar.from_ical(feed_of(member)).walk("VEVENT")[0]["URL"])
    assert address.startswith("http://localhost/kk/workshops/")


def test_the_feed_is_public_by_its_key_alone(setting: Setting, member: Account, client: Client) -> None:
    make_workshop(setting)
    key = actions.renew_calendar_key(person_id=member.person_id, by=scope(member)).key
    response = client.get(f"/calendar/{key}.ics")
    assert response.status_code == 200
    assert response.mimetype == "text/calendar"
    assert response.headers["X-Robots-Tag"] == "noindex"
    again = client.get(f"/calendar/{key}.ics", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/calendar/{key[:-1]}.ics").status_code == 404
    assert client.get("/calendar/x.ics").status_code == 404

"""Pages of campaigns: side by side, the rules, closing one and opening the next; who is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.actions import issue_code
from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Appointment
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.commissions.slips import slip_expiry
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.curriculum.queries import find_newest_version, get_course
from lms.people.vault import seal_text
from tests.conftest import Client
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course
from tests.factories.progress import finish
from tests.factories.seats import seat_of
from tests.factories.workshops import Setting, make_workshop

ADDRESSES = ("/en/campaigns", "/en/campaigns/1", "/en/campaigns/rules", "/en/campaigns/next")


@pytest.fixture
def country(app: Flask, client: Client) -> Country:
    """The small cascade after its election; its administrator is signed in."""
    country = make_country()
    make_course()
    finish(make_member(country.precinct))
    make_member(country.precinct)
    get_open_campaign().election_on = clock.today() - timedelta(days=1)
    get_open_campaign().called_on = clock.today() - timedelta(days=60)
    country.head.totp_encrypted = seal_text("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    sign_in_as(client, country.head)
    return country


def sent(**changes: Any) -> dict[str, Any]:
    """What the form of the next campaign sends."""
    today = clock.today()
    known = {
        "code": "kz-2029",
        "kk": "Сайлау",
        "ru": "Выборы",
        "en": "Next election",
        "called_on": today.isoformat(),
        "election_on": (today + timedelta(days=60)).isoformat(),
        "sure": "y",
    }
    return {**known, **changes}


def test_campaigns_stand_side_by_side(client: Client, country: Country) -> None:
    assert client.post("/en/campaigns/next", data=sent()).status_code == 302
    page = client.get("/en/campaigns").text
    assert "Next election" in page
    assert "archived" in page
    cells = [part.split("<")[0] for part in page.split('data-label="Finished">')[1:]]
    assert cells == ["0", "1"]


def test_a_closed_campaign_is_read_by_region_and_course(client: Client, country: Country) -> None:
    before = get_open_campaign()
    make_member(country.sister_region)
    gone = seat_of(make_member(country.precinct))
    gone.starts_on, gone.ends_on = before.called_on, before.election_on
    for held in db.session.scalars(select(Appointment).where(Appointment.ends_on.is_(None))):
        held.starts_on = before.called_on
    assert client.post("/en/campaigns/next", data=sent()).status_code == 302
    page = client.get("/en/campaigns")
    assert f'href="/en/campaigns/{before.id}"' in page.text
    page = client.get(f"/en/campaigns/{before.id}")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    assert "Mangystau region 2 1 0" in words
    assert "Atyrau region 1 0 0" in words
    assert "without a seat on that day 1 0 0" in words
    assert "Small course (en) 4 1 0" in words
    assert "Closed on" in words
    assert client.get("/en/campaigns/99").status_code == 404


def test_the_rules_are_kept(client: Client, country: Country) -> None:
    course = get_course("small")
    data = rules(percent="67", counts=[str(course.id)])
    assert client.post("/en/campaigns/rules", data=data).status_code == 302
    assert get_open_campaign().ready_percent == 67
    assert get_course("small").counts_again
    page = client.post("/en/campaigns/rules", data=rules(percent="0"))
    assert page.status_code == 422
    assert "from 1 to 100" in page.text
    assert get_open_campaign().ready_percent == 67


def test_the_election_is_moved(client: Client, country: Country) -> None:
    before = get_open_campaign().election_on
    moved = clock.today() + timedelta(days=7)
    confirmed = rules(election_on=moved.isoformat(), moves_to=moved.isoformat())
    page = client.post("/en/campaigns/rules", data=confirmed, follow_redirects=True)
    assert "Print new ones" in page.text
    assert get_open_campaign().election_on == moved
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "campaigns.election_day_set"
    assert entry.details == {"before": before.isoformat(), "after": moved.isoformat()}
    page = client.post("/en/campaigns/rules", data=rules(), follow_redirects=True)
    assert "Print new ones" not in page.text


def test_moving_the_election_is_asked_with_what_it_touches(client: Client, country: Country) -> None:
    today = clock.today()
    before, moved = today + timedelta(days=20), today + timedelta(days=7)
    get_open_campaign().election_on = before
    issue_code(account=make_member(country.second_precinct), expires_at=slip_expiry(), by=SYSTEM)
    issue_code(account=make_member(country.second_precinct), expires_at=clock.now() + timedelta(days=50), by=SYSTEM)
    setting = Setting(
        country, find_newest_version(get_course("small").id), make_officer(country.district, Role.TRAINER)
    )
    for days in (6, 7):
        make_workshop(setting, day=today + timedelta(days=days))
    asked = client.post("/en/campaigns/rules", data=rules(election_on=moved.isoformat(), percent="67"))
    assert asked.status_code == 200
    assert (get_open_campaign().election_on, get_open_campaign().ready_percent) == (before, 100)
    told = [part.split("<")[0].strip() for part in asked.text.split("<dd>")[1:]]
    assert told[2:4] == ["1", "1"]
    completion = client.get(f"/en/completion/{country.central.id}").text
    assert told[4], "the forecast as it stands"
    assert told[4] in completion, "in the words of the page of completion"
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked.text))
    assert (kept["percent"], kept["moves_to"]) == ("67", moved.isoformat())
    back = client.post("/en/campaigns/rules", data={**kept, "back": "1"})
    assert f'value="{moved.isoformat()}"' in back.text
    assert 'value="67"' in back.text
    another = {**kept, "election_on": (moved + timedelta(days=1)).isoformat()}
    assert "Move the election?" in client.post("/en/campaigns/rules", data=another).text
    assert client.post("/en/campaigns/rules", data=kept).status_code == 302
    assert (get_open_campaign().election_on, get_open_campaign().ready_percent) == (moved, 67)


@pytest.mark.parametrize(
    ("election_on", "sentence"),
    [("", "Choose the day"), ("2000-01-01", "This day is over"), ("2099-01-01", "more than two years ahead")],
)
def test_a_day_that_cannot_be_changes_nothing(
    client: Client, country: Country, election_on: str, sentence: str
) -> None:
    before = get_open_campaign().election_on
    page = client.post("/en/campaigns/rules", data=rules(election_on=election_on, percent="12"))
    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="12"' in page.text, "what was typed stays"
    db.session.expire_all()
    assert (get_open_campaign().election_on, get_open_campaign().ready_percent == 12) == (before, False)


def rules(**changes: Any) -> dict[str, Any]:
    """What the form of the rules sends."""
    campaign = get_open_campaign()
    return {"election_on": campaign.election_on.isoformat(), "percent": str(campaign.ready_percent), **changes}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "test"}, "already"),
        ({"code": "Кз"}, "Small Latin letters"),
        ({"kk": ""}, "in all three languages"),
        ({"election_on": ""}, "Choose the day"),
        ({"election_on": "2000-01-01"}, "This day is over"),
        ({"election_on": "2099-01-01"}, "more than two years ahead"),
        ({"called_on": "2098-01-01"}, "This day is yet to come"),
        ({"sure": ""}, "Tick this"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_closed(
    client: Client, country: Country, changes: dict[str, Any], sentence: str
) -> None:
    data = {name: value for name, value in sent(**changes).items() if value}
    page = client.post("/en/campaigns/next", data=data)
    assert page.status_code == 422
    assert sentence in page.text
    assert get_open_campaign().code == "test"


@pytest.mark.parametrize(
    ("days", "sentence"), [(1, "is yet to come. Close the campaign after it."), (0, "The election is today")]
)
def test_until_election_day_is_over_it_stays_open(client: Client, country: Country, days: int, sentence: str) -> None:
    get_open_campaign().election_on = clock.today() + timedelta(days=days)
    db.session.flush()
    page = client.get("/en/campaigns/next")
    assert page.status_code == 200
    assert sentence in page.text
    assert '<form method="post" novalidate' not in page.text
    assert client.post("/en/campaigns/next", data=sent()).status_code == 422
    assert get_open_campaign().code == "test"


def test_everything_that_is_wrong_is_said_at_once(client: Client, country: Country) -> None:
    page = client.post("/en/campaigns/next", data=sent(code="test", election_on="2020-01-01", called_on="x", kk=""))
    assert page.status_code == 422
    for sentence in ("already", "This day is over", "This is no date", "in all three languages"):
        assert page.text.count(sentence) >= 2, sentence  # in the list on top, and at its field
    later = (clock.today() + timedelta(days=90)).isoformat()
    page = client.post("/en/campaigns/next", data=sent(called_on=later, election_on=later))
    assert 'id="called_on-wrong">This day is yet to come' in page.text
    assert 'id="election_on-wrong">The election is later than the day' in page.text


def test_closing_is_asked_with_what_is_still_open(client: Client, country: Country) -> None:
    campaign = get_open_campaign()
    campaign.election_on = clock.today() + timedelta(days=9)
    trainer = make_officer(country.district, Role.TRAINER)
    setting = Setting(country, find_newest_version(get_course("small").id), trainer)
    held, coming = (make_workshop(setting, day=clock.today() + timedelta(days=days)) for days in (-1, 2))
    campaign.election_on = clock.today() - timedelta(days=1)
    page = client.get("/en/campaigns/next").text
    assert "1 workshop is still to come. Closing cancels it" in page
    assert "Attendance of 1 workshop held is not taken." in page
    refused = client.post("/en/campaigns/next", data=sent())
    assert refused.status_code == 422
    assert "Attendance of 1 workshop is not taken yet" in refused.text
    db.session.expire_all()
    assert (campaign.state, coming.state) == ("open", "scheduled")
    assert client.post("/en/campaigns/next", data=sent(knowing="y")).status_code == 302
    assert (campaign.state, held.state, coming.state) == ("archived", "scheduled", "cancelled")


@pytest.mark.parametrize("address", ADDRESSES)
def test_others_find_nothing_there(client: Client, country: Country, address: str) -> None:
    for account in (
        make_officer(country.region),
        make_officer(country.central, Role.METHODOLOGIST),
        make_member(country.precinct),
    ):
        sign_in_as(client, account)
        assert client.get(address).status_code == 404

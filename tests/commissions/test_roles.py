"""Roles: given downwards, for a time, never to oneself; what is wrong is refused and stays typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import Account
from lms.commissions import actions, queries, terms
from lms.commissions.actions import grant_role, revoke_role
from lms.commissions.models import Commission, RoleGrant
from lms.commissions.permissions import scope_of
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from tests.conftest import Client
from tests.factories.commissions import (
    SYSTEM,
    Country,
    make_account,
    make_country,
    make_member,
    make_officer,
    sign_in_as,
)

NOON = datetime(2026, 11, 8, 7, tzinfo=UTC)
"""Noon in the capital."""
TODAY = date(2026, 11, 8)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """The clock stands still."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def give(account: Account, where: Commission, by: Account, role: Role = Role.TRAINER, **days: Any) -> RoleGrant:
    """Give a role."""
    return grant_role(account=account, role=role, commission=where, by=scope_of(by), **days)


def test_an_officer_gives_no_role_of_their_own_height(app: Flask) -> None:
    country = make_country()
    officer, other = make_officer(country.region), make_member(country.precinct)
    for role in (Role.TERRITORIAL_OFFICER, Role.REPORTING_OFFICER, Role.AUDITOR):
        with pytest.raises(Forbidden):
            give(other, country.region, officer, role)
    give(other, country.district, officer, Role.TERRITORIAL_OFFICER)
    give(other, country.district, officer, Role.REPORTING_OFFICER)
    with pytest.raises(Forbidden):
        give(other, country.district, officer, Role.AUDITOR)
    give(other, country.district, country.head, Role.AUDITOR)


def test_nobody_gives_themselves_a_role(app: Flask) -> None:
    country = make_country()
    officer = make_officer(country.region)
    with pytest.raises(Forbidden, match="Nobody gives themselves a role"):
        give(officer, country.district, officer)
    with pytest.raises(Forbidden, match="Nobody gives themselves a role"):
        give(country.head, country.central, country.head, Role.METHODOLOGIST)


def test_no_role_is_given_at_a_closed_commission_or_to_an_account_that_is_shut(app: Flask) -> None:
    country = make_country()
    shut = make_account()
    shut.disabled_at = clock.now()
    with pytest.raises(Refused, match="shut"):
        give(shut, country.district, country.head)
    country.district.closed_on = clock.today()
    with pytest.raises(Refused, match="closed"):
        give(make_account(), country.district, country.head)


def test_a_role_works_from_its_first_day_to_the_end_of_its_last(app: Flask, noon: time_machine.Traveller) -> None:
    country = make_country()
    country.district.time_zone = "Asia/Aqtau"  # UTC+5
    trainer = make_account()
    give(trainer, country.district, country.head, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=2))
    begins, ends = datetime(2026, 11, 8, 19, tzinfo=UTC), datetime(2026, 11, 10, 19, tzinfo=UTC)
    works = []
    for moment in (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends):
        noon.move_to(moment)
        works.append(bool(scope_of(trainer).grants))
    assert works == [False, True, True, False]


def test_the_same_days_change_nothing_and_others_take_their_place(app: Flask, noon: time_machine.Traveller) -> None:
    country = make_country()
    trainer, last = make_account(), TODAY + timedelta(days=3)
    first = give(trainer, country.district, country.head, last=last)
    assert give(trainer, country.district, country.head, last=last) is first
    noon.shift(timedelta(days=1))
    assert give(trainer, country.district, country.head, last=last) is first
    longer = give(trainer, country.district, country.head)
    assert longer is not first
    assert (first.revoked_at, longer.valid_until) == (clock.now(), None)
    assert queries.list_all_grants(country.district.id) == [longer]


def test_what_is_over_can_be_given_again(app: Flask, noon: time_machine.Traveller) -> None:
    country = make_country()
    trainer = make_account()
    give(trainer, country.district, country.head, last=TODAY)
    noon.shift(timedelta(days=2))
    assert queries.list_grants(country.district.id) == []
    give(trainer, country.district, country.head)
    assert scope_of(trainer).grants == {(Role.TRAINER, country.district.id)}


def test_an_administrator_for_good_always_stays(app: Flask) -> None:
    country = make_country()
    second, tomorrow = make_account(), clock.today() + timedelta(days=1)
    admin = Role.CEC_ADMINISTRATOR
    give(second, country.central, country.head, admin, last=tomorrow)
    for act in (
        lambda: revoke_role(account=country.head, role=admin, commission=country.central, by=scope_of(country.head)),
        lambda: grant_role(account=country.head, role=admin, commission=country.central, by=SYSTEM, last=tomorrow),
    ):
        with pytest.raises(Refused, match="last CEC administrator"):
            act()
    give(second, country.central, country.head, admin)
    revoke_role(account=country.head, role=admin, commission=country.central, by=scope_of(second))


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"granted_by_id": "account_id"},
        {"valid_from": NOON, "valid_until": NOON},
        {"valid_from": NOON, "valid_until": NOON - timedelta(days=1)},
    ],
)
def test_the_database_forbids_roles_that_cannot_be(app: Flask, wrong: dict[str, Any]) -> None:
    country = make_country()
    account = make_account()
    row = {"account_id": account.id, "role": "trainer", "commission_id": country.district.id, "granted_at": NOON}
    wrong = {name: row.get(value, value) if isinstance(value, str) else value for name, value in wrong.items()}
    db.session.add(RoleGrant(**{**row, **wrong}))
    with pytest.raises(IntegrityError):
        db.session.flush()


def rows_of(account: Account) -> int:
    """How many grants an account has ever had."""
    return len(db.session.scalars(select(RoleGrant.id).where(RoleGrant.account_id == account.id)).all())


def test_roles_work_and_end_between_two_requests_of_one_session(
    app: Flask, client: Client, noon: time_machine.Traveller
) -> None:
    country = make_country()
    account = make_officer(country.sister_district, Role.TRAINER)
    sign_in_as(client, account)
    address = f"/en/commissions/{country.district.id}"
    assert client.get(address).status_code == 404
    give(account, country.district, country.head, Role.REPORTING_OFFICER, last=TODAY)
    assert client.get(address).status_code == 200
    revoke_role(account=account, role=Role.REPORTING_OFFICER, commission=country.district, by=scope_of(country.head))
    assert client.get(address).status_code == 404
    give(account, country.district, country.head, Role.REPORTING_OFFICER, last=TODAY)
    assert client.get(address).status_code == 200
    noon.move_to(datetime(2026, 11, 8, 19, tzinfo=UTC))
    assert client.get(address).status_code == 404


WRONG = {
    "unknown": ({"role": "king"}, "Choose one from the list"),
    "upward": ({"role": "cec_administrator"}, "Choose one from the list"),
    "sideways": ({"role": "territorial_officer"}, "Choose one from the list"),
    "no login": ({"login": ""}, "Type the login"),
    "nobody": ({"login": "99999999"}, "no account with this login in your branch"),
    "of elsewhere": ({"login": "stranger"}, "no account with this login in your branch"),
    "no date": ({"last": "tomorrow"}, "This is no date"),
    "begun": ({"first": "2026-11-07"}, "The first day is over"),
    "over": ({"last": "2026-11-07"}, "The last day is over"),
    "turned": ({"first": "2026-11-20", "last": "2026-11-10"}, "lies before the first"),
    "long": ({"last": "9999-12-31"}, "more than ten years"),
    "oneself": ({"login": "officer"}, "Nobody gives themselves a role"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_stays_typed(
    app: Flask, client: Client, noon: time_machine.Traveller, name: str
) -> None:
    country = make_country()
    member, officer = make_member(country.precinct), make_officer(country.district)
    officer.login = "officer"
    make_member(country.sister_district, surname="Чужакова").login = "stranger"
    sign_in_as(client, officer)
    changed, sentence = WRONG[name]
    typed = {"role": "trainer", "login": member.login, "first": "2026-11-09", "last": "2026-11-29", **changed}
    answer = client.post(f"/en/commissions/{country.district.id}/roles", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert answer.text.index("error-summary") < answer.text.index("<table"), "above the list, where it is seen"
    assert all(f'value="{typed[field]}"' in answer.text for field in ("login", "first", "last"))
    assert rows_of(member) == 0
    assert "Чужакова" not in answer.text


def test_officers_name_only_people_of_their_branch(app: Flask) -> None:
    """Members, and holders of a role that works or has yet to begin; the central commission names everybody."""
    country = make_country()
    officer, stranger = make_officer(country.district), make_member(country.sister_district)
    give(make_member(country.precinct), country.district, officer)
    with pytest.raises(Refused, match="in your branch"):
        give(stranger, country.district, officer)
    give(stranger, country.district, country.head, Role.REPORTING_OFFICER, first=clock.today() + timedelta(days=3))
    give(stranger, country.district, officer)
    assert rows_of(stranger) == 2


def test_a_closed_commission_says_so(app: Flask, client: Client) -> None:
    country, member = closed_country()
    sign_in_as(client, country.head)
    data = {"role": "trainer", "login": member.login}
    answer = client.post(f"/en/commissions/{country.district.id}/roles", data=data)
    assert (answer.status_code, "This commission is closed" in answer.text) == (422, True)
    page = client.get(f"/en/commissions/{country.district.id}/roles").text
    assert "Give the role" not in page
    assert "Nobody holds a role at this commission." in page


def closed_country() -> tuple[Country, Account]:
    """A country whose first district is closed, and a member."""
    country = make_country()
    member = make_member(country.precinct)
    country.head.totp_encrypted = make_officer(country.region).totp_encrypted
    country.district.closed_on = clock.today()
    return country, member


def test_the_page_tells_from_when_to_when(app: Flask, client: Client, noon: time_machine.Traveller) -> None:
    country = make_country()
    member = make_member(country.precinct)
    sign_in_as(client, make_officer(country.region))
    address = f"/en/commissions/{country.district.id}/roles"
    data = {"role": "reporting_officer", "login": member.login, "first": "2026-11-09", "last": "2026-11-10"}
    question = client.post(address, data=data).text
    assert all(f'value="{data[field]}"' in question for field in data)
    assert "10 November 2026, the whole day" in question
    assert client.post(address, data={**data, "sure": "1"}).status_code == 302
    for moment, said in ((8, "does not work yet"), (9, ""), (11, "is over")):
        noon.move_to(datetime(2026, 11, moment, 7, tzinfo=UTC))
        page = client.get(address).text
        assert "9 November 2026" in page
        assert "10 November 2026, the whole day" in page
        assert [words in page for words in ("does not work yet", "is over")] == [
            words == said for words in ("does not work yet", "is over")
        ]


def test_an_auditor_reads_who_holds_what_and_is_offered_nothing(app: Flask, client: Client) -> None:
    country = make_country()
    trainer = make_officer(country.district, Role.TRAINER)
    sign_in_as(client, make_officer(country.region, Role.AUDITOR))
    address = f"/en/commissions/{country.district.id}/roles"
    page = client.get(address).text
    assert trainer.login in page
    assert '<form method="post" class="panel"' not in page
    assert client.post(address, data={"role": "trainer", "login": trainer.login}).status_code == 404
    held = {"role": "trainer", "account": trainer.id}
    assert client.get(f"{address}/revoke", query_string=held).status_code == 404
    assert client.post(f"{address}/revoke", data=held).status_code == 404
    sign_in_as(client, make_officer(country.region, Role.REPORTING_OFFICER))
    assert client.get(address).status_code == 404


def test_a_role_that_the_database_refuses_is_said_and_not_given(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the giver's own role is taken in the same moment: the rule has seen it still."""
    country = make_country()
    officer, other = make_officer(country.region), make_member(country.precinct)
    monkeypatch.setattr(actions, "check_may_grant", lambda _scope, _role, _place: None)
    with pytest.raises(Forbidden, match="just been changed"):
        give(other, country.sister_region, officer)
    assert queries.list_grants(country.sister_region.id) == []


def test_a_role_that_works_is_not_put_off(app: Flask, client: Client, noon: time_machine.Traveller) -> None:
    """It would end at once: whoever gives it again changes its last day only."""
    country, trainer = make_country(), make_account()
    held = give(trainer, country.district, country.head)
    with pytest.raises(Refused, match="works now"):
        give(trainer, country.district, country.head, first=TODAY + timedelta(days=5))
    assert scope_of(trainer).grants == {(Role.TRAINER, country.district.id)}
    assert queries.list_all_grants(country.district.id) == [held]
    country.head.totp_encrypted = make_officer(country.region).totp_encrypted
    sign_in_as(client, country.head)
    data = {"role": "trainer", "login": trainer.login, "first": "2026-11-20", "sure": "1"}
    for typed in (data, {**data, "sure": ""}):
        page = client.post(f"/en/commissions/{country.district.id}/roles", data=typed)
        assert page.status_code == 422
        assert "holds this role here and it works now" in page.text
    assert rows_of(trainer) == 1


def test_giving_again_changes_the_last_day_and_keeps_the_first(app: Flask, noon: time_machine.Traveller) -> None:
    country, trainer = make_country(), make_account()
    given = give(trainer, country.district, country.head, last=TODAY + timedelta(days=5))
    noon.shift(timedelta(days=2))
    for last in (TODAY + timedelta(days=9), TODAY + timedelta(days=3), None):
        changed = give(trainer, country.district, country.head, first=TODAY + timedelta(days=2), last=last)
        assert changed.valid_from == given.granted_at
        assert terms.days_of(changed, country.district.time_zone) == (TODAY, last)
        assert scope_of(trainer).grants == {(Role.TRAINER, country.district.id)}
        assert queries.list_all_grants(country.district.id) == [changed]


AGAIN = {
    "longer": ({"last": "2026-11-10"}, {"last": "2026-11-29"}, "works now, until 10 November 2026", "works longer"),
    "shorter": ({}, {"last": "2026-11-29"}, "works now and has no end date", "works for a shorter time"),
    "the same": (
        {"last": "2026-11-10"},
        {"last": "2026-11-10"},
        "works now, until 10 November 2026",
        "Nothing changes",
    ),
    "other days": (
        {"first": "2026-11-10", "last": "2026-11-12"},
        {"first": "2026-11-11"},
        "from 10 November 2026, until 12 November 2026",
        "take their place",
    ),
}


@pytest.mark.parametrize("name", AGAIN)
def test_the_question_tells_what_is_held_and_what_changes(
    app: Flask, client: Client, noon: time_machine.Traveller, name: str
) -> None:
    country = make_country()
    member = make_member(country.precinct)
    sign_in_as(client, make_officer(country.region))
    address, asked = f"/en/commissions/{country.district.id}/roles", {"role": "trainer", "login": member.login}
    before, after, held, changes = AGAIN[name]
    first = client.post(address, data={**asked, **before})
    assert "holds this role" not in first.text
    client.post(address, data={**asked, **before, "sure": "1"})
    question = client.post(address, data={**asked, **after}).text
    assert held in question
    assert changes in question


SAID = {
    "at once": ({}, "Серікова Айгүл Маратқызы is now: trainer."),
    "for a time": ({"last": "2026-11-10"}, "is now: trainer. Last day: 10 November 2026."),
    "later": ({"first": "2026-11-09"}, "will be: trainer, from 9 November 2026."),
    "later for a time": (
        {"first": "2026-11-09", "last": "2026-11-10"},
        "will be: trainer, from 9 November 2026. Last day: 10 November 2026.",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_was_given_is_said_with_its_days(
    app: Flask, client: Client, noon: time_machine.Traveller, name: str
) -> None:
    country = make_country()
    member = make_member(country.precinct)
    sign_in_as(client, make_officer(country.region))
    days, said = SAID[name]
    data = {"role": "trainer", "login": member.login, "sure": "1", **days}
    page = client.post(f"/en/commissions/{country.district.id}/roles", data=data, follow_redirects=True)
    assert said in page.text


def test_who_gives_up_their_own_role_is_not_led_to_a_page_that_is_theirs_no_more(app: Flask, client: Client) -> None:
    country = make_country()
    second = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    sign_in_as(client, second)
    held = {"role": "cec_administrator", "account": second.id}
    address = f"/en/commissions/{country.central.id}/roles/revoke"
    assert "This is your own role" in client.get(address, query_string=held).text
    told = client.post(address, data=held, follow_redirects=True)
    assert told.status_code == 200
    assert "There is no such page" not in told.text
    assert "is taken away from" in told.text

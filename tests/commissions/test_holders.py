"""People who hold a role and no seat: reached through the commission at which they hold it, as others by their seat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from lms.accounts.actions import hash_code
from lms.accounts.models import Account
from lms.accounts.queries import find_valid_code
from lms.accounts.rules import read_code
from lms.commissions.actions import find_grant, grant_role, revoke_role
from lms.commissions.permissions import SYSTEM, scope_of
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from tests.commissions.test_cli import lms
from tests.conftest import Client
from tests.factories.commissions import Country, make_account, make_country, make_member, make_officer, sign_in_as
from tests.factories.seats import replaced

PAGES = ("", "/seats", "/record", "/correct")
REASON = {"reason": "She stood before me with her passport"}


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade; its administrator has a second step."""
    made = make_country()
    made.head.totp_encrypted = make_officer(made.region).totp_encrypted
    return made


def answers(client: Client, reader: Account, holder: Account) -> list[int]:
    """How the pages of the holder answer."""
    sign_in_as(client, reader)
    return [client.get(f"/en/people/{holder.person_id}{page}").status_code for page in PAGES]


def slip(client: Client, giver: Account, holder: Account, **data: str) -> int:
    """How a new slip for the holder is answered."""
    sign_in_as(client, giver)
    return client.post(f"/en/people/{holder.person_id}/slip", data=data).status_code


ALL, READS, NONE, OWN = [200] * 4, [200, 200, 200, 404], [404] * 4, [200, 200, 200, 403]


def test_an_administrator_of_the_central_commission_is_reached_by_another_and_by_its_auditor(
    client: Client, country: Country
) -> None:
    second = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    for reader, expected in (
        (country.head, ALL),
        (make_officer(country.central, Role.AUDITOR), READS),
        (make_officer(country.central, Role.METHODOLOGIST), NONE),
        (make_officer(country.central, Role.REPORTING_OFFICER), NONE),
        (make_officer(country.region), NONE),
        (make_officer(country.region, Role.AUDITOR), NONE),
        (make_member(country.precinct), NONE),
    ):
        assert answers(client, reader, second) == expected


def test_an_officer_is_reached_from_above_and_never_from_beside(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    for reader, expected in (
        (country.head, ALL),
        (make_officer(country.region), ALL),
        (make_officer(country.region, Role.AUDITOR), READS),
        (make_officer(country.district), OWN),
        (officer, OWN),
        (make_officer(country.district, Role.TRAINER), NONE),
        (make_officer(country.sister_district), NONE),
        (make_officer(country.sister_region), NONE),
    ):
        assert answers(client, reader, officer) == expected


def test_the_page_tells_the_roles_and_hides_the_number(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    number = officer.person.number_last4
    sign_in_as(client, make_officer(country.region))
    page = client.get(f"/en/people/{officer.person_id}").text
    assert "territorial officer, Beineu district" in page
    assert officer.person.masked_number in page
    assert number
    assert '/number"' not in page
    assert "Replace" not in page
    assert f'action="/en/people/{officer.person_id}/slip"' in page
    roles = client.get(f"/en/commissions/{country.district.id}/roles").text
    assert f'href="/en/people/{officer.person_id}"' in roles


def test_the_list_of_roles_leads_to_nobody_of_another_branch(client: Client, country: Country) -> None:
    guest = make_member(country.sister_precinct)
    grant_role(account=guest, role=Role.TRAINER, commission=country.district, by=scope_of(country.head))
    assert answers(client, make_officer(country.district), guest) == NONE
    roles = client.get(f"/en/commissions/{country.district.id}/roles").text
    assert guest.login in roles
    assert f"/people/{guest.person_id}" not in roles


def end_role(account: Account, role: Role, country: Country, how: str) -> None:
    """A role at the district ends by its term, or is taken away."""
    if how == "taken":
        revoke_role(account=account, role=role, commission=country.district, by=SYSTEM)
    else:
        grant = find_grant(account, role, country.district)
        assert grant is not None
        grant.valid_from = clock.now() - timedelta(days=2)
        grant.valid_until = clock.now() - timedelta(days=1)
    db.session.flush()


FORMER = [302, 200, 200, 302]
"""As of somebody who has left their seat: the page of a person leads to what they held."""


@pytest.mark.parametrize("how", ["over", "taken"])
def test_whose_role_is_over_is_reached_by_those_who_reached_them_before(
    client: Client, country: Country, how: str
) -> None:
    trainer = make_account()
    grant_role(account=trainer, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    readers = (
        country.head,
        make_officer(country.central, Role.AUDITOR),
        make_officer(country.region),
        make_officer(country.region, Role.AUDITOR),
    )
    strangers = (
        make_officer(country.central, Role.METHODOLOGIST),
        make_officer(country.central, Role.REPORTING_OFFICER),
        make_officer(country.district, Role.TRAINER),
        make_officer(country.sister_district),
        make_officer(country.sister_region, Role.AUDITOR),
        make_member(country.precinct),
    )
    end_role(trainer, Role.TRAINER, country, how)
    for reader in readers:
        expected = FORMER if reader.id in (country.head.id, readers[2].id) else [302, 200, 200, 404]
        assert answers(client, reader, trainer) == expected
    for stranger in strangers:
        assert answers(client, stranger, trainer) == NONE
    sign_in_as(client, readers[2])
    record = client.get(f"/en/commissions/{country.district.id}/record").text
    assert f"/people/{trainer.person_id}/seats" in record
    assert slip(client, country.head, trainer, **REASON) == 302
    assert trainer.password_hash == "set", "who is reached by what they held gets no slip"


def test_of_whose_role_is_over_it_is_told_what_they_held_and_it_is_given_again(
    client: Client, country: Country
) -> None:
    auditor = make_account()
    grant_role(account=auditor, role=Role.AUDITOR, commission=country.district, by=SYSTEM)
    end_role(auditor, Role.AUDITOR, country, "taken")
    sign_in_as(client, country.head)
    page = client.get(f"/en/people/{auditor.person_id}", follow_redirects=True).text
    assert "This person holds no role here any more." in page
    assert "auditor" in page
    assert auditor.login in page
    for endpoint in ("record", "erase", "give-out"):
        assert f'href="/en/people/{auditor.person_id}/{endpoint}"' in page
        assert client.get(f"/en/people/{auditor.person_id}/{endpoint}").status_code == 200
    again = f"/en/commissions/{country.district.id}/roles?account={auditor.id}&amp;role=auditor"
    assert f'href="{again}' in page
    form = client.get(again.replace("&amp;", "&")).text
    assert f'value="{auditor.login}"' in form
    assert '<option selected value="auditor">' in form
    data = {"role": "auditor", "login": auditor.login, "first": "", "last": "", "sure": "1"}
    assert client.post(f"/en/commissions/{country.district.id}/roles", data=data).status_code == 302
    assert answers(client, country.head, auditor) == ALL
    assert again not in client.get(f"/en/people/{auditor.person_id}/seats").text


def test_a_role_is_offered_again_only_to_who_may_give_it_and_its_login_only_there(
    client: Client, country: Country
) -> None:
    auditor = make_account()
    grant_role(account=auditor, role=Role.AUDITOR, commission=country.district, by=SYSTEM)
    end_role(auditor, Role.AUDITOR, country, "taken")
    for reader in (make_officer(country.region), make_officer(country.central, Role.AUDITOR)):
        sign_in_as(client, reader)
        page = client.get(f"/en/people/{auditor.person_id}/seats").text
        assert "auditor" in page
        assert "roles?account" not in page
    officer = make_officer(country.region)
    sign_in_as(client, officer)
    form = client.get(f"/en/commissions/{country.district.id}/roles?account={auditor.id}&role=trainer").text
    assert auditor.login not in form, "an officer names nobody who neither sits nor holds a role in the branch"


def test_who_holds_a_role_or_seat_elsewhere_is_not_reached_by_an_old_role(client: Client, country: Country) -> None:
    moved, seated = make_account(), make_member(country.sister_precinct)
    for one in (moved, seated):
        grant_role(account=one, role=Role.TRAINER, commission=country.district, by=SYSTEM)
        end_role(one, Role.TRAINER, country, "taken")
    grant_role(account=moved, role=Role.TRAINER, commission=country.sister_region, by=SYSTEM)
    for one in (moved, seated):
        assert answers(client, make_officer(country.district), one) == NONE


def test_of_whoever_sat_once_the_roles_held_stand_beside_the_seats(client: Client, country: Country) -> None:
    gone = make_member(country.precinct)
    replaced(gone)
    grant_role(account=gone, role=Role.TRAINER, commission=country.district, by=SYSTEM)
    end_role(gone, Role.TRAINER, country, "taken")
    assert answers(client, country.head, gone) == FORMER
    page = client.get(f"/en/people/{gone.person_id}/seats").text
    assert "Roles held" in page
    assert gone.login in page
    assert f"roles?account={gone.id}&amp;role=trainer" in page


def test_a_role_that_has_yet_to_begin_counts(client: Client, country: Country) -> None:
    trainer, begins = make_account(), clock.today() + timedelta(days=3)
    grant_role(account=trainer, role=Role.TRAINER, commission=country.district, by=SYSTEM, first=begins)
    assert answers(client, make_officer(country.region), trainer) == ALL


def test_the_seat_decides_where_there_is_one(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    grant_role(account=member, role=Role.TRAINER, commission=country.sister_district, by=SYSTEM)
    assert answers(client, make_officer(country.sister_district), member) == NONE
    assert answers(client, make_officer(country.district), member) == ALL


def test_an_administrator_gives_another_a_new_slip_and_why_is_recorded(client: Client, country: Country) -> None:
    second = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    assert slip(client, country.head, second) == 422
    assert slip(client, country.head, second, reason=" ") == 422
    assert (second.password_hash, second.totp_encrypted is None) == ("set", False)
    assert slip(client, country.head, second, **REASON) == 200
    assert (second.password_hash, second.totp_encrypted) == (None, None)
    entry = db.session.query(AuditEntry).filter_by(action="accounts.access_reset").one()
    assert (entry.account_id, entry.subject) == (country.head.id, f"account:{second.id}")
    value = db.session.query(AuditValue).filter_by(entry_id=entry.id).one()
    assert (value.field, value.after) == ("reason", REASON["reason"])
    assert REASON["reason"] in client.get(f"/en/people/{second.person_id}/record").text


def test_nobody_gives_themselves_a_new_slip(client: Client, country: Country) -> None:
    make_officer(country.central, Role.CEC_ADMINISTRATOR)
    for account in (country.head, make_officer(country.district)):
        assert slip(client, account, account, **REASON) == 403
        assert account.password_hash == "set"
        page = client.get(f"/en/people/{account.person_id}").text
        assert "/slip" not in page
        assert "Nobody gives themselves a new slip" in page


def test_a_slip_is_given_downwards_only(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    assert slip(client, make_officer(country.district), officer, **REASON) == 403
    assert slip(client, make_officer(country.sister_district), officer, **REASON) == 404
    assert slip(client, officer, make_officer(country.region), **REASON) == 404
    assert slip(client, make_officer(country.region), country.head, **REASON) == 404
    assert officer.password_hash == "set"
    assert slip(client, make_officer(country.region), officer, **REASON) == 200
    assert officer.password_hash is None


def test_a_role_in_two_branches_is_read_in_both_and_changed_above(client: Client, country: Country) -> None:
    trainer = make_officer(country.district, Role.TRAINER)
    grant_role(account=trainer, role=Role.TRAINER, commission=country.sister_region, by=SYSTEM)
    officer = make_officer(country.region)
    assert answers(client, officer, trainer) == OWN
    assert "Atyrau" not in client.get(f"/en/people/{trainer.person_id}").text
    assert slip(client, officer, trainer, **REASON) == 403
    assert answers(client, country.head, trainer) == ALL
    assert slip(client, country.head, trainer, **REASON) == 200


def test_name_and_phone_are_corrected(client: Client, country: Country) -> None:
    second = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    sign_in_as(client, country.head)
    data = {"surname": "Бекенова", "given_name": "Айгүл", "patronymic": "", "language": "kk", "phone": "", "email": ""}
    answer = client.post(f"/en/people/{second.person_id}/correct", data=data, follow_redirects=True)
    assert "Бекенова Айгүл" in answer.text
    assert second.person.surname == "Бекенова"


def reset(login: str, *words: str, reason: str = "Lost the phone") -> tuple[int, str]:
    """`lms accounts reset`."""
    answer = lms("accounts", "reset", login, "--reason", reason, *words)
    return answer.exit_code, answer.stdout + answer.stderr


def test_the_operator_gives_the_last_administrator_a_way_in(country: Country) -> None:
    code, said = reset("Head", "--json")
    assert code == 0
    assert country.head.password_hash is None
    typed = read_code(said.split('"one_time_code": "')[1].split('"')[0])
    found = find_valid_code(country.head.id, hash_code(typed or ""), clock.now())
    assert found is not None
    assert found.expires_at <= clock.now() + timedelta(days=1)
    entry = db.session.query(AuditEntry).filter_by(action="accounts.access_reset").one()
    assert entry.account_id is None
    assert db.session.query(AuditValue).filter_by(entry_id=entry.id).one().after == "Lost the phone"


def test_the_operator_names_who_decides_and_the_same_rule_holds(country: Country) -> None:
    officer, fellow = make_officer(country.district), make_officer(country.district)
    db.session.commit()
    for words, sentence in {
        (officer.login, "--by", fellow.login): "Only the commission above",
        ("head", "--by", "head"): "Nobody gives themselves",
        ("nobody",): "no account with the login nobody",
    }.items():
        code, said = reset(*words)
        assert code == 1
        assert sentence in said
    assert reset(officer.login, reason=" ")[0] == 1
    assert officer.password_hash == "set"
    assert reset(officer.login, "--by", "head")[0] == 0
    entry = db.session.query(AuditEntry).filter_by(action="accounts.access_reset").one()
    assert entry.account_id == country.head.id

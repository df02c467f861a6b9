"""A person's own data as one file: all of it, nobody else's."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Flask

from lms.accounts.actions import choose_password
from lms.accounts.browsers import open_session
from lms.accounts.models import Account
from lms.accounts.queries import find_account_of
from lms.assessment.actions import submit_attempt
from lms.certificates.actions import withdraw_certificate
from lms.home.own_data import gather
from lms.people.actions import correct_person
from tests.conftest import Client
from tests.factories.assessment import answer_all, make_attempt, make_learner
from tests.factories.certificates import make_certificate
from tests.factories.commissions import make_country, make_member, make_officer, scope, sign_in_as
from tests.factories.curriculum import make_course
from tests.factories.seats import replaced
from tests.factories.workshops import make_setting, make_workshop
from tests.factories.world import CANARY, make_world


def test_everything_kept_of_a_person_is_in_their_file(app: Flask, client: Client) -> None:
    world = make_world()
    sign_in_as(client, world.owner)
    answer = client.get("/en/account/data.json")
    assert answer.headers["Cache-Control"] == "no-store"
    found = json.loads(answer.text)
    assert found["person"]["surname"] == world.owner.person.surname
    assert len(found["person"]["identity_number"]) == 12
    assert [len(found[name]) for name in ("seats", "courses", "tests", "certificates")] == [1, 1, 1, 1]
    assert found["courses"][0]["campaign"] == "Election"
    assert found["account"]["login"] == world.owner.login
    assert "password" not in answer.text
    assert [one["name"] for one in found["account"]["passkeys"]] == [f"{CANARY}, phone"]
    assert set(found["account"]["passkeys"][0]) == {"name", "backed_up", "created_at", "last_used_at"}
    linked = found["account"]["linked_identity"][0]
    assert (linked["issuer"], linked["subject"]) == ("https://id.example", f"subject {world.owner.id}")
    assert found["account"]["recovery_codes_left"] == 1


def test_workshops_sessions_and_who_did_what_are_in_it(app: Flask, client: Client) -> None:
    setting = make_setting()
    member = make_member(setting.country.precinct)
    workshop = make_workshop(setting)
    officer = make_officer(setting.country.district)
    correct_person(person=member.person, fields={"phone": "+77011234567"}, by=scope(officer))
    open_session(account=member, address="192.0.2.7", user_agent="")
    sign_in_as(client, member)
    found = json.loads(client.get("/en/account/data.json").text)
    assert [(one["starts_at"], one["leads"], one["present"]) for one in found["workshops"]] == [
        (workshop.starts_at.isoformat(), False, None)
    ]
    assert "192.0.2.0" in [one["address"] for one in found["sessions"]]
    told = next(one for one in found["done_to_you"] if one["action"] == "people.corrected")
    assert (told["what"], told["by"]) == (
        "personal data corrected",
        f"{officer.person.surname} {officer.person.given_name}",
    )
    assert "Phone: – → +77011234567" in told["in_words"]
    page = client.get("/en/account/data")
    assert page.headers["Cache-Control"] == "no-store"
    for words in (
        "personal data corrected",
        officer.person.surname,
        "Phone: – → +77011234567",
        "№ 3 мектеп",
        member.login,
    ):
        assert words in page.text
    assert officer.login not in page.text


def test_what_was_done_to_a_seat_is_told_without_the_others_in_it(client: Client) -> None:
    country = make_country()
    member, chair = make_member(country.precinct), make_officer(country.district)
    came = replaced(member, by=scope(chair))
    sign_in_as(client, member)
    found = gather(member)
    (told,) = [one for one in found["done_to_you"] if one["action"] == "commissions.replaced"]
    assert told["by"] == f"{chair.person.surname} {chair.person.given_name}"
    assert f"Who left: {member.person.full_name}" in told["in_words"]
    assert any(one.startswith("Decision No.: ") for one in told["in_words"])
    assert told["details"] == {}
    for held in (json.dumps(found, ensure_ascii=False), client.get("/en/account/data").text):
        assert "a member replaced" in held
        assert came.person.full_name not in held
    page = client.get("/en/account/data").text
    assert "Left by decision No." in page
    assert "Decision to leave of" in page


def test_what_others_did_to_a_certificate_is_told(client: Client) -> None:
    country = make_country()
    make_course()
    officer, certificate = make_officer(country.district), make_certificate(country.precinct)
    withdraw_certificate(certificate=certificate, reason="Somebody else took the test.", by=scope(officer))
    account = find_account_of(certificate.person_id)
    assert account is not None
    told = [one for one in gather(account)["done_to_you"] if one["action"].startswith("certificates.")]
    assert [(one["action"], one["in_words"]) for one in told] == [
        ("certificates.withdrawn", ["Reason: Somebody else took the test."])
    ], "what the person did, and what came of it by itself, stands elsewhere"


def test_a_moment_is_told_by_the_day_of_the_country(client: Client) -> None:
    member = make_member(make_country().precinct)
    member.created_at = datetime(2026, 11, 26, 19, 48, tzinfo=UTC)
    sign_in_as(client, member)
    assert "27 November 2026, 00:48" in client.get("/en/account/data").text


def test_nobody_elses_data_is_in_it(app: Flask, client: Client) -> None:
    world = make_world()
    sign_in_as(client, make_member(world.country.precinct, surname="Басқаева"))
    answer = client.get("/en/account/data.json")
    assert "Басқаева" in answer.text
    found = json.loads(answer.text)
    assert [one.pop("place") for one in found["workshops"]] == [f"{CANARY} hall"], "to which the person is invited too"
    assert CANARY not in json.dumps(found, ensure_ascii=False)


def test_a_stranger_has_none(client: Client) -> None:
    assert client.get("/en/account/data.json").status_code == 302


def test_points_stand_there_in_questions(app: Flask, client: Client) -> None:
    account, enrolment = make_learner(make_country().precinct, make_course())
    attempt = make_attempt(account, enrolment)
    answer_all(attempt, account, wrong=[2])
    submit_attempt(attempt=attempt, by=scope(account))
    sign_in_as(client, account)
    found = json.loads(client.get("/en/account/data.json").text)
    assert [(one["kind"], one["credit"], one["total"]) for one in found["tests"]] == [("final", 4, 5)]


def test_roles_held_are_told(client: Client) -> None:
    officer = make_officer(make_country().region)
    found = gather(officer)
    assert [(one["role"], one["commission"]) for one in found["roles"]] == [("territorial_officer", "KZ-01")]
    sign_in_as(client, officer)
    assert "territorial officer" in client.get("/en/account/data").text


def acts_on(account: Account) -> list[str]:
    """What a person is told that was done about them, the first first."""
    return [one["what"] for one in gather(account)["done_to_you"]]


def test_a_first_slip_is_told_apart_from_a_new_one_that_takes_the_password_away(app: Flask, client: Client) -> None:
    country = make_country()
    member, officer = make_member(country.precinct), make_officer(country.district)
    member.password_hash = None
    sign_in_as(client, officer)
    assert client.post(f"/en/people/{member.person_id}/slip").status_code == 200
    assert acts_on(member)[-1:] == ["sign-in slip printed"]
    assert "password, second step and sessions taken back" not in acts_on(member)
    choose_password(account=member, password="three short words")
    assert client.post(f"/en/people/{member.person_id}/slip").status_code == 200
    assert acts_on(member)[-2:] == ["password, second step and sessions taken back", "sign-in slip printed"]

"""First pages: a member's, a chair's, an officer's; the account; search within the own branch; the health check."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment.actions import start_attempt, submit_attempt
from lms.assessment.models import Attempt
from lms.bank.actions import send_for_review
from lms.campaigns.queries import get_open_campaign
from lms.certificates.actions import issue_certificate
from lms.commissions.actions import grant_role
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Office, Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.documents import storage
from lms.fairness.disputing import dispute_question
from lms.learning.models import Enrolment
from lms.rosters.models import RosterImport
from lms.workshops.models import Attendance, Workshop, WorkshopCommission
from tests.conftest import Client
from tests.factories.assessment import make_learner
from tests.factories.bank import make_case, make_draft, make_writer
from tests.factories.commissions import (
    Country,
    give_phone,
    make_country,
    make_member,
    make_officer,
    scope,
    seat,
    sign_in_as,
)
from tests.factories.curriculum import make_course
from tests.factories.progress import do, finish
from tests.factories.seats import replaced, seat_of

READ = ("module:opening", "module:count")


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade with a course that everyone must take."""
    country = make_country()
    make_course()
    return country


def text_of(client: Client, address: str = "/en/") -> str:
    """The words of a page, tags and runs of spaces left out."""
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def heading(client: Client) -> str:
    """The words of the one headline of the first page."""
    found = re.findall(r"<h1>(.*?)</h1>", client.get("/en/").text, re.DOTALL)
    assert len(found) == 1
    return str(found[0]).strip()


def make_workshop(where: Commission, trainer: Account, starts_at: datetime, organiser: Commission) -> Workshop:
    """A workshop of the course for one commission."""
    course = db.session.scalars(db.select(Enrolment)).first()
    assert course is not None
    workshop = Workshop(
        campaign_id=get_open_campaign().id, course_id=course.course_id, organiser_id=organiser.id,
        trainer_id=trainer.person_id, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=5),
        time_zone="Asia/Aqtau", place="School No. 3", seats=25, language="kk", created_by_id=None,
        created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    db.session.add(workshop)
    db.session.flush()
    db.session.add(WorkshopCommission(workshop_id=workshop.id, commission_id=where.id))
    db.session.flush()
    return workshop


def make_attempt(enrolment: Enrolment, **values: Any) -> None:
    """An attempt at the test."""
    now = clock.now()
    shape: dict[str, Any] = {
        "number": 1, "state": "submitted", "started_at": now - timedelta(hours=2), "total": 2, "passed": False,
        "deadline": now - timedelta(hours=1), "submitted_at": now - timedelta(hours=1), "credit": 0,
    }  # fmt: skip
    attempt = Attempt(
        campaign_id=enrolment.campaign_id, enrolment_id=enrolment.id, person_id=enrolment.person_id,
        version_id=enrolment.version_id, settings=enrolment.version.test, **{**shape, **values},
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()


def test_who_has_left_is_told_so_and_asked_nothing(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    do(member, READ[0])
    held = make_workshop(
        country.precinct, make_officer(country.district), clock.now() + timedelta(days=2), country.district
    )
    sign_in_as(client, member)
    assert "Next: read" in text_of(client)
    replaced(member)
    db.session.flush()
    page = text_of(client)
    assert "You are no longer a member of PEC No. 17" in page
    assert "by decision No. 12 of" in page
    assert "1 of 4 steps done" in page
    for asked in ("Next:", "School No. 3", "Begin reading", "Go on reading"):
        assert asked not in page
    assert client.get("/en/courses/small").status_code == 200
    assert client.get("/en/account/data").status_code == 200
    there = client.get(f"/en/workshops/{held.id}")
    assert (there.status_code, there.headers["Location"]) == (302, "/en/")
    foreign = make_workshop(
        country.sister_precinct, make_officer(country.district), clock.now() + timedelta(days=3), country.district
    )
    assert client.get(f"/en/workshops/{foreign.id}").status_code == 404


def test_who_has_left_keeps_the_certificate_and_may_come_back(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    issue_certificate(enrolment=finish(member), by=SYSTEM)
    held = seat_of(member)
    replaced(member)
    sign_in_as(client, member)
    assert "Download the certificate" in client.get("/en/").text
    held.end_act, held.end_act_on = "", None
    assert "Since " in text_of(client)
    assert "decision No." not in text_of(client)
    seat(member.person, country.second_precinct)
    assert "no longer a member" not in text_of(client)


def test_a_member_sees_the_next_step(client: Client, country: Country) -> None:
    sign_in_as(client, make_member(country.precinct, given_name="Айгүл", patronymic="Маратқызы"))
    page = text_of(client)
    assert "Hello, Айгүл Маратқызы · PEC No. 17, member" in page
    assert heading(client) == "Next: read “Opening (en)”"
    assert "Begin reading" in page
    assert "0 of 4 steps done" in page
    assert "Find a person" not in page


def test_a_member_without_a_course_is_told_so(app: Flask, client: Client) -> None:
    sign_in_as(client, make_member(make_country().precinct))
    assert heading(client) == "There is nothing to learn now"


def test_each_stage_has_its_own_next_step(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    sign_in_as(client, member)
    do(member, READ[0])
    assert heading(client) == "Next: read “Count (en)”"
    assert "Go on reading" in text_of(client)
    do(member, READ[1])
    assert heading(client) == "Next: take the test"
    do(member, "test")
    assert heading(client) == "Next: come to a workshop"
    assert "Your trainer sets the day" in text_of(client)
    trainer = make_officer(country.district, Role.TRAINER)
    make_workshop(country.precinct, trainer, clock.now() + timedelta(days=3), country.district)
    assert "Day and place stand below." in text_of(client)
    assert "School No. 3" in text_of(client)
    finish(member)
    assert heading(client) == "You have finished. Thank you!"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "You can take the test again on"),
        ({"submitted_at": clock.now() - timedelta(hours=30)}, "Next: take the test"),
        ({"state": "open", "submitted_at": None, "passed": None, "deadline": clock.now() + timedelta(hours=9)},
         "Your test is open: go on with it"),
        ({"state": "open", "submitted_at": None, "passed": None}, "Next: take the test"),
    ],
)  # fmt: skip
def test_a_test_taken_before_is_reckoned_with(
    client: Client, country: Country, values: dict[str, Any], words: str
) -> None:
    member = make_member(country.precinct)
    make_attempt(do(member, *READ), **values)
    sign_in_as(client, member)
    assert heading(client).startswith(words)


def test_after_a_failed_test_the_way_leads_to_its_result(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    make_attempt(do(member, *READ))
    attempt_id = db.session.scalars(select(Attempt.id)).one()
    sign_in_as(client, member)
    assert f'href="/en/attempts/{attempt_id}/result">What to read again</a>' in client.get("/en/").text


def test_the_course_is_one_step_from_the_first_page(client: Client, country: Country) -> None:
    sign_in_as(client, make_member(country.precinct))
    page = client.get("/en/").text
    assert page.count('href="/en/courses/') >= 2
    assert "All about this course: cases, words, forms" in page


def test_when_no_attempt_is_left_somebody_helps(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    enrolment = do(member, *READ)
    for number in range(1, 4):
        make_attempt(enrolment, number=number, submitted_at=clock.now() - timedelta(days=9))
    sign_in_as(client, member)
    assert heading(client) == "All attempts at the test are used"
    assert "Tell your trainer" in text_of(client)


def test_a_chair_sees_who_in_the_precinct_has_finished(client: Client, country: Country) -> None:
    chair = make_member(country.precinct, Office.CHAIR)
    finish(make_member(country.precinct, surname="Дайынова"))
    member = make_member(country.precinct, surname="Басталова")
    member.person.phone = "+77055555555"
    do(member, "module:opening")
    sign_in_as(client, chair)
    page = text_of(client)
    assert "Your precinct: 1 of 3 have finished" in page
    assert "Басталова Айгүл Маратқызы not yet" in page
    assert "+7705" not in page
    assert "My commission" in page


def test_a_chair_sees_above_the_steps_who_is_what_and_what_readiness_lacks(client: Client, country: Country) -> None:
    chair = make_member(country.precinct, Office.CHAIR, surname="Төрағаева")
    finish(chair)
    secretary = make_member(country.precinct, Office.SECRETARY, surname="Хатшыева")
    sign_in_as(client, chair)
    page = text_of(client)
    assert "Хатшыева Айгүл Маратқызы secretary not yet" in page
    assert "Төрағаева Айгүл Маратқызы chair finished" in page
    assert "Not ready the secretary has not finished." in page
    assert "A precinct is ready when" in page
    assert page.index("Your precinct") < page.index("4 of 4 steps done")
    finish(secretary)
    page = text_of(client)
    assert "Not ready" not in page
    assert "Ready A precinct is ready when" in page


def test_an_officer_sees_the_answer_for_the_branch_and_what_to_do(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    member.password_hash = None
    make_member(country.sister_precinct)
    sign_in_as(client, make_officer(country.district))
    assert heading(client) == "21 days to the election: 2 of 2 precincts are not ready"
    page = text_of(client)
    assert "0 of 1 people have finished" in page
    assert "Beineu district and below: 1 member has never signed in" in page
    assert "Print sign-in slips" in page
    sign_in_as(client, make_officer(country.district, Role.TRAINER))
    assert "never signed in" not in text_of(client)
    assert "Nothing waits for you today." in text_of(client)


def test_workshops_of_today_and_without_attendance_wait(client: Client, country: Country) -> None:
    make_member(country.precinct)
    trainer, other = make_officer(country.district, Role.TRAINER), make_officer(country.district, Role.TRAINER)
    local_noon = clock.now().astimezone(ZoneInfo("Asia/Aqtau")).replace(hour=12, minute=0)
    today = make_workshop(country.precinct, trainer, local_noon, country.district)
    held = make_workshop(country.precinct, trainer, local_noon - timedelta(days=3), country.district)
    for account in (trainer, make_officer(country.district)):
        sign_in_as(client, account)
        page = client.get("/en/").text
        assert "Workshop today, " in page
        assert f"/en/workshops/{held.id}/attendance" in page
        assert f"/en/workshops/{today.id}/attendance" not in page
    for account in (other, make_officer(country.sister_district)):
        sign_in_as(client, account)
        assert "attendance is not taken yet" not in client.get("/en/").text
    db.session.add(
        Attendance(
            workshop_id=held.id, person_id=trainer.person_id, present=True, category="pec",
            commission_id=None, recorded_by_id=None, recorded_at=clock.now(),
        )
    )  # fmt: skip
    sign_in_as(client, trainer)
    assert "attendance is not taken yet" not in client.get("/en/").text


def test_those_above_see_a_count_of_workshops_without_attendance(client: Client, country: Country) -> None:
    make_member(country.precinct)
    trainer = make_officer(country.district, Role.TRAINER)
    held = make_workshop(country.precinct, trainer, clock.now() - timedelta(days=3), country.district)
    central = make_officer(country.central, Role.CEC_ADMINISTRATOR)
    for account, places in (
        (make_officer(country.region), "Beineu district: 1"),
        (central, "Mangystau region: 1"),
    ):
        sign_in_as(client, account)
        assert f"Attendance is not taken yet at 1 workshop below ({places})" in text_of(client)
        assert f"/en/workshops/{held.id}/attendance" not in client.get("/en/").text
    sign_in_as(client, make_officer(country.district))
    assert f"/en/workshops/{held.id}/attendance" in client.get("/en/").text


@pytest.mark.parametrize(
    ("problems", "words"),
    [(0, "read without problems, not applied yet"), (1, "1 row has a problem"), (14, "14 rows have problems")],
)
def test_rosters_that_are_not_applied_wait(client: Client, country: Country, problems: int, words: str) -> None:
    file = storage.store(b"x", name="r.xlsx", media_type="application/octet-stream")
    roster = RosterImport(
        file_id=file.id, file_name="r.xlsx", checksum="0", campaign_id=get_open_campaign().id,
        commission_id=country.district.id, state="read", counts={"outcomes": {"problem": problems}},
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(roster)
    sign_in_as(client, make_officer(country.district))
    assert f"Roster r.xlsx: {words}" in text_of(client)
    sign_in_as(client, make_officer(country.sister_district))
    assert "r.xlsx" not in text_of(client)
    roster.state = "applied"
    sign_in_as(client, make_officer(country.district))
    assert "r.xlsx" not in text_of(client)


def test_an_officer_with_two_branches_sees_both(client: Client, country: Country) -> None:
    officer = make_officer(country.district)
    grant_role(account=officer, role=Role.TRAINER, commission=country.sister_region, by=SYSTEM)
    sign_in_as(client, officer)
    page = text_of(client)
    assert "Beineu district" in page
    assert "Atyrau region" in page
    assert heading(client)


def test_without_a_campaign_everyone_gets_a_page(client: Client, country: Country) -> None:
    get_open_campaign().state = "archived"
    sign_in_as(client, make_officer(country.district))
    assert heading(client) == "No election is called now"
    sign_in_as(client, make_member(country.precinct, Office.CHAIR))
    assert heading(client) == "There is nothing to learn now"


def test_a_person_chooses_the_language_of_learning(client: Client, country: Country) -> None:
    member = make_member(country.precinct)
    sign_in_as(client, member)
    assert "Language of learning" in text_of(client, "/en/account")
    assert client.post("/en/account", data={}).status_code == 422
    assert client.post("/en/account", data={"language": "de"}).status_code == 422
    answer = client.post("/en/account", data={"language": "ru"})
    assert answer.headers["Location"] == "/ru/account"
    assert db.session.get_one(Account, member.id).person.language == "ru"


def looked_for(client: Client, words: str) -> str:
    """What a search shows: the words are sent as a form, the answer stands at an address without them."""
    sent = client.post("/en/search", data={"q": words})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/en/search")
    return client.get("/en/search").text


def test_search_finds_within_the_branch_only(client: Client, country: Country) -> None:
    member = make_member(country.precinct, surname="Құпиянова")
    sign_in_as(client, make_officer(country.district))
    for words in ("құпи", "купиян", "Айгүл Құп", member.login, f"{member.login[:4]} {member.login[4:]}"):
        assert "Құпиянова" in looked_for(client, words), words
    assert "PEC No. 17" in looked_for(client, "17")
    assert "PEC No. 17" in looked_for(client, "УИК 17")
    assert "Beineu" in looked_for(client, "beineu")
    sign_in_as(client, make_officer(country.sister_district))
    for words in ("құпи", "купиян", member.login, "17"):
        page = looked_for(client, words)
        said = "There is no precinct No. 17 in your branch" if words == "17" else "Nothing in your branch fits"
        assert said in page
        assert "Құпиянова" not in page
    sign_in_as(client, member)
    assert client.post("/en/search", data={"q": "құпи"}).status_code == 404


def test_search_folds_kazakh_letters_both_ways_and_finds_phones(client: Client, country: Country) -> None:
    kazakh = make_member(country.precinct, surname="Құнанбаев")
    make_member(country.precinct, surname="Кунанбаев")
    give_phone(kazakh, "+77014449182")
    country.district.names[0].name = "Қарақия ауданы"
    sign_in_as(client, make_officer(country.district))
    for words in ("құнанб", "КУНАНБ"):
        shown = looked_for(client, words)
        assert "Құнанбаев" in shown
        assert "Кунанбаев" in shown
    for words in ("+7 701 444 91 82", "8 (701) 444-91-82", "9182", "44491"):
        shown = looked_for(client, words)
        assert "Құнанбаев" in shown, words
        assert "Кунанбаев" not in shown
    assert country.district.code in looked_for(client, "каракия")
    assert 'class="soft">' in looked_for(client, "PEC No. 17")
    assert "Құнанбаев" not in looked_for(client, "%")


def test_search_refuses_identity_numbers_and_shows_none(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.district))
    answer = client.post("/en/search", data={"q": "0101 0150 0006"})
    assert answer.status_code == 422
    assert "not searched by identity number" in answer.text
    assert "0006" not in answer.text


def test_the_health_check_writes(app: Flask, client: Client) -> None:
    assert client.get("/healthz").data == b"ok\n"
    db.session.connection().exec_driver_sql("ALTER TABLE sign_in_window RENAME TO gone")
    db.session.commit()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "no write" in answer.text


def test_figures_name_endpoints_and_nothing_else(client: Client) -> None:
    client.get("/en/verify/secret-code-of-somebody")
    text = client.get("/metrics").text
    assert 'cascade_requests_total{endpoint="certificates.verify",status="' in text
    assert "cascade_request_seconds_bucket" in text
    assert "secret-code" not in text
    assert "cascade_last_backup_timestamp_seconds" in text


def test_figures_are_read_on_this_machine_only(client: Client) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404


def dispute_something(country: Country) -> None:
    """A learner says that a question is wrong."""
    account, enrolment = make_learner(country.precinct, make_course())
    attempt = start_attempt(enrolment=enrolment, by=scope(account))
    submit_attempt(attempt=attempt, by=scope(account))
    dispute_question(attempt=attempt, position=1, words="It is not so.", by=scope(account))


def test_questions_to_review_and_cases_wait_for_those_who_may_see_to_them(client: Client, country: Country) -> None:
    """Nobody is told of their own draft, and there is no line where nothing waits."""
    writer, reader = make_writer(country), make_writer(country)
    sign_in_as(client, reader)
    assert "Cases from the field" not in text_of(client)
    assert "review" not in text_of(client)
    send_for_review(draft=make_draft(writer), by=scope(writer))
    send_for_review(draft=make_draft(reader), by=scope(reader))
    dispute_something(country)
    make_draft(writer)
    make_case(make_officer(country.district))
    page = text_of(client)
    assert "1 question waits for your review" in page
    assert "1 case from the field waits for an answer" in page
    assert "1 dispute about a question waits for a ruling" in page
    assert client.get("/en/bank/drafts?waiting=1").text.count("you may review it") == 1
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    assert "2 questions wait for your review" in text_of(client)
    sign_in_as(client, make_officer(country.district))
    assert "question" not in text_of(client).split("To do today")[1]

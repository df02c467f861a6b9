"""A learner's pages: the course with its steps, reading a module, the self-check."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.learning.actions import complete_activity
from lms.learning.models import CompletedActivity, Enrolment
from tests.factories.commissions import Country, make_country, make_member, make_officer, scope, sign_in_as
from tests.factories.curriculum import make_course

COURSE, MODULE = "/en/courses/small", "/en/courses/small/modules/opening"
RIGHT = {"opening-s1-choice": "b", "opening-s2-value": "835"}


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_course()


@pytest.fixture
def member(client: FlaskClient, country: Country, version: CourseVersion) -> Account:
    account = make_member(country.precinct)
    sign_in_as(client, account)
    return account


def done() -> set[str]:
    return set(db.session.scalars(select(CompletedActivity.activity)))


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found is not None
    return found[1].strip()


def test_the_course_page_says_what_comes_next(client: FlaskClient, member: Account) -> None:
    page = client.get(COURSE).text
    assert heading(page) == "Next: read “Opening (en)”"
    assert page.count("<li class=") == 4
    assert 'href="/en/courses/small/modules/opening"' in page
    assert "after reading" in page


def test_the_page_follows_what_was_done(client: FlaskClient, member: Account) -> None:
    enrolment = db.session.scalars(select(Enrolment)).one()
    expected = [
        ("module:opening", "Next: read “Count (en)”"),
        ("module:count", "Next: take the test"),
        ("test", "Next: come to a workshop"),
        ("workshop", "You have finished this course"),
    ]
    for activity, said in expected:
        complete_activity(enrolment=enrolment, activity=activity, by=scope(member))
        assert heading(client.get(COURSE).text) == said
    assert client.get(COURSE).text.count("✓") == 4


@pytest.mark.parametrize(("language", "said"), [("kk", "Opening (kk)"), ("ru", "Opening (ru)"), ("en", "Opening (en)")])
def test_a_module_is_read_in_the_readers_language(
    client: FlaskClient, member: Account, language: str, said: str
) -> None:
    page = client.get(f"/{language}/courses/small/modules/opening").text
    assert heading(page) == said
    assert f"({language}).</p>" in page
    assert '<section class="block block-aim">' in page
    assert '<h2 id="section-1">' in page
    assert '<a href="#section-1">' in page
    assert '<a href="#self-check">' in page
    assert '<li id="source-law">' in page
    assert 'name="opening-s1-choice"' in page
    assert 'name="opening-s2-value"' in page


def test_the_self_check_tells_what_is_right_and_counts_as_read(client: FlaskClient, member: Account) -> None:
    assert f'action="{MODULE}#self-check"' in client.get(MODULE).text
    answer = client.post(MODULE, data=RIGHT)
    assert answer.status_code == 200
    assert answer.text.count("✓ That is right") == 2
    assert "Because the act says so. (en)" in answer.text
    assert "Next: Count (en)" in answer.text
    assert done() == {"module:opening"}


def test_a_wrong_answer_is_explained_and_counts_as_read_too(client: FlaskClient, member: Account) -> None:
    answer = client.post(MODULE, data={**RIGHT, "opening-s1-choice": "a"})
    assert answer.text.count("✗ That is not right") == 1
    assert "early (en)" in answer.text
    assert "in time (en)" in answer.text
    assert done() == {"module:opening"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Answer this question too."),
        ({"opening-s1-choice": "b"}, "Answer this question too."),
        ({**RIGHT, "opening-s1-choice": "zzz"}, "This answer is not one of the question&#39;s options. Choose again."),
        ({**RIGHT, "opening-s2-value": "many"}, "Write the number in digits"),
    ],
)
def test_an_unfinished_self_check_keeps_what_was_typed(
    client: FlaskClient, member: Account, sent: dict[str, str], said: str
) -> None:
    answer = client.post(MODULE, data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "The self-check is not finished" in answer.text
    assert done() == set()
    if sent.get("opening-s1-choice") == "b":
        assert re.search(r'value="b" checked', answer.text)
    if sent.get("opening-s2-value") == "many":
        assert 'value="many"' in answer.text


def test_reading_without_the_questions_goes_on_to_the_next_module(client: FlaskClient, member: Account) -> None:
    answer = client.post(f"{MODULE}/read")
    assert (answer.status_code, answer.location) == (302, "/en/courses/small/modules/count")
    assert done() == {"module:opening"}
    last = client.post("/en/courses/small/modules/count/read")
    assert last.location == "/en/courses/small"
    again = client.post(f"{MODULE}/read")
    assert again.status_code == 302
    assert done() == {"module:opening", "module:count"}


def test_a_module_read_before_offers_the_way_on(client: FlaskClient, member: Account) -> None:
    client.post(f"{MODULE}/read")
    page = client.get(MODULE).text
    assert "✓ already read" in page
    assert "Next: Count (en)" in page
    assert "I have read it" not in page


def test_reading_begins_the_course(client: FlaskClient, member: Account) -> None:
    client.get(MODULE)
    assert db.session.scalars(select(Enrolment)).one().started_at is None
    client.post(f"{MODULE}/read")
    assert db.session.scalars(select(Enrolment)).one().started_at is not None


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/en/courses/moon"),
        ("GET", "/en/courses/moon/modules/opening"),
        ("GET", "/en/courses/small/modules/moon"),
        ("POST", "/en/courses/small/modules/moon"),
        ("POST", "/en/courses/small/modules/moon/read"),
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, member: Account, method: str, address: str) -> None:
    assert client.open(address, method=method).status_code == 404


def test_who_is_not_enrolled_finds_nothing(client: FlaskClient, country: Country, version: CourseVersion) -> None:
    sign_in_as(client, make_officer(country.region))
    foreign, absent = client.get(COURSE), client.get("/en/courses/moon")
    assert foreign.status_code == absent.status_code == 404
    assert client.post(f"{MODULE}/read").status_code == 404
    assert done() == set()


def test_a_stranger_signs_in_first(client: FlaskClient, version: CourseVersion) -> None:
    assert "/sign-in" in client.get(COURSE).location
    assert client.post(MODULE, data=RIGHT).status_code == 401


def test_a_form_from_elsewhere_changes_nothing(
    strict_client: FlaskClient, country: Country, version: CourseVersion
) -> None:
    sign_in_as(strict_client, make_member(country.precinct))
    assert strict_client.post(f"{MODULE}/read").status_code == 400
    assert done() == set()

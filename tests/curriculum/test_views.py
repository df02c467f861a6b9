"""The methodologist's pages: what is published."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lms.commissions.rules import Role
from lms.curriculum.models import CourseVersion
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course, make_full_course
from tests.factories.questions import texts

PAGES = [
    "/en/curriculum",
    "/en/curriculum/small",
    "/en/curriculum/small/versions/1",
    "/en/curriculum/small/versions/1/modules/opening",
]


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_course()


@pytest.fixture
def methodologist(client: FlaskClient, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.METHODOLOGIST))


@pytest.mark.usefixtures("methodologist")
def test_without_a_course_the_page_says_how_to_publish_one(client: FlaskClient) -> None:
    assert "lms packs publish courses/election-day" in client.get("/en/curriculum").text


@pytest.mark.usefixtures("methodologist", "version")
@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert "(en)" in page.text


@pytest.mark.usefixtures("methodologist", "version")
def test_versions_stand_newest_first_with_their_notes(client: FlaskClient) -> None:
    make_course(title=texts("Better course"), note=texts("A better title"), change="editorial")
    page = client.get("/en/curriculum/small").text
    assert page.index("Version 2") < page.index("Version 1")
    assert "A better title (en)" in page
    assert "wording only" in page
    assert "the system" in page
    assert "Better course (en)" in client.get("/en/curriculum").text


@pytest.mark.usefixtures("methodologist", "version")
def test_a_version_tells_draw_and_bank_of_each_topic(client: FlaskClient) -> None:
    page = client.get("/en/curriculum/small/versions/1").text
    assert "5 questions, 30 minutes, 4 right answers are enough" in page
    assert "At least 1 right answers on: Count (en)." in page


@pytest.mark.usefixtures("methodologist", "version")
@pytest.mark.parametrize(
    "address",
    [
        "/en/curriculum/moon",
        "/en/curriculum/small/versions/2",
        "/en/curriculum/moon/versions/1",
        "/en/curriculum/small/versions/1/modules/moon",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize("address", PAGES)
def test_nobody_else_comes_in(client: FlaskClient, country: Country, address: str) -> None:
    for account in (
        make_member(country.precinct),
        make_officer(country.region),
        make_officer(country.region, Role.TRAINER),
    ):
        sign_in_as(client, account)
        assert client.get(address).status_code == 404


@pytest.mark.usefixtures("methodologist")
def test_a_version_tells_what_stands_beside_and_its_texts_lead_to_its_own_modules(client: FlaskClient) -> None:
    make_full_course()
    page = client.get("/en/curriculum/small/versions/1").text
    assert "<dt>Figures</dt><dd>1</dd>" in page
    assert "Before the course 3 questions are asked" in page
    text = client.get("/en/curriculum/small/versions/1/modules/opening").text
    assert 'href="/en/curriculum/small/versions/1/modules/count"' in text
    assert '<img src="/en/figures/small/1/en/room.svg"' in text


def test_an_auditor_below_the_centre_sees_no_questions_of_tests(client: FlaskClient) -> None:
    country = make_country()
    for place, status in ((country.region, 404), (country.central, 200)):
        sign_in_as(client, make_officer(place, Role.AUDITOR))
        for address in ("/en/curriculum", "/en/bank"):
            assert client.get(address).status_code == status
        menu = client.get("/en/").text
        assert ("Question bank" in menu) == (status == 200)

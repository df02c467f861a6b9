"""What stands beside the modules: cases on their module's page, forms, words; for learners and for everyone else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.curriculum.models import CourseVersion
from tests.factories.commissions import Country, make_country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course, make_full_course

COURSE = "/en/courses/small"
MODULE = f"{COURSE}/modules/opening"
PAGES = [f"{COURSE}/{page}" for page in ("materials", "cases", "forms/opening-form", "glossary")]


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_full_course()


@pytest.fixture
def member(client: FlaskClient, country: Country, version: CourseVersion) -> Account:
    account = make_member(country.precinct)
    sign_in_as(client, account)
    return account


@pytest.mark.usefixtures("member")
class TestText:
    def test_marks_are_numbers_that_lead_to_the_sources_at_the_end(self, client: FlaskClient) -> None:
        page = client.get(MODULE).text
        assert '<sup><a href="#source-law" aria-label="Source 1"' in page
        assert '<li id="source-law">Act on Elections (en), article 40 (of 2010 (en))</li>' in page
        assert '<li id="source-usual">To be checked: Usual practice (en)</li>' in page

    def test_a_figure_is_a_picture_with_words_for_those_who_cannot_see_it(self, client: FlaskClient) -> None:
        page = client.get("/ru/courses/small/modules/opening").text
        address = "/ru/figures/small/1/ru/room.svg"
        assert f'<img src="{address}" alt="A box and an arrow (ru)" width="360" height="200" loading="lazy">' in page
        assert "<figcaption>The way of the voter (ru)</figcaption>" in page
        assert client.get(address).status_code == 200

    def test_links_lead_to_forms_and_modules(self, client: FlaskClient) -> None:
        page = client.get(MODULE).text
        assert f'<a href="{COURSE}/forms/opening-form"' in page
        assert f'<a href="{COURSE}/modules/count"' in page

    def test_the_self_check_says_where_the_explanation_is_from(self, client: FlaskClient) -> None:
        page = client.post(MODULE, data={"opening-s1-choice": "b", "opening-s2-value": "835"}).text
        said = "Source: Act on Elections (en), article 40 (of 2010 (en)); Arithmetic (en) (of this course (en))"
        assert page.count(said) == 2


@pytest.mark.usefixtures("member")
class TestCases:
    def test_a_case_asks_and_tells_nothing_before_a_choice(self, client: FlaskClient) -> None:
        page = client.get(MODULE).text
        assert page.index('id="self-check"') < page.index('id="case-opening-case"')
        assert f'<form method="get" action="{MODULE}#case-opening-case">' in page
        assert "See what follows" in page
        assert "The doors open" not in page
        assert "Doors open in time" not in page

    @pytest.mark.parametrize(
        ("choice", "verdict", "reply"), [("b", "✓ That is", "The doors"), ("a", "✗ That is", "Time")]
    )
    def test_a_choice_tells_what_follows(self, client: FlaskClient, choice: str, verdict: str, reply: str) -> None:
        page = client.get(f"{MODULE}?case-opening-case={choice}").text
        for words in (verdict, reply, "Doors open in time. (en)", f'value="{choice}" required checked'):
            assert words in page
        assert ("Try another answer" in page) is (choice == "a")

    def test_a_choice_that_is_not_there_is_none(self, client: FlaskClient) -> None:
        page = client.get(f"{MODULE}?case-opening-case=<b>&case-moon=a")
        assert page.status_code == 200
        assert "That is" not in page.text

    def test_all_cases_stand_on_a_page_with_or_without_answers(self, client: FlaskClient) -> None:
        plain, told = client.get(f"{COURSE}/cases").text, client.get(f"{COURSE}/cases?answers=1").text
        assert plain.count("A locked door (en)") == told.count("A locked door (en)") == 2
        assert "The doors open" not in plain
        assert told.count("Doors open in time. (en)") == 2


@pytest.mark.usefixtures("member")
class TestPages:
    def test_the_course_leads_to_everything(self, client: FlaskClient) -> None:
        page = client.get(COURSE).text
        for address in PAGES[1:]:
            assert f'href="{address}"' in page

    def test_a_form_is_a_table_with_empty_cells(self, client: FlaskClient) -> None:
        page = client.get("/kk/courses/small/forms/opening-form").text
        assert "Opening protocol (kk)" in page
        assert "Training form, not an official one (kk)." in page
        assert "<td></td>" in page or '<td data-label="To fill in"></td>' in page
        assert 'class="stack"' not in page

    def test_the_glossary_has_the_other_languages_beside(self, client: FlaskClient) -> None:
        page = client.get("/ru/courses/small/glossary").text
        assert page.index("<strong>урна</strong>") < page.index("жәшік") < page.index("ballot box")
        assert "Where ballots go (ru)" in page

    @pytest.mark.parametrize("address", ["forms/moon", "../moon/materials", "../moon/forms/opening-form"])
    def test_what_is_not_there_is_not_found(self, client: FlaskClient, address: str) -> None:
        assert client.get(f"{COURSE}/{address}").status_code == 404


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize("address", PAGES)
def test_officers_who_are_not_on_the_course_read_it_too(client: FlaskClient, country: Country, address: str) -> None:
    sign_in_as(client, make_officer(country.region))
    page = client.get(address)
    assert page.status_code == 200
    assert f'href="{COURSE}"' not in page.text


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_signs_in_first(client: FlaskClient, address: str) -> None:
    assert "/sign-in" in client.get(address).location


def test_a_course_without_them_says_so(client: FlaskClient, country: Country) -> None:
    make_course()
    sign_in_as(client, make_member(country.precinct))
    assert "This course has no forms, cases or glossary." in client.get(f"{COURSE}/materials").text
    assert client.get(f"{COURSE}/cases").status_code == client.get(f"{COURSE}/glossary").status_code == 404
    page = client.get(COURSE).text
    assert "To practise" not in page
    assert "Training forms" not in page


def test_modules_are_linked_for_those_alone_who_learn_them(
    client: FlaskClient, country: Country, version: CourseVersion
) -> None:
    for account, times in ((make_member(country.precinct), 1), (make_officer(country.region), 0)):
        sign_in_as(client, account)
        assert client.get(f"{COURSE}/cases").text.count(f'href="{MODULE}"') == times

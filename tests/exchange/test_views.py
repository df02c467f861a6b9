"""Pages of files with questions, without a script: in, looked at, drafts made and dropped; out, with what is lost."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from lms.accounts.models import Account
from lms.bank.models import Draft
from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.curriculum.queries import list_topics
from lms.exchange.models import QuestionImport
from lms.exchange.taking_in import read_questions
from tests.conftest import Client
from tests.exchange.test_actions import GIFT
from tests.factories.bank import make_writer
from tests.factories.commissions import Country, make_country, make_officer, sign_in_as
from tests.factories.curriculum import make_course


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_course()


@pytest.fixture
def writer(country: Country, version: CourseVersion, client: Client) -> Account:
    account = make_writer(country)
    sign_in_as(client, account)
    return account


def send(client: Client, version: CourseVersion, content: bytes = GIFT, **more: str) -> Any:
    data = {"file": (io.BytesIO(content), "a.gift"), "form": "", "language": "en"}
    place = f"small/{list_topics(version.id)[0].code}"
    return client.post(
        "/en/bank/imports/new", data={**data, "place": place, **more}, content_type="multipart/form-data"
    )


def newest() -> QuestionImport:
    return db.session.scalars(select(QuestionImport).order_by(QuestionImport.id.desc()).limit(1)).one()


def test_a_file_becomes_drafts_and_they_are_dropped_again(
    client: Client, version: CourseVersion, writer: Account
) -> None:
    assert "No file was sent yet" in client.get("/en/bank/imports").text
    assert client.get("/en/bank/imports/new").status_code == 200
    answer = send(client, version)
    assert answer.status_code == 302
    address = answer.location
    page = client.get(address).text
    assert "Look through before making drafts" in page
    assert "It asks for free text, which a person must read." in page
    assert "Yet to be written: Қазақша, Русский, the explanation, the source marks." in page
    assert "As a learner would see it" in page
    client.post(f"{address}/apply")
    page = client.get(address).text
    assert "Drafts were made of this file" in page
    assert [draft.head["id"] for draft in db.session.scalars(select(Draft))] == ["one", "one-2"]
    client.post(f"{address}/undo")
    assert "The drafts of this file were dropped" in client.get(address).text
    assert {draft.state for draft in db.session.scalars(select(Draft))} == {"dropped"}
    assert "a.gift" in client.get("/en/bank/imports").text


def test_the_same_file_again_says_so(client: Client, version: CourseVersion, writer: Account) -> None:
    first = send(client, version).location
    client.post(f"{first}/apply")
    second = send(client, version).location
    page = client.get(second).text
    assert "Sending it again changes nothing." in page
    assert "Make 2 drafts" not in page
    client.post(f"{second}/apply")
    assert "very same file already" in client.get(second).text
    assert len(db.session.scalars(select(Draft)).all()) == 2


@pytest.mark.parametrize(
    ("content", "more", "sentence"),
    [
        (b"nothing here", {}, "looks like none of the formats"),
        (b"<!DOCTYPE x []><quiz/>", {}, "declares a document type"),
        (GIFT, {"form": "moodle"}, "Line 1: this is not XML"),
        (GIFT, {"place": "small/nowhere"}, "Not a valid choice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_form(
    client: Client, version: CourseVersion, writer: Account, content: bytes, more: dict[str, str], sentence: str
) -> None:
    answer = send(client, version, content, **more)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalars(select(QuestionImport)).all() == []


def test_scripts_of_a_file_are_words_on_the_page(client: Client, version: CourseVersion, writer: Account) -> None:
    page = client.get(send(client, version, b"::<script>x</script>::[plain]<img src=x onerror=y>? {T}").location).text
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=y&gt;?" in page


def test_many_questions_stand_on_several_pages(client: Client, version: CourseVersion, writer: Account) -> None:
    address = send(client, version, b"\n\n".join(b"Is it %d? {T}" % n for n in range(120))).location
    page = client.get(address).text
    assert "Page 1 of 3" in page
    assert page.count('name="q0-en-choice"') == page.count('name="q1-en-choice"') == 2
    assert "Is it 119?" in client.get(f"{address}?page=9").text
    assert "No question is like that." in client.get(f"{address}?status=skipped").text


def test_questions_are_taken_out_after_what_is_lost_was_said(
    client: Client, version: CourseVersion, writer: Account
) -> None:
    assert client.get("/en/bank/take-out").status_code == 200
    asked = "course=small&form=gift&language=ru"
    page = client.get(f"/en/bank/take-out?{asked}").text
    assert "What this format cannot carry" in page
    assert "Left out: what the question is for, the source marks." in page
    answer = client.get(f"/en/bank/take-out/file?{asked}")
    assert answer.headers["Content-Disposition"].endswith("small-gift-ru.gift")
    reading = read_questions(answer.data, language="ru")
    assert reading.count()["questions"] == reading.count()["imported"] > 2
    answer = client.get("/en/bank/take-out/file?course=small&form=moodle&language=all")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == [f"small-moodle-{language}.xml" for language in ("kk", "ru", "en")]
    page = client.get("/en/bank/take-out?course=small&form=cascade&language=kk").text
    assert "Everything is carried" in page
    assert client.get("/en/bank/take-out/file?course=small&form=aiken&kind=number").status_code == 404
    assert client.get("/en/bank/take-out/file?course=none").status_code == 404


def test_only_methodologists_enter(client: Client, country: Country, version: CourseVersion) -> None:
    sign_in_as(client, make_officer(country.central, Role.REPORTING_OFFICER))
    for address in ("imports", "imports/new", "imports/1", "take-out", "take-out/file"):
        assert client.get(f"/en/bank/{address}").status_code == 404

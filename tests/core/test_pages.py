"""One commit a request, plain pages for every refusal, and what was typed is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, Response, flash, request, send_file
from flask.testing import FlaskClient
from sqlalchemy import func, select
from structlog.testing import capture_logs
from werkzeug.http import parse_options_header

from lms.app import create_app
from lms.campaigns.models import Installation
from lms.commissions.rules import Role
from lms.core.audit.actions import record
from lms.core.audit.models import AuditEntry
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.web import access
from lms.core.web.setup import keep_changes
from tests.conftest import Client
from tests.factories.commissions import SYSTEM, make_country, make_officer, sign_in_as

LETTERS = "Хаттар № 7 УСК, Ақтөбе.pdf"
PROXIED = {"X-Forwarded-For": "10.9.9.9, 203.0.113.7"}


@pytest.fixture
def probe(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An app with a few pages of its own, on a database of its own, without the tests' outer transaction."""
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'probe.db'}"))
    app.config["WTF_CSRF_ENABLED"] = False
    for view in (good, refused, forbidden, kept, broken, missing, letters):
        app.add_url_rule(f"/{view.__name__}", view.__name__, access.public(view), methods=["GET", "POST"])
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("public_url", "address"), [("https://training.example", "203.0.113.7"), ("http://127.0.0.1:8000", "127.0.0.1")]
)
def test_behind_a_proxy_the_persons_own_address_counts(settings: Settings, public_url: str, address: str) -> None:
    """Only what our own proxy added is believed, and nothing where there is no proxy."""
    app = create_app(replace(settings, public_url=public_url))
    app.add_url_rule("/whence", "whence", access.public(lambda: request.remote_addr or ""))
    assert app.test_client().get("/en/whence", headers=PROXIED).text == address


def good() -> str:
    write()
    return "good"


def refused() -> str:
    write()
    raise Refused("The list is closed. Open a new one.")


def forbidden() -> str:
    write()
    raise Forbidden("Ask the officer.")


def kept() -> tuple[str, int]:
    write()
    keep_changes()
    return "counted", 422


def broken() -> str:
    write()
    flash("never seen")
    raise ZeroDivisionError("secret of the machine")


def missing() -> str:
    raise NotFound


def letters() -> Response:
    return send_file(BytesIO(b"x"), as_attachment=True, download_name=LETTERS)


def write() -> None:
    record("probe.written", by=SYSTEM, subject="probe:1")


def count_written(app: Flask) -> int:
    """How many entries were committed."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize(
    ("page", "status", "written"),
    [("good", 200, 1), ("refused", 422, 0), ("forbidden", 403, 0), ("kept", 422, 1), ("broken", 500, 0)],
)
def test_a_good_answer_commits_once_and_no_other_does(probe: Flask, page: str, status: int, written: int) -> None:
    assert probe.test_client().post(f"/en/{page}").status_code == status
    assert count_written(probe) == written


def test_a_refusal_is_a_plain_page_with_its_sentence(probe: Flask) -> None:
    client = probe.test_client()
    page = client.get("/en/refused").text
    assert "That cannot be done" in page
    assert "The list is closed. Open a new one." in page
    assert "Бұл сіздің құзыретіңізде емес" in client.get("/kk/forbidden").text
    assert client.get("/ru/missing").status_code == 404
    assert "Такой страницы нет" in client.get("/ru/missing").text


def test_our_own_fault_tells_nothing_of_the_machine(probe: Flask) -> None:
    with capture_logs() as logs:
        page = probe.test_client().get("/en/broken").text
    assert "Something went wrong on our side" in page
    assert "secret of the machine" not in page
    assert [line["event"] for line in logs] == ["fault"]


def test_a_demo_installation_says_so_on_every_page(probe: Flask) -> None:
    words = "DEMO: invented people"
    assert words not in probe.test_client().get("/en/sign-in").text
    with probe.app_context():
        db.session.add(Installation(id=1, demo=True))
        db.session.commit()
    assert words in probe.test_client().get("/en/sign-in").text
    assert words in probe.test_client().get("/en/nothing-here").text


@pytest.mark.parametrize("address", ["/en/nothing-here", "/nothing-here", "/en/commissions/99999999999999999999"])
def test_absent_pages_look_the_same(client: Client, address: str) -> None:
    assert client.get(address, headers={"Accept-Language": "en"}).status_code in (302, 404)


def test_an_expired_form_keeps_what_was_typed_but_no_secret(strict_client: Client) -> None:
    answer = strict_client.post("/en/sign-in", data={"login": "typed login", "secret": "typed secret"})
    assert answer.status_code == 400
    assert 'value="typed login"' in answer.text
    assert "typed secret" not in answer.text
    assert 'name="csrf_token"' in answer.text
    assert 'action="/en/sign-in"' in answer.text


def test_what_was_typed_stands_under_the_words_of_its_form(strict_client: Client) -> None:
    told = {"do": "names", "names-kk": "Аты", "names-ru": "Имя", "made-up": "nothing of ours, but typed"}
    page = strict_client.post("/en/commissions/1/arrange", data=told).text
    shown = re.findall(r'<label for="[^"]+">([^<]*)</label>\s*<input[^>]* name="([^"]+)"', page)
    assert shown == [
        ("Name in Kazakh", "names-kk"), ("Name in Russian", "names-ru"), ("What you typed", "made-up"),
    ]  # fmt: skip
    assert '<input type="hidden" name="do" value="names">' in page
    page = strict_client.post("/ru/people/1/contact", data={"outcome": "reached", "note": "был дома", "next": "7"}).text
    assert '<input type="hidden" name="outcome" value="reached">' in page
    assert '<input type="hidden" name="next" value="7">' in page
    assert re.findall(r'<label for="[^"]+">([^<]*)</label>', page) == ["Заметка"]


def test_our_own_form_says_where_it_comes_from(strict_client: Client) -> None:
    told = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = strict_client.post("/en/sign-in", data={"login": "typed login"}, headers=told)
    assert 'value="typed login"' in answer.text


def test_sent_again_from_the_kept_page_it_is_read(strict_client: Client) -> None:
    page = strict_client.post("/en/sign-in", data={"login": "typed login"}).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = strict_client.post("/en/sign-in", data={"csrf_token": token, "login": "typed login"})
    assert answer.status_code == 422
    assert "Type your password, or the code from your slip." in answer.text


@pytest.mark.parametrize(
    "told",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_gets_no_such_offer(strict_client: Client, told: dict[str, str]) -> None:
    answer = strict_client.post("/en/sign-in", data={"login": "planted"}, headers=told)
    assert answer.status_code == 400
    assert "planted" not in answer.text
    assert 'action="/en/sign-in"' not in answer.text


def test_a_signed_out_person_keeps_what_they_typed(client: Client) -> None:
    answer = client.post("/en/choose-password", data={"password": "new secret", "note": "typed\nin two lines"})
    assert answer.status_code == 401
    assert "typed\nin two lines" in answer.text
    assert "new secret" not in answer.text


def test_what_was_typed_cannot_become_markup(strict_client: Client) -> None:
    answer = strict_client.post("/en/sign-in", data={"login": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_pages_carry_their_headers(client: FlaskClient) -> None:
    headers = client.get("/en/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-" in headers["Cache-Control"]


def test_a_wrong_method_is_a_plain_page(client: Client) -> None:
    answer = client.get("/en/sign-out")
    assert answer.status_code == 405
    assert "That did not work" in answer.text


@pytest.mark.parametrize("address", ["/en/manuals/a%00b", "/en/figures/a%00/1/ru/b.svg", "/en/calendar/abc%00.ics"])
def test_an_address_with_a_sign_that_no_text_has_names_no_page(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_what_is_sent_is_read_without_that_sign(client: Client) -> None:
    answer = client.post("/en/sign-in?next=%2Fen%00", data={"login": "a\x00b", "secret": "c\x00d"})
    assert answer.status_code == 422
    assert 'value="ab"' in answer.text


def test_a_number_that_no_column_holds_names_nothing(client: Client) -> None:
    country = make_country()
    sign_in_as(client, make_officer(country.central, Role.CEC_ADMINISTRATOR))
    for number in (99999999999, 10**30):
        address = f"/en/commissions/{country.region.id}/roles/revoke?account={number}&role=auditor"
        assert client.get(address).status_code == 404
        assert client.get(f"/en/people/{number}").status_code == 404
        assert client.post(f"/en/commissions/{number}/arrange", data={"do": "names"}).status_code in (404, 422)


def test_a_file_with_a_name_in_other_letters_has_one_in_latin_too(probe: Flask) -> None:
    said = probe.test_client().get("/kk/letters").headers["Content-Disposition"]
    assert said.startswith("attachment; filename=\"Hattar No 7 USK, Aqtobe.pdf\"; filename*=UTF-8''%D0%A5")
    assert parse_options_header(said)[1]["filename"] == LETTERS

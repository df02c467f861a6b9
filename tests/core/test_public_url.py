"""PUBLIC_URL: what is taken, how it is printed, and what is refused with a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import request, session
from werkzeug import Response
from werkzeug.test import Client as WerkzeugClient

from lms.app import create_app
from lms.cli import main
from lms.core.config import Settings
from lms.core.errors import Refused
from lms.core.public_url import read_public_url
from lms.core.web import access, hosts

OWN = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://training.example", "https://training.example"),
        (" HTTPS://Training.Example/ ", "https://training.example"),
        ("https://training.example:443", "https://training.example"),
        ("https://training.example:8443/", "https://training.example:8443"),
        ("https://xn--80ao21a.xn--80ao21a", "https://xn--80ao21a.xn--80ao21a"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("http://server", "http://server"),
    ],
)
def test_an_address_is_taken_as_it_is_printed(said: str, kept: str) -> None:
    assert read_public_url(said) == kept


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("training.example", "the beginning is missing"),
        ("training.example:8443", "the beginning is missing"),
        ("ftp://training.example", "no browser opens"),
        ("https://", "no browser opens"),
        ("https://training .example", "no browser opens"),
        ("https://training.example:99999", "no address"),
        ("https://[::1", "no address"),
        ("https://training.example/lms", "nothing may follow"),
        ("https://training.example?x=1", "nothing may follow"),
        ("https://training.example/#x", "nothing may follow"),
        ("https://head:secret@training.example", "would be printed"),
        ("https://оқу.қаз", "write xn--"),
        ("http://training.example", "write https://training.example|Write https://training.example"),
        ("http://8.8.8.8", "unencrypted"),
    ],
)
def test_what_cannot_be_meant_is_refused(said: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_public_url(said)


@pytest.mark.parametrize(("name", "value"), [("PUBLIC_URL", "training.example"), ("PORT", "eight")])
def test_a_command_refuses_it_with_a_sentence_before_anything_is_made(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANCE", str(tmp_path / "new"))
    monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(main, ["db", "upgrade"])
    assert answer.exit_code == 1
    assert answer.stderr.startswith(f"{name} says")
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()


HOSTS = [
    ("training.example", True),
    ("training.example:8443", True),
    ("TRAINING.example", True),
    ("127.0.0.1:8000", True),
    ("localhost", True),
    ("evil.example", False),
    ("training.example.evil.example", False),
    ("evil.example/training.example", False),
    ("training.example@evil.example", False),
    ("[", False),
    ("", False),
]


@pytest.mark.parametrize(("host", "answered"), HOSTS)
def test_a_request_for_another_name_is_not_answered(host: str, answered: bool) -> None:
    """And its name is repeated nowhere."""
    door = hosts.OurNamesOnly(Response("the page"), "https://training.example:8443")
    response = WerkzeugClient(door).get("/", headers={"Host": host})
    assert (response.status_code == 200) is answered
    if not answered:
        assert response.status_code == 400
        assert "This server is at https://training.example:8443." in response.text
        assert "evil" not in response.text


def page() -> str:
    """A page that keeps something in the session."""
    session["kept"] = "x"
    return f"{request.remote_addr}"


def test_the_app_takes_the_public_address_for_its_own(settings: Settings) -> None:
    """Every cookie is for HTTPS only, browsers are told to stay there, and no other name is answered."""
    public, local = (create_app(replace(settings, public_url=url)) for url in ("https://training.example", OWN))
    for app in (public, local):
        app.add_url_rule("/page", "page", access.public(page))
    come = {"Host": "training.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    response = public.test_client().get("/kk/page", headers=come)
    assert response.text == "203.0.113.7"
    cookies = response.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"session", "language"}
    assert [cookie for cookie in cookies if "Secure" not in cookie or "HttpOnly" not in cookie] == []
    assert "max-age=31556926" in response.headers["Strict-Transport-Security"]
    assert public.test_client().get("/kk/page", headers={**come, "Host": "evil.example"}).status_code == 400
    at_home = local.test_client().get("/kk/page", headers={**come, "Host": "forwarded.example"})
    assert at_home.text == "127.0.0.1"
    assert "Strict-Transport-Security" not in at_home.headers

"""What is printed carries PUBLIC_URL, whatever name a request came by; while that leads nowhere, this is said first."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader

from lms.cli import main
from lms.core.config import Settings
from tests.conftest import Client
from tests.factories.certificates import make_certificate
from tests.factories.commissions import make_member, make_officer, sign_in_as
from tests.factories.workshops import make_setting

FORGED = {"Host": "evil.example"}
SAID = "works on this machine only"
WHERE = [("http://127.0.0.1:8000", True), ("https://training.example", False)]


@pytest.fixture(params=WHERE, ids=lambda where: where[0])
def told(
    request: pytest.FixtureRequest, app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, bool]:
    """The public address of the installation, and whether it works on this machine only."""
    address, local = request.param
    monkeypatch.setitem(app.extensions, "settings", replace(settings, public_url=address))
    return address, local


def words_of(document: bytes) -> str:
    """The text of a PDF, in one line."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages).replace("\n", "")


def test_pages_and_commands_that_print(client: Client, told: tuple[str, bool], tmp_path: Path) -> None:
    address, local = told
    country = make_setting().country
    officer = make_officer(country.district)
    person = make_member(country.precinct)
    person.password_hash = None
    certificate = make_certificate(country.precinct)
    sign_in_as(client, officer)
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value, domain="evil.example")
    pages = [
        f"/commissions/{country.precinct.id}/slips",
        f"/commissions/{country.precinct.id}/certificates",
    ]
    for page in pages:
        answer = client.get(f"/kk{page}", headers=FORGED).text
        assert ("Сайттың мекенжайы әлі бапталмаған" in answer) is local, page
        assert "evil.example" not in answer
    assert "бапталмаған" not in client.get(f"/kk/people/{person.person_id}").text  # said once, where it is printed
    prints = {"slips": ("accounts", "slips"), "certificates": ("certificates", "print")}
    for name, words in prints.items():
        out = tmp_path / f"{name}.pdf"
        place = ("--commission", country.precinct.code, "--by", officer.login, "--out", str(out))
        done = CliRunner().invoke(main, [*words, *place])
        assert done.exit_code == 0, done.stderr
        assert (SAID in done.stderr) is local
    shown = address.partition("//")[2]
    assert shown in words_of((tmp_path / "slips.pdf").read_bytes())
    sheet = client.post(f"/kk{pages[1]}", headers=FORGED).data
    assert f"{address}/verify/{certificate.code[:4]}" in words_of(sheet)
    assert "evil.example" not in words_of(sheet)

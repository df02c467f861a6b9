"""The offline check finds every edit, in a PDF and in a text."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from click.testing import CliRunner
from flask import Flask
from PIL import Image
from pypdf import PdfReader, PdfWriter

from lms.certificates import checking, printing, rules, signing
from lms.certificates.keys import signing_key
from lms.certificates.models import Certificate
from lms.cli import main
from lms.core.config import load_secrets
from lms.core.database.base import db
from tests.factories.certificates import make_certificate
from tests.factories.commissions import make_officer
from tests.factories.workshops import Setting, make_setting


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country and a course."""
    return make_setting()


@pytest.fixture
def certificate(setting: Setting) -> Certificate:
    """A certificate of a precinct member."""
    return make_certificate(setting.country.precinct)


@pytest.fixture
def pdf(certificate: Certificate) -> bytes:
    """Its document."""
    return printing.render_sheets([printing.sheet_of(certificate)], title="t")


def check(content: bytes) -> checking.Report:
    """What the check with our own key finds."""
    return checking.check_file(content, signing_key().public_key())


def test_the_document_as_issued_is_genuine(pdf: bytes, certificate: Certificate) -> None:
    report = check(pdf)
    assert report.is_genuine
    assert report.untouched
    assert report.certificates[0].facts == certificate.facts


def test_any_changed_byte_is_found(pdf: bytes) -> None:
    step = len(pdf) // 97
    for place in range(0, len(pdf), step):
        broken = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        try:
            assert not check(broken).is_genuine
        except checking.Unreadable:
            continue


EDITS: dict[str, Callable[[dict[str, Any]], None]] = {
    "number": lambda facts: facts.update(number="KZ-2026-PEC-999999"),
    "holder": lambda facts: facts.update(masked="Б. Б. Б••••••б"),
    "course": lambda facts: facts.update(course_code="other"),
    "level": lambda facts: facts.update(level="tec"),
    "issued_on": lambda facts: facts.update(issued_on="2020-01-01"),
    "kind": lambda facts: facts.update(kind="attendance"),
    "demo": lambda facts: facts.update(demo=False),
    "facts": lambda facts: facts.update(holder="Басқа Адам"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_fact_is_named(certificate: Certificate, name: str) -> None:
    """A forger edits one fact, prints the page anew and keeps payload and QR; the forger has another key."""
    facts = json.loads(json.dumps(certificate.facts))
    EDITS[name](facts)
    forged = Certificate(facts=facts, payload=certificate.payload, code=certificate.code)
    content = printing.render_sheets([printing.sheet_of(forged)], title="t").rpartition(signing.SEAL)[0]
    report = check(content)
    assert not report.is_genuine
    assert report.certificates[0].altered == [name]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("number", {"number": "KZ-2026-PEC-999999"}),
        ("holder", {"holder": "Басқа Адам"}),
        ("course", {"course": {"kk": "Басқа курс", "ru": "Другой курс"}}),
        ("commission", {"commission": {"kk": "№ 1 УСК", "ru": "УИК № 1"}}),
        ("hours", {"hours": 72}),
        ("score", {"right": 20}),
        ("level", {"level": "tec"}),
        ("issued_on", {"issued_on": "2020-01-01"}),
        ("valid_until", {"valid_until": "2050-01-01"}),
        ("demo", {"demo": False}),
    ],
)
def test_an_edited_page_with_the_true_facts_attached_is_found(
    certificate: Certificate, pdf: bytes, name: str, change: dict[str, Any]
) -> None:
    """A forger changes what is seen and leaves what is attached."""
    forged = Certificate(facts={**certificate.facts, **change}, payload=certificate.payload, code=certificate.code)
    seen = PdfReader(io.BytesIO(printing.render_sheets([printing.sheet_of(forged)], title="t")))
    writer = PdfWriter()
    writer.add_page(seen.pages[0])
    writer.add_attachment(printing.ATTACHMENT, PdfReader(io.BytesIO(pdf)).attachments[printing.ATTACHMENT][0])
    content = io.BytesIO()
    writer.write(content)
    report = check(content.getvalue())
    assert report.untouched is False
    assert report.certificates[0].altered == [name]


def test_a_saved_again_file_is_told_from_a_forged_one(pdf: bytes) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    content = io.BytesIO()
    writer.write(content)
    report = check(content.getvalue())
    assert (report.untouched, report.certificates[0].altered, report.is_genuine) == (False, [], False)


def test_the_words_of_a_qr_are_checked(certificate: Certificate) -> None:
    for words in (
        certificate.payload,
        f"http://localhost/verify/{certificate.code}#{certificate.payload}\n",
        f"\ufeff{certificate.payload}",
    ):
        assert check(words.encode()).is_genuine
    place = len(certificate.payload) - 10  # a sign of the signature, another one there
    other = "B" if certificate.payload[place] == "A" else "A"
    edited = certificate.payload[:place] + other + certificate.payload[place + 1 :]
    assert check(edited.encode()).certificates[0].altered == ["signature"]


def test_another_key_finds_no_signature(pdf: bytes, certificate: Certificate, tmp_path: Path) -> None:
    stranger = load_secrets(tmp_path).signing.public_key()
    for content in (pdf, certificate.payload.encode()):
        report = checking.check_file(content, stranger)
        assert not report.is_genuine
        assert report.certificates[0].altered == ["signature"]


@pytest.mark.parametrize(
    "content", [b"", b"words", b"\xff\xfe\x00", b"%PDF-1.7 nothing", b"a.b.c", "қ.қ".encode(), b"%PDF-1.7\n%%EOF"]
)
def test_other_files_hold_no_certificate(app: Flask, content: bytes) -> None:
    with pytest.raises(checking.Unreadable):
        check(content)


@pytest.mark.parametrize(
    "attached", ["[]", "{}", "[1]", '[{"payload": "x"}]', '[{"facts": {}, "payload": "a.b"}]', "no"]
)
def test_odd_attachments_are_no_certificate(app: Flask, attached: str) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment(printing.ATTACHMENT, attached.encode())
    content = io.BytesIO()
    writer.write(content)
    with contextlib.suppress(checking.Unreadable):
        assert not check(content.getvalue()).is_genuine


def test_the_commands_print_and_verify(setting: Setting, certificate: Certificate, tmp_path: Path) -> None:
    officer = make_officer(setting.country.district)
    out = tmp_path / "all.pdf"
    told = ["--commission", setting.country.district.code, "--by", officer.login, "--out", str(out)]
    number = certificate.number
    done = CliRunner().invoke(main, ["certificates", "print", *told])
    assert done.exit_code == 0, done.output
    checked = CliRunner().invoke(main, ["certificates", "verify", str(out), "--json"])
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["certificates"][0]["number"] == number
    out.write_bytes(out.read_bytes().replace(b"%cascade-seal ", b"%cascade-seal x"))
    refused = CliRunner().invoke(main, ["certificates", "verify", str(out)])
    assert refused.exit_code == 1
    assert "changed after it was issued" in refused.stderr
    payload = tmp_path / "qr.txt"
    payload.write_text("http://x/verify/1#eHl6.AAAA")
    forged = CliRunner().invoke(main, ["certificates", "verify", str(payload)])
    assert (forged.exit_code, "NOT genuine" in forged.stderr) == (1, True)
    key = CliRunner().invoke(main, ["certificates", "key"]).stdout.strip()
    assert len(key) == 64
    with_key = CliRunner().invoke(main, ["certificates", "verify", str(payload), "--key", "zz"])
    assert (with_key.exit_code, "64 hex digits" in with_key.stderr) == (1, True)


def test_the_print_command_refuses_with_a_sentence(setting: Setting, tmp_path: Path) -> None:
    stranger = make_officer(setting.country.sister_district)
    out = tmp_path / "none.pdf"
    place = setting.country.precinct.code
    db.session.commit()
    for login, sentence in (
        (stranger.login, "not in your branch"),
        ("nobody", "no account"),
        ("head", "no certificate"),
    ):
        command = ["certificates", "print", "--commission", place, "--by", login, "--out", str(out)]
        refused = CliRunner().invoke(main, command)
        assert (refused.exit_code, sentence in refused.stderr) == (1, True), refused.stderr
    assert not out.exists()


def test_the_code_on_paper_leads_to_the_check_page(certificate: Certificate) -> None:
    sheet = printing.sheet_of(certificate)
    assert rules.read_code(sheet.address.rpartition("/")[2]) == certificate.code


def test_the_picture_of_the_qr_is_the_qr(app: Flask) -> None:
    words = "https://cascade.example/verify/" + rules.new_code() + "#" + "x" * 220
    picture = Image.open(io.BytesIO(base64.b64decode(printing.qr_of(words).partition(",")[2])))
    matrix = segno.make(words, error="m", mask=4, boost_error=False, micro=False).matrix
    side = len(matrix) + 2 * printing.BORDER
    assert (picture.mode, picture.size) == ("1", (side, side))
    for y in range(side):
        for x in range(side):
            row, column = y - printing.BORDER, x - printing.BORDER
            inside = 0 <= row < len(matrix) and 0 <= column < len(matrix)
            assert bool(picture.getpixel((x, y))) is not (inside and bool(matrix[row][column]))

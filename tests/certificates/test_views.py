"""Pages of certificates: what each kind of person gets, and each refusal."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from pypdf import PdfReader

from lms.certificates import queries, rules
from lms.certificates.models import Certificate, CertificatePrint
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.core.jobs.models import Job
from tests.conftest import Client
from tests.factories.certificates import complete, make_certificate
from tests.factories.commissions import make_member, make_officer, sign_in_as
from tests.factories.workshops import Setting, make_setting


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country and a course."""
    return make_setting()


def test_the_holder_downloads_the_own_certificate_and_nobody_else(setting: Setting, client: Client) -> None:
    country = setting.country
    member = make_member(country.precinct, surname="Құпиянова")
    address = f"/en/certificates/{complete(member).id}"
    assert client.get(address).status_code == 302
    others = (make_member(country.precinct), setting.trainer, make_officer(country.district), country.head)
    country.head.totp_encrypted = setting.trainer.totp_encrypted
    for stranger in others:
        sign_in_as(client, stranger)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}/prepare").status_code == 404
    sign_in_as(client, member)
    response = client.get(address)
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Құпиянова" in PdfReader(io.BytesIO(response.data)).pages[0].extract_text()


def test_the_page_waits_while_it_is_rendered(setting: Setting, client: Client) -> None:
    member = make_member(setting.country.precinct)
    certificate = complete(member)
    db.session.info.pop("jobs_to_call", None)
    address = f"/en/certificates/{certificate.id}"
    sign_in_as(client, member)
    page = client.get(address)
    assert "is being prepared" in page.text
    assert 'http-equiv="refresh"' in page.text
    client.post(f"{address}/prepare")
    assert db.session.query(Job).filter_by(kind=queries.RENDER).count() == 1  # it waits already
    db.session.query(Job).update({"state": "failed"})
    client.post(f"{address}/prepare")
    assert client.get(address).mimetype == "application/pdf"


def test_a_stranger_learns_what_the_paper_says_and_nothing_else(setting: Setting, client: Client) -> None:
    member = make_member(setting.country.precinct, surname="Құпиянова", given_name="Бибігүл", patronymic="Асқарқызы")
    certificate = complete(member)
    secrets = ["Құпиянова", "Бибігүл", "Асқарқызы", member.login, member.person.number_last4, "PEC No. 17", "18 / 20"]
    code, number, issued = certificate.code, certificate.number, certificate.issued_on
    for typed in (code, rules.show_code(code).upper()):
        page = client.get(f"/en/verify/{typed}")
        assert page.status_code == 200
        for words in ("This certificate is valid", number, "Б. А. Қ•••••••а", "precinct election commission", "DEMO"):
            assert words in page.text
        assert str(issued.year) in page.text
        assert not [secret for secret in secrets if secret in page.text]
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_an_unknown_code_gets_the_same_page_with_404(setting: Setting, client: Client) -> None:
    make_certificate(setting.country.precinct)
    for code in (rules.new_code(), "x", "'; DROP TABLE certificate; --", "%00"):
        page = client.get(f"/en/verify/{code}")
        assert page.status_code == 404
        assert "No certificate has this code" in page.text
        assert "Code from the certificate" in page.text
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_code_is_typed_into_the_form(setting: Setting, client: Client) -> None:
    code = make_certificate(setting.country.precinct).code
    assert client.get("/en/verify").status_code == 200
    response = client.get("/en/verify", query_string={"code": rules.show_code(code).upper()})
    assert response.headers["Location"] == f"/en/verify/{code}"
    assert client.get("/en/verify", query_string={"code": "қ"}, follow_redirects=True).status_code == 404


def test_expired_and_withdrawn_ones_say_so(setting: Setting, client: Client) -> None:
    member = make_member(setting.country.precinct)
    certificate = complete(member)
    code, certificate_id = certificate.code, certificate.id
    certificate.valid_until = clock.today() - timedelta(days=1)
    assert "has expired" in client.get(f"/en/verify/{code}").text
    sign_in_as(client, make_officer(setting.country.district))
    address = f"/en/certificates/{certificate_id}/withdraw"
    assert "Withdraw certificate" in client.get(address).text
    empty = client.post(address, data={"reason": ""})
    assert (empty.status_code, "Say why" in empty.text) == (422, True)
    assert client.post(address, data={"reason": "Құпия себеп"}).status_code == 302
    twice = client.post(address, data={"reason": "again"})
    assert (twice.status_code, "withdrawn before" in twice.text) == (422, True)
    page = client.get(f"/en/verify/{code}").text
    assert "This certificate was withdrawn" in page
    assert "Құпия себеп" not in page
    sign_in_as(client, member)
    own = client.get(f"/en/certificates/{certificate_id}").text
    assert "Құпия себеп" in own
    assert "refresh" not in own


def test_an_officer_prints_a_commission(setting: Setting, client: Client) -> None:
    for surname in ("Абаев", "Бекова"):
        make_certificate(setting.country.precinct, surname=surname)
    sign_in_as(client, make_officer(setting.country.district))
    address = f"/en/commissions/{setting.country.district.id}/certificates"
    page = client.get(address).text
    assert "2 certificates" in page
    assert "Бекова" in page
    response = client.post(address)
    assert response.mimetype == "application/pdf"
    assert len(PdfReader(io.BytesIO(response.data)).pages) == 2
    empty = f"/en/commissions/{setting.country.second_precinct.id}/certificates"
    assert "No certificate yet" in client.get(empty).text
    assert client.post(empty).status_code == 422


def test_many_are_printed_by_the_worker(setting: Setting, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.certificates.views.AT_ONCE", 1)
    for _one in range(2):
        make_certificate(setting.country.precinct)
    officer = make_officer(setting.country.district)
    sign_in_as(client, officer)
    address = f"/en/commissions/{setting.country.precinct.id}/certificates"
    page = client.post(address).headers["Location"]
    assert "2 certificates are ready to print" in client.get(page).text
    assert len(PdfReader(io.BytesIO(client.get(f"{page}/file").data)).pages) == 2
    assert "Print of" in client.get(address).text
    for stranger in (
        make_officer(setting.country.sister_district),
        setting.trainer,
        make_member(setting.country.precinct),
    ):
        sign_in_as(client, stranger)
        assert client.get(page).status_code == client.get(f"{page}/file").status_code == 404
    sign_in_as(client, officer)
    asked = db.session.query(CertificatePrint).one()
    asked.document_id = None
    assert asked.job is not None
    asked.job.state, asked.job.done, asked.job.total = "running", 100, 1765
    waiting = client.get(page).text
    assert "are being laid out" in waiting
    assert "100 of 1\u202f765" in waiting
    assert client.get(f"{page}/file").status_code == 404
    db.session.query(Job).update({"state": "failed", "sentence": ""})
    assert "could not be printed" in client.get(page).text


def test_each_officer_page_is_closed_to_others(setting: Setting, client: Client) -> None:
    country = setting.country
    certificate_id = make_certificate(country.precinct, surname="Құпиянова").id
    strangers = [
        make_officer(country.sister_district),
        make_officer(country.sister_region),
        setting.trainer,
        make_officer(country.central, Role.METHODOLOGIST),
        make_member(country.precinct),
    ]
    pages = [f"/en/commissions/{country.precinct.id}/certificates", f"/en/certificates/{certificate_id}/withdraw"]
    for stranger in strangers:
        sign_in_as(client, stranger)
        for page in pages:
            for answer in (client.get(page), client.post(page, data={"reason": "x"})):
                assert answer.status_code == 404
                assert "Құпиянова" not in answer.text
    assert db.session.get_one(Certificate, certificate_id).withdrawn_at is None
    country.head.totp_encrypted = setting.trainer.totp_encrypted
    for officer in (make_officer(country.region), country.head):
        sign_in_as(client, officer)
        assert [client.get(page).status_code for page in pages] == [200, 200]


def test_withdrawing_needs_its_token(setting: Setting, strict_client: Client) -> None:
    certificate_id = make_certificate(setting.country.precinct).id
    sign_in_as(strict_client, make_officer(setting.country.district))
    response = strict_client.post(f"/en/certificates/{certificate_id}/withdraw", data={"reason": "x"})
    assert response.status_code == 400
    assert db.session.get_one(Certificate, certificate_id).withdrawn_at is None

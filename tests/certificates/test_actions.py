"""Issuing, rendering, printing, withdrawing."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from lms.certificates import actions, checking, printing, queries, rules, signing
from lms.certificates.keys import signing_key
from lms.certificates.models import Certificate, CertificatePrint
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.audit.models import AuditEntry, AuditValue
from lms.core.database.base import db
from lms.core.documents import storage
from lms.core.errors import Forbidden, Refused
from lms.core.jobs.models import Job
from lms.core.jobs.queue import call_worker
from lms.learning.actions import complete_activity
from tests.factories.certificates import complete, make_certificate
from tests.factories.commissions import make_member, make_officer, scope
from tests.factories.progress import do
from tests.factories.workshops import Setting, make_setting


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country and a course."""
    return make_setting()


def work() -> None:
    """Have the worker do what was asked for."""
    db.session.commit()
    call_worker()


def test_the_last_step_of_a_course_issues_one_certificate(setting: Setting) -> None:
    member = make_member(setting.country.precinct, surname="Серікова", given_name="Айгүл", patronymic="Маратқызы")
    enrolment = do(member, "module:opening", "module:count", "test")
    assert queries.find_of_enrolment(enrolment.id) is None
    for _again in range(2):
        complete_activity(enrolment=enrolment, activity="workshop", by=SYSTEM)
    certificate = db.session.scalars(select(Certificate)).one()
    today = clock.today()
    assert certificate.number == f"KZ-{today.year}-PEC-{enrolment.id:06d}"
    assert (certificate.person_id, certificate.commission_id) == (member.person_id, setting.country.precinct.id)
    assert (certificate.issued_on, certificate.valid_until) == (today, rules.valid_until(today))
    claim = signing.read_payload(certificate.payload, signing_key().public_key())
    assert (claim.number, claim.holder, claim.level) == (certificate.number, "А. М. С••••••а", "pec")
    assert "Серікова" not in str(claim)
    assert claim.digest == rules.digest_of(certificate.facts)


def test_the_facts_say_what_was_done(setting: Setting) -> None:
    facts = make_certificate(setting.country.precinct).facts
    assert (facts["right"], facts["total"], facts["workshop_on"]) == (18, 20, "2026-11-10")
    assert set(facts["course"]) == {"kk", "ru", "en"}
    assert facts["commission"]["ru"] == "УИК № 17, Beineu district"
    assert facts["commission"]["kk"] == "№ 17 УСК, Beineu district"
    assert facts["demo"] is True
    reading = sum(module.minutes for module in setting.version.modules)
    assert facts["hours"] == rules.academic_hours(reading + setting.version.test["minutes"] + 120)
    json.dumps(facts)


def test_a_certificate_waits_for_the_whole_course(setting: Setting) -> None:
    enrolment = do(make_member(setting.country.precinct), "test")
    with pytest.raises(Refused, match="not completed"):
        actions.issue_certificate(enrolment=enrolment, by=SYSTEM)


def test_the_worker_renders_it_once(setting: Setting) -> None:
    certificate_id = make_certificate(setting.country.precinct, surname="Құрманғазиева").id
    work()
    certificate = db.session.get_one(Certificate, certificate_id)
    assert certificate.document_id is not None
    row, content = storage.read(certificate.document_id)
    assert (row.media_type, row.name) == ("application/pdf", f"{certificate.number}.pdf")
    assert checking.check_file(content, signing_key().public_key()).is_genuine
    assert db.session.scalars(select(Job.state).where(Job.kind == queries.RENDER)).all() == ["done"]
    actions.keep_document(certificate_id=certificate_id, content=b"another", by=SYSTEM)
    assert db.session.get_one(Certificate, certificate_id).document_id == row.id
    actions.ask_to_render(certificate=certificate, by=SYSTEM)
    assert db.session.scalar(select(func.count(Job.id))) == 1


def test_the_page_says_everything_in_two_languages(setting: Setting) -> None:
    certificate = make_certificate(setting.country.precinct, surname="Өмірбекұлы", given_name="Ғани", patronymic="")
    text = pages_of(certificate)[0]
    for words in (
        "СЕРТИФИКАТ",
        certificate.number,
        "Өмірбекұлы Ғани",
        "№ 17 УСК, Beineu district",
        "УИК № 17, Beineu district",
        "Комиссия деңгейі: учаскелік",
        "Уровень комиссии: участковая",
        "дұрыс жауап: 18 / 20",
        "верных ответов: 18 / 20",
        "10.11.2026",
        f"Дата выдачи: {certificate.issued_on:%d.%m.%Y}",
        "http://localhost/verify/" + rules.show_code(certificate.code),
        "DEMO",
    ):
        assert words in text, words


def test_what_is_unknown_is_left_out(setting: Setting) -> None:
    member = make_member(setting.country.district)
    enrolment = do(member, "module:opening", "module:count", "test")
    complete_activity(enrolment=enrolment, activity="workshop", by=SYSTEM)
    certificate = queries.find_of_enrolment(enrolment.id)
    assert certificate is not None
    assert certificate.number.startswith(f"KZ-{clock.today().year}-TEC-")
    text = pages_of(certificate)[0]
    assert "аумақтық" in text
    assert "Итоговый тест" not in text
    assert "Участие в семинаре" not in text


def pages_of(*certificates: Certificate) -> list[str]:
    """The words of each page of a print."""
    content = printing.render_sheets([printing.sheet_of(one) for one in certificates], title="t")
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_a_print_has_a_page_each_without_withdrawn_ones(setting: Setting) -> None:
    country = setting.country
    names = ["Абаев", "Бекова", "Витязь", "Ғани"]
    issued = [make_certificate(country.precinct, surname=name) for name in names]
    make_certificate(country.sister_precinct, surname="Чужой")
    actions.withdraw_certificate(certificate=issued[1], reason="mistake", by=scope(make_officer(country.region)))
    asked_id = actions.ask_to_print(commission=country.district, by=scope(make_officer(country.district))).id
    work()
    asked = db.session.get_one(CertificatePrint, asked_id)
    assert asked.count == 3
    assert asked.document_id is not None
    content = storage.read(asked.document_id)[1]
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert [next(name for name in names if name in page) for page in pages] == ["Абаев", "Витязь", "Ғани"]
    report = checking.check_file(content, signing_key().public_key())
    assert report.is_genuine
    assert len(report.certificates) == 3


def test_a_large_print_is_joined_from_parts(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [printing.sheet_of(make_certificate(setting.country.precinct)) for _one in range(5)]
    monkeypatch.setattr(printing, "PART", 2)
    steps: list[int] = []
    content = printing.render_sheets(sheets, title="many", progress=lambda done, _all: steps.append(done))
    assert steps == [0, 2, 4]
    assert len(PdfReader(io.BytesIO(content)).pages) == 5
    assert checking.check_file(content, signing_key().public_key()).is_genuine


def test_nobody_prints_what_they_do_not_look_after(setting: Setting) -> None:
    make_certificate(setting.country.precinct)
    for stranger in (
        make_officer(setting.country.sister_district),
        setting.trainer,
        make_member(setting.country.precinct),
    ):
        with pytest.raises(Forbidden):
            actions.ask_to_print(commission=setting.country.precinct, by=scope(stranger))
    with pytest.raises(Refused, match="no certificate to print"):
        actions.ask_to_print(commission=setting.country.second_precinct, by=scope(make_officer(setting.country.region)))


def test_an_officer_withdraws_with_a_reason_and_once(setting: Setting) -> None:
    certificate = make_certificate(setting.country.precinct)
    officer = scope(make_officer(setting.country.district))
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw_certificate(certificate=certificate, reason=" \n ", by=officer)
    actions.withdraw_certificate(certificate=certificate, reason="Decision No. 5", by=officer)
    assert certificate.withdrawn_at is not None
    assert rules.status_of(certificate.withdrawn_at, certificate.valid_until, clock.today()) == "withdrawn"
    with pytest.raises(Refused, match="before"):
        actions.withdraw_certificate(certificate=certificate, reason="again", by=officer)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "certificates.withdrawn")).one()
    assert "Decision" not in str(entry.details)
    assert db.session.scalars(select(AuditValue.after).where(AuditValue.entry_id == entry.id)).one() == "Decision No. 5"


def test_nobody_else_withdraws(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    certificate = complete(member)
    for stranger in (member, setting.trainer, make_officer(setting.country.sister_district)):
        with pytest.raises(Forbidden):
            actions.withdraw_certificate(certificate=certificate, reason="x", by=scope(stranger))


def test_an_officer_does_not_withdraw_the_own_one(setting: Setting) -> None:
    from lms.commissions.actions import grant_role
    from lms.commissions.rules import Role

    member = make_member(setting.country.precinct)
    certificate = complete(member)
    grant_role(account=member, role=Role.TERRITORIAL_OFFICER, commission=setting.country.district, by=SYSTEM)
    with pytest.raises(Forbidden, match="own certificate"):
        actions.withdraw_certificate(certificate=certificate, reason="x", by=scope(member))

"""Pages of papers: printing, keying in, reading back, confirming; and each refusal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from lms.assessment import queries
from lms.assessment.models import Attempt
from lms.assessment.sent import prefix_of
from lms.commissions.actions import grant_role
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.papertests import keying
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.rules import State
from lms.questions.kinds.shapes import WHOLE
from lms.workshops.models import WorkshopGuest
from tests.conftest import Client
from tests.factories.assessment import make_attempt, make_learner
from tests.factories.commissions import make_officer, sign_in_as
from tests.factories.papertests import (
    Village,
    draft,
    key_in,
    make_village,
    print_every_kind,
    print_sheet,
    print_spare,
    right_answers,
)
from tests.factories.workshops import Setting, make_workshop
from tests.journeys.answering import entries, ticks


@pytest.fixture
def village(app: Flask) -> Village:
    found = make_village()
    db.session.commit()
    return found


@pytest.fixture
def trainer(village: Village, client: Client) -> Client:
    sign_in_as(client, village.trainer)
    return client


def typed(sheet: PaperSheet, answers: dict[int, Any] | None = None, **more: Any) -> dict[str, Any]:
    """What a browser sends of a paper that is keyed in."""
    fields: dict[str, Any] = {
        "written_on": clock.today(sheet.commission.time_zone).isoformat(),
        "go": "compare",
        **more,
    }
    for position, response in (right_answers(sheet) if answers is None else answers).items():
        for name, value in [*ticks(prefix_of(position), response), *entries(prefix_of(position), response)]:
            fields.setdefault(name, []).append(value)
    return fields


def sheet_now(sheet: PaperSheet) -> PaperSheet:
    return db.session.get_one(PaperSheet, sheet.id, populate_existing=True)


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="(\w+)"', page)
    assert found is not None
    return found[1]


class TestPrinting:
    def test_for_people_of_a_commission(self, village: Village, trainer: Client) -> None:
        where = f"/en/commissions/{village.country.precinct.id}/papers"
        page = trainer.get(where).text
        assert "Ауылбекова" in page
        assert "needs the test" in page
        sent = trainer.post(where, data={"who": village.enrolment.id, "spare": "1", "language": "ru"})
        asked = db.session.query(PaperPrint).one()
        assert sent.headers["Location"].endswith(f"/paper-prints/{asked.id}")
        ready = trainer.get(sent.headers["Location"]).text
        assert "2 papers are ready to print" in ready
        assert ready.count("not come back") == 2
        document = trainer.get(f"/en/paper-prints/{asked.id}/file")
        assert document.data.startswith(b"%PDF")
        assert document.headers["Cache-Control"] == "no-store"

    def test_who_has_a_paper_is_asked_about_first(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        where = f"/en/commissions/{village.country.district.id}/papers"
        page = trainer.get(where).text
        assert sheet.shown in page
        sent = trainer.post(where, data={"who": village.enrolment.id, "spare": "0", "language": "kk"})
        assert sent.status_code == 422
        assert "Print the same papers again" in sent.text
        assert re.search(rf'value="{village.enrolment.id}" checked', sent.text), "what was ticked stays"
        trainer.post(where, data={"who": village.enrolment.id, "spare": "0", "language": "kk", "again": "y"})
        assert db.session.query(PaperSheet).count() == 1
        assert [one.sheets for one in db.session.query(PaperPrint)] == [[sheet.id]] * 2

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"spare": "21"}, "From 0 to 20"),
            ({"spare": "x"}, "digits only"),
            ({"spare": "0"}, "Choose for whom"),
        ],
    )
    def test_refusals(self, village: Village, trainer: Client, fields: dict[str, str], said: str) -> None:
        where = f"/en/commissions/{village.country.precinct.id}/papers"
        sent = trainer.post(where, data={"language": "kk", **fields})
        assert (sent.status_code, said in sent.text) == (422, True)
        assert db.session.query(PaperSheet).count() == 0

    def test_who_may_have_none_is_listed_with_the_reason(self, village: Village, trainer: Client) -> None:
        make_attempt(village.account, village.enrolment)
        where = f"/en/commissions/{village.country.precinct.id}/papers"
        page = trainer.get(where).text
        assert "a test on the screen is going on" in page
        assert f'value="{village.enrolment.id}"' not in page
        sent = trainer.post(where, data={"who": village.enrolment.id, "spare": "0", "language": "kk"})
        assert (sent.status_code, "Ауылбекова" in sent.text) == (422, True)

    def test_somebody_elsewhere_is_not_found(self, village: Village, trainer: Client) -> None:
        _account, elsewhere = make_learner(village.country.sister_precinct, village.version)
        where = f"/en/commissions/{village.country.precinct.id}/papers"
        sent = trainer.post(where, data={"who": elsewhere.id, "spare": "0", "language": "kk"})
        assert sent.status_code == 404
        assert trainer.get(f"/en/commissions/{village.country.sister_precinct.id}/papers").status_code == 404

    def test_by_name_and_page_by_page(self, village: Village, trainer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        make_learner(village.country.precinct, village.version, surname="Жапарова")
        where = f"/en/commissions/{village.country.district.id}/papers"
        found = trainer.get(where + "?q=жапар").text
        assert ("Жапарова" in found, "Ауылбекова" in found) == (True, False)
        assert "Nobody of this name" in trainer.get(where + "?q=ххххх").text
        monkeypatch.setattr("lms.papertests.queries.PAGE", 1)
        first = trainer.get(where).text
        assert ("Ауылбекова" in first, "Жапарова" in first) == (True, False)
        after = re.search(r'href="([^"]+after=\d+)"', first)
        assert after is not None
        second = trainer.get(after[1].replace("&amp;", "&")).text
        assert ("Ауылбекова" in second, "Жапарова" in second) == (False, True)

    def test_for_a_workshop(self, village: Village, trainer: Client) -> None:
        setting = Setting(village.country, village.version, village.trainer)
        workshop = make_workshop(setting)
        key_in(print_sheet(village), village.trainer)
        _account, other = make_learner(village.country.precinct, village.version, surname="Жапарова")
        db.session.commit()
        where = f"/en/workshops/{workshop.id}/papers"
        page = trainer.get(where).text
        assert ("Жапарова" in page, "Ауылбекова" in page) == (True, False)
        assert "1 person who is expected does not need this test." in page
        trainer.post(where, data={"who": other.id, "spare": "0", "language": "kk"})
        sheet = db.session.query(PaperSheet).order_by(PaperSheet.id.desc()).first()
        assert sheet is not None
        assert (sheet.workshop_id, sheet.commission_id) == (workshop.id, village.country.district.id)
        sign_in_as(trainer, make_officer(village.country.district, Role.TRAINER))
        assert trainer.get(where).status_code == 403, "another trainer’s workshop"

    def test_a_guest_of_a_workshop_gets_a_paper_too(self, village: Village, trainer: Client) -> None:
        workshop = make_workshop(Setting(village.country, village.version, village.trainer))
        guest, enrolment = make_learner(village.country.sister_precinct, village.version, surname="Қонақова")
        seat = WorkshopGuest(workshop_id=workshop.id, person_id=guest.person_id, given_by_id=None, given_at=clock.now())
        db.session.add(seat)
        db.session.commit()
        where = f"/en/workshops/{workshop.id}/papers"
        assert "Қонақова" in trainer.get(where).text
        sent = trainer.post(where, data={"who": enrolment.id, "spare": "0", "language": "kk"})
        assert sent.status_code == 302
        assert db.session.query(PaperSheet).one().enrolment_id == enrolment.id


class TestList:
    def test_with_none_and_with_one(self, village: Village, trainer: Client) -> None:
        assert "No paper is out" in trainer.get("/en/papers").text
        sheet = print_sheet(village)
        page = trainer.get("/en/papers").text
        assert sheet.shown in page
        assert "There is none yet" in trainer.get("/en/papers?state=void").text

    def test_page_by_page(self, village: Village, trainer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        sheets = [print_spare(village) for _ in range(3)]
        monkeypatch.setattr("lms.papertests.queries.PAGE", 2)
        first = trainer.get("/en/papers").text
        assert [one.shown in first for one in sheets] == [False, True, True]
        onward = re.search(r'href="([^"]+before=\d+)"', first)
        assert onward is not None
        second = trainer.get(onward[1].replace("&amp;", "&")).text
        assert [one.shown in second for one in sheets] == [True, False, False]

    @pytest.mark.parametrize(
        ("number", "said"),
        [("K7M", "looks like"), ("K7M4R22", "A sign of this number is wrong"), ("", "looks like")],
    )
    def test_a_number_that_is_none(self, village: Village, trainer: Client, number: str, said: str) -> None:
        found = trainer.get("/en/papers/find", query_string={"number": number})
        assert (found.status_code, said in found.text) == (422, True)
        assert f'value="{number}"' in found.text, "what was typed stays"

    def test_a_number_as_it_is_typed(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        typed_so = sheet.shown.lower().replace("-", " ").translate(str.maketrans("abekmhpctx", "авекмнрстх"))
        found = trainer.get("/en/papers/find", query_string={"number": typed_so})
        assert found.headers["Location"].endswith(f"/papers/{sheet.id}/key-in")

    def test_a_paper_of_another_branch_is_not_found(self, village: Village, client: Client) -> None:
        sheet = print_sheet(village)
        sign_in_as(client, make_officer(village.country.sister_district, Role.TRAINER))
        found = client.get("/en/papers/find", query_string={"number": sheet.shown})
        assert (found.status_code, "No paper of your branch" in found.text) == (422, True)
        for path in ("", "/key-in", "/compare", "/void", "/person"):
            assert client.get(f"/en/papers/{sheet.id}{path}").status_code == 404

    def test_an_auditor_reads_and_does_nothing(self, village: Village, client: Client) -> None:
        sheet = print_sheet(village)
        sign_in_as(client, make_officer(village.country.district, Role.AUDITOR))
        assert sheet.shown in client.get("/en/papers").text
        found = client.get("/en/papers/find", query_string={"number": sheet.shown})
        page = client.get(found.headers["Location"]).text
        assert "Key this paper in" not in page
        assert client.get(f"/en/papers/{sheet.id}/key-in").status_code == 404
        assert client.post(f"/en/papers/{sheet.id}/void", data={"because": "lost"}).status_code == 404

    def test_a_member_has_nothing_here(self, village: Village, client: Client) -> None:
        sheet = print_sheet(village)
        sign_in_as(client, village.account)
        for path in ("/papers", f"/papers/{sheet.id}", f"/papers/{sheet.id}/key-in"):
            assert client.get("/en" + path).status_code == 404


class TestKeying:
    def test_keyed_in_read_back_and_confirmed(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        where = f"/en/papers/{sheet.id}"
        page = trainer.get(where + "/key-in").text
        assert "Ауылбекова" in page
        assert page.count('class="panel keyed-question"') == 5
        sent = trainer.post(where + "/key-in", data=typed(sheet))
        assert sent.headers["Location"].endswith("/compare")
        back = trainer.get(where + "/compare").text
        assert back.count("read-place") == 5
        assert db.session.query(Attempt).count() == 0
        trainer.post(where + "/compare", data={"act": "confirm", "digest": digest_on(back)})
        (attempt,) = queries.list_attempts(village.enrolment.id)
        assert (attempt.credit, attempt.passed) == (5 * WHOLE, True)
        shown = trainer.get(where).text
        assert ("keyed in" in shown, "passed" in shown) == (True, True)

    def test_every_kind_has_its_fields_and_is_read_back(self, village: Village, trainer: Client) -> None:
        sheet = print_every_kind(village)
        where = f"/en/papers/{sheet.id}"
        fields = trainer.get(where + "/key-in").text
        assert re.search(r">A the (chair|police) \(en\)</option>", fields), "the letters of the paper"
        sent = trainer.post(where + "/key-in", data=typed(sheet))
        assert sent.status_code == 302
        assert keying.answers_of(sheet_now(sheet)) == right_answers(sheet)
        again = trainer.get(where + "/key-in").text
        assert again.count("checked") >= 6, "what was keyed in stands in the fields"
        back = trainer.get(where + "/compare").text
        assert "835" in back
        trainer.post(where + "/compare", data={"act": "confirm", "digest": digest_on(back)})
        attempt = db.session.query(Attempt).one()
        assert {one.credit for one in queries.list_paper(attempt.id)} == {WHOLE}

    def test_what_does_not_fit_is_told_by_question_and_kept(self, village: Village, trainer: Client) -> None:
        sheet = print_every_kind(village, kinds=("number", "single"))
        sent = trainer.post(f"/en/papers/{sheet.id}/key-in", data=typed(sheet, {1: {"value": "many"}}))
        assert sent.status_code == 422
        assert "Question 1: " in sent.text
        assert 'value="many"' in sent.text
        assert keying.answers_of(sheet_now(sheet)) == {1: {"value": "many"}}, "kept for the next time"

    def test_without_a_day_it_is_kept_and_asked_for(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        for day in ("", "yesterday"):
            sent = trainer.post(f"/en/papers/{sheet.id}/key-in", data=typed(sheet, written_on=day))
            assert sent.status_code == 422
            assert keying.answers_of(sheet_now(sheet)) == right_answers(sheet)

    def test_kept_for_later(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        sent = trainer.post(f"/en/papers/{sheet.id}/key-in", data=typed(sheet, {}, go="later"))
        assert sent.headers["Location"].endswith("/papers")
        assert "keying in begun" in trainer.get("/en/papers").text

    def test_the_script_keeps_what_is_keyed(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        kept = trainer.post(f"/en/papers/{sheet.id}/draft", data=typed(sheet))
        assert kept.get_json()["said"].startswith("Kept at")
        assert keying.answers_of(sheet_now(sheet)) == right_answers(sheet)
        key_in(sheet_now(sheet), village.trainer)
        refused = trainer.post(f"/en/papers/{sheet.id}/draft", data=typed(sheet, {}))
        assert (refused.status_code, sheet.shown in refused.get_json()["sentence"]) == (422, True)

    def test_confirmed_twice_and_changed_meanwhile(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        where = f"/en/papers/{sheet.id}/compare"
        draft(sheet, village.trainer)
        digest = digest_on(trainer.get(where).text)
        draft(sheet_now(sheet), village.trainer, {})
        changed = trainer.post(where, data={"act": "confirm", "digest": digest})
        assert (changed.status_code, "meanwhile" in changed.text) == (422, True)
        digest = digest_on(trainer.get(where).text)
        for _turn in range(2):
            assert trainer.post(where, data={"act": "confirm", "digest": digest}).status_code == 302
        assert "has been keyed in already" in trainer.get(f"/en/papers/{sheet.id}").text
        assert len(queries.list_attempts(village.enrolment.id)) == 1

    def test_a_hindrance_is_told_and_offers_to_declare_void(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        make_attempt(village.account, village.enrolment)
        draft(sheet, village.trainer)
        where = f"/en/papers/{sheet.id}/compare"
        page = trainer.get(where).text
        assert "Ауылбекова Айгүл Маратқызы: a test on the screen is going on" in page
        assert "confirm</button>" not in page
        assert f"/papers/{sheet.id}/void" in page
        sent = trainer.post(where, data={"act": "confirm", "digest": digest_on(page)})
        assert sent.status_code == 422
        assert sheet_now(sheet).draft["answers"]

    def test_nobody_keys_in_their_own(self, village: Village, client: Client) -> None:
        account, enrolment = make_learner(village.country.district, village.version)
        grant_role(account=account, role=Role.TRAINER, commission=village.country.district, by=SYSTEM)
        account.totp_encrypted = village.trainer.totp_encrypted
        sheet = print_sheet(village, enrolment)
        sign_in_as(client, account)
        assert client.get(f"/en/papers/{sheet.id}/key-in").status_code == 403
        page = client.get("/en/papers/find", query_string={"number": sheet.shown}, follow_redirects=True).text
        assert "Nobody prints their own paper" in page
        listed = client.get(f"/en/commissions/{village.country.district.id}/papers").text
        assert "Your own" in listed
        asked = db.session.query(PaperPrint).one()
        assert client.get(f"/en/paper-prints/{asked.id}/file").status_code == 403, "the questions of the own paper"

    def test_a_spare_paper_asks_first_whose_it_is(self, village: Village, trainer: Client) -> None:
        sheet = print_spare(village)
        where = f"/en/papers/{sheet.id}"
        assert trainer.get(where + "/key-in").headers["Location"].endswith("/person")
        found = trainer.get(where + "/person?q=ауылбек").text
        assert f'value="{village.enrolment.id}"' in found
        assert "Nobody of this name" in trainer.get(where + "/person?q=ххххх").text
        assert trainer.post(where + "/person", data={"enrolment": "999999"}).status_code == 422
        sent = trainer.post(where + "/person", data={"enrolment": village.enrolment.id})
        assert sent.headers["Location"].endswith("/key-in")
        assert "Ауылбекова" in trainer.get(where + "/key-in").text

    def test_a_named_paper_belongs_to_its_person(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        assert trainer.get(f"/en/papers/{sheet.id}/person").status_code == 422

    def test_void(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        where = f"/en/papers/{sheet.id}/void"
        assert trainer.post(where, data={"because": ""}).status_code == 422
        assert trainer.post(where, data={"because": "no such reason"}).status_code == 422
        assert trainer.post(where, data={"because": "spoilt"}).status_code == 302
        assert sheet_now(sheet).state is State.VOID
        assert "spoilt" in trainer.get("/en/papers?state=void").text
        assert trainer.get(f"/en/papers/{sheet.id}/key-in").status_code == 422
        assert trainer.post(where, data={"because": "spoilt"}).status_code == 422


class TestCorrecting:
    def test_an_officer_corrects_with_a_reason(self, village: Village, client: Client) -> None:
        sheet = print_sheet(village)
        attempt = key_in(sheet, village.trainer, {})
        officer = make_officer(village.country.district)
        sign_in_as(client, officer)
        where = f"/en/papers/{sheet.id}"
        assert "correct it" in client.get(where).text
        client.post(where + "/key-in", data=typed(sheet))
        back = client.get(where + "/compare").text
        assert back.count('class="changed"') == 5
        sent = client.post(where + "/compare", data={"act": "correct", "digest": digest_on(back), "reason": " "})
        assert (sent.status_code, "Say why" in sent.text) == (422, True)
        client.post(where + "/compare", data={"act": "correct", "digest": digest_on(back), "reason": "Overlooked"})
        db.session.refresh(attempt)
        assert attempt.passed
        page = client.get(where).text
        assert "Corrected" in page
        assert f"{officer.person.polite_name}: Overlooked" in page

    def test_a_trainer_does_not(self, village: Village, trainer: Client) -> None:
        sheet = print_sheet(village)
        key_in(sheet, village.trainer, {})
        assert "correct it" not in trainer.get(f"/en/papers/{sheet.id}").text
        assert trainer.get(f"/en/papers/{sheet.id}/key-in").status_code == 422
        assert trainer.post(f"/en/papers/{sheet.id}/key-in", data=typed(sheet)).status_code == 422


def test_the_member_sees_that_it_was_on_paper_and_may_dispute(village: Village, client: Client) -> None:
    sheet = print_sheet(village)
    attempt = key_in(sheet, village.trainer, {})
    sign_in_as(client, village.account)
    page = client.get(f"/en/attempts/{attempt.id}/result").text
    assert "Taken on paper on" in page
    assert sheet.shown in page
    assert re.search(r"\d+-[0-9A-Z]{5}-[0-9A-Z]{5}", page), "the receipt"
    assert f"/attempts/{attempt.id}/disputes" in page or "Dispute it" in page

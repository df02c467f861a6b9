"""Pages of fairness, and each refusal."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment.grading import Effect
from lms.assessment.models import Attempt, QuestionRuling
from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.curriculum.models import CourseVersion
from lms.fairness import actions
from lms.fairness.models import Analysis, Dispute, IntegrityNote, IntegritySign
from lms.learning.models import Enrolment
from lms.questions.models import Question, QuestionVersion
from tests.conftest import Client
from tests.factories.assessment import make_attempt, make_learner
from tests.factories.commissions import Country, make_country, make_officer, scope, sign_in_as
from tests.factories.fairness import find_question, make_narrow_course, place_of, rule, sit, work

C = {"choice": "c"}


@pytest.fixture
def country(client: Client) -> Country:
    return make_country()


@pytest.fixture
def version(country: Country) -> CourseVersion:
    return make_narrow_course()


@pytest.fixture
def learner(country: Country, version: CourseVersion) -> tuple[Account, Enrolment]:
    return make_learner(country.precinct, version)


@pytest.fixture
def sent(learner: tuple[Account, Enrolment]) -> Attempt:
    return sit(*learner, said=C, wrong=1)


def as_methodologist(client: Client, country: Country) -> None:
    sign_in_as(client, make_officer(country.central, Role.METHODOLOGIST))


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_nothing_yet(client: Client, country: Country) -> None:
    as_methodologist(client, country)
    for address, words in (
        ("/en/fairness", "Nobody has sent a test yet"),
        ("/en/fairness/disputes", "Nobody has disputed a question yet"),
        ("/en/fairness/rulings", "No question was ruled on yet"),
        ("/en/fairness/signs", "There are no signs"),
    ):
        assert words in text_of(client.get(address)), address


def test_an_analysis_is_asked_for_and_shown(
    client: Client, country: Country, version: CourseVersion, sent: Attempt
) -> None:
    as_methodologist(client, country)
    answer = client.post(f"/en/fairness/versions/{version.id}/analyses")
    page = text_of(client.get(answer.headers["Location"]))
    assert "Counted" in page
    assert "small/count-single" in page
    assert "few answers" in page
    made = db.session.scalars(select(Analysis)).one()
    page = text_of(client.get(f"/kk/fairness/questions/{find_question().id}"))
    assert "Жауап саны 50-ден аз" in page
    assert client.post(f"/en/fairness/analyses/{made.id}/again").status_code == 302
    assert client.get("/en/fairness/analyses/999").status_code == 404
    assert client.post("/en/fairness/versions/999/analyses").status_code == 404


def test_while_it_is_counted_the_page_asks_again(client: Client, country: Country, version: CourseVersion) -> None:
    as_methodologist(client, country)
    made = actions.ask_for_analysis(version_id=version.id, by=scope(country.head))
    made.job.state, made.job.done, made.job.total = "running", 3, 10  # type: ignore[union-attr]
    db.session.info.pop("jobs_to_call", None)
    db.session.commit()
    page = text_of(client.get(f"/en/fairness/analyses/{made.id}"))
    assert 'http-equiv="refresh"' in page
    assert "3 of 10" in page
    assert client.get(f"/en/fairness/analyses/{made.id}/table.csv").status_code == 404
    made.job.state, made.job.sentence = "failed", ""  # type: ignore[union-attr]
    db.session.commit()
    assert "Ask for it again" in text_of(client.get(f"/en/fairness/analyses/{made.id}"))


def test_the_table_leaves_without_formulas(
    client: Client, country: Country, version: CourseVersion, sent: Attempt
) -> None:
    made = actions.ask_for_analysis(version_id=version.id, by=scope(country.head))
    work()
    evil = "=HYPERLINK(0)"
    question = find_question()
    question_id = question.question_id
    db.session.execute(Question.__table__.update().where(Question.id == question_id).values(code=evil))  # type: ignore[attr-defined]
    db.session.commit()
    as_methodologist(client, country)
    said = client.get(f"/ru/fairness/analyses/{made.id}/table.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(said), delimiter=";"))
    assert rows[0][:3] == ["Вопрос", "Версия", "Тема"]
    assert [row[0] for row in rows].count(f"'{evil}") == 1
    book = load_workbook(io.BytesIO(client.get(f"/ru/fairness/analyses/{made.id}/table.xlsx").data))
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert f"'{evil}" in {cell.value for cell in cells}


def test_a_learner_disputes_and_reads_what_was_ruled(
    client: Client, country: Country, learner: tuple[Account, Enrolment], sent: Attempt
) -> None:
    sign_in_as(client, learner[0])
    position = place_of(sent).position
    assert f"/en/attempts/{sent.id}/disputes" in text_of(client.get(f"/en/attempts/{sent.id}/result"))
    address = f"/en/attempts/{sent.id}/questions/{position}/dispute"
    assert "What is wrong with this question?" in text_of(client.get(address))
    assert client.post(address, data={"words": ""}).status_code == 422
    short = client.post(address, data={"words": "no"})
    assert (short.status_code, "few words" in text_of(short)) == (422, True)
    assert client.post(address, data={"words": "The law names two answers."}).status_code == 302
    page = text_of(client.get(f"/en/attempts/{sent.id}/disputes"))
    assert "It waits for a ruling" in page
    again = client.post(address, data={"words": "The law names two answers."})
    assert (again.status_code, "already" in text_of(again)) == (422, True)
    _ruling, regrade = rule(country, Effect.ALSO, C)
    actions.ask_to_apply(regrade=regrade, by=scope(country.head))
    work()
    page = text_of(client.get(f"/en/attempts/{sent.id}/disputes"))
    assert "Upheld." in page
    assert "It was wrong." in page
    first = text_of(client.get("/en/"))
    assert "your result was marked anew. Before: 3 of 5, not passed. Now: 4 of 5, passed" in first
    assert "Your dispute of" in first
    result = text_of(client.get(f"/en/attempts/{sent.id}/result"))
    assert "A ruling counts for this question: It was wrong." in result
    assert "Right too, by the ruling" in result
    assert "You have passed: 4 of 5" in result


@pytest.mark.parametrize("effect", [Effect.KEY, Effect.POINT, Effect.LEFT_OUT])
def test_the_result_page_says_what_a_ruling_did(
    client: Client, country: Country, version: CourseVersion, effect: Effect
) -> None:
    account, enrolment = make_learner(country.precinct, version)
    attempt = sit(account, enrolment, said={"choice": "a"})
    _ruling, regrade = rule(country, effect, C if effect is Effect.KEY else None)
    actions.ask_to_apply(regrade=regrade, by=scope(country.head))
    work()
    sign_in_as(client, account)
    page = text_of(client.get(f"/en/attempts/{attempt.id}/result"))
    assert {Effect.KEY: "4 of 5", Effect.POINT: "5 of 5", Effect.LEFT_OUT: "4 of 4"}[effect] in page
    assert ("This question does not count" in page) is (effect is Effect.LEFT_OUT)
    assert ("late (en)" in page) is (effect is Effect.KEY), "the right answer is that of the other key"


def test_own_disputes_are_ones_own_and_wait_for_the_end(
    client: Client, country: Country, version: CourseVersion, sent: Attempt
) -> None:
    stranger, enrolment = make_learner(country.precinct, version)
    going_on = make_attempt(stranger, enrolment)
    sign_in_as(client, stranger)
    assert client.get(f"/en/attempts/{sent.id}/disputes").status_code == 404
    assert client.post(f"/en/attempts/{sent.id}/questions/1/dispute", data={"words": "x" * 20}).status_code == 404
    assert client.get(f"/en/attempts/{going_on.id}/disputes").status_code == 422
    assert "Dispute it" not in text_of(client.get(f"/en/attempts/{going_on.id}/overview"))


def test_a_question_is_ruled_on_counted_applied_and_taken_back(client: Client, country: Country, sent: Attempt) -> None:
    as_methodologist(client, country)
    address = f"/en/fairness/questions/{find_question().id}"
    page = text_of(client.get(address))
    assert "Rule on it" in page
    missing = client.post(address, data={"effect": "key", "reason": "C it is"})
    assert (missing.status_code, "Answer the question below" in text_of(missing)) == (422, True)
    assert client.post(address, data={"effect": "", "reason": ""}).status_code == 422
    answer = client.post(address, data={"effect": "key", "reason": "C it is", "key-choice": "c"})
    ruling = db.session.scalars(select(QuestionRuling)).one()
    where = f"/en/fairness/rulings/{ruling.id}"
    assert answer.headers["Location"].endswith(where)
    page = text_of(client.get(where))
    assert "Apply exactly this" in page
    assert "3 of 5, not passed" in page
    assert "4 of 5, passed" in page
    assert "Rule on it" not in text_of(client.get(address)), "one at a time"
    assert client.post(f"{where}/apply").status_code == 302
    page = text_of(client.get(f"{where}?show=gain"))
    assert "Take the ruling back" in page
    assert client.post(f"{where}/discard").status_code == 422
    assert client.post(f"{where}/take-back").status_code == 302
    assert "taken back" in text_of(client.get(where))
    assert client.post(f"{where}/take-back").status_code == 422
    assert "taken back" in text_of(client.get("/en/fairness/rulings"))


@pytest.mark.parametrize(("state", "act"), [("applying", "apply"), ("taking_back", "take-back")])
def test_work_that_failed_can_be_gone_on_with(
    client: Client, country: Country, sent: Attempt, state: str, act: str
) -> None:
    ruling, regrade = rule(country, Effect.POINT)
    actions.ask_to_apply(regrade=regrade, by=scope(country.head))
    work()
    regrade.state, regrade.job.state, regrade.job.sentence = state, "failed", ""  # type: ignore[union-attr]
    db.session.commit()
    as_methodologist(client, country)
    where = f"/en/fairness/rulings/{ruling.id}"
    page = text_of(client.get(where))
    assert "Go on where it stopped" in page
    assert f"{where}/{act}" in page
    assert client.post(f"{where}/{act}").status_code == 302
    assert regrade.state == {"apply": "applied", "take-back": "taken_back"}[act]


def test_a_ruling_is_laid_aside(client: Client, country: Country, sent: Attempt) -> None:
    as_methodologist(client, country)
    ruling, _regrade = rule(country, Effect.POINT)
    assert client.post(f"/en/fairness/rulings/{ruling.id}/count").status_code == 302
    assert client.post(f"/en/fairness/rulings/{ruling.id}/discard").status_code == 302
    assert "Laid aside" in text_of(client.get(f"/en/fairness/rulings/{ruling.id}"))
    assert client.get("/en/fairness/rulings/999").status_code == 404


def test_a_question_that_stands_is_said_at_once(
    client: Client, country: Country, learner: tuple[Account, Enrolment], sent: Attempt
) -> None:
    sign_in_as(client, learner[0])
    words = {"words": "The law names two answers."}
    client.post(f"/en/attempts/{sent.id}/questions/{place_of(sent).position}/dispute", data=words)
    as_methodologist(client, country)
    assert "The law names two answers." in text_of(client.get(f"/en/fairness/questions/{find_question().id}"))
    answer = client.post(
        f"/en/fairness/questions/{find_question().id}", data={"effect": "stands", "reason": "Article 20"}
    )
    assert answer.status_code == 302
    assert db.session.scalars(select(Dispute.ruling_id)).one() is not None
    sign_in_as(client, learner[0])
    assert "Not upheld: the question stands. Article 20" in text_of(client.get(f"/en/attempts/{sent.id}/disputes"))


def test_a_sign_is_judged(client: Client, country: Country, version: CourseVersion, sent: Attempt) -> None:
    sign = IntegritySign(
        version_id=version.id,
        kind="similar",
        attempt_id=sent.id,
        other_attempt_id=sent.id,
        commission_id=country.precinct.id,
        seen={"same": 7, "both_wrong": 8, "expected": 2.1, "probability": 1e-7, "bound": 1e-6},
        found_at=sent.started_at,
    )
    db.session.add(sign)
    db.session.commit()
    as_methodologist(client, country)
    assert "The same wrong answers" in text_of(client.get("/en/fairness/signs"))
    where = f"/en/fairness/signs/{sign.id}"
    page = text_of(client.get(where))
    assert "harmless reason" in page
    assert "10\u202f000\u202f000 pairs" in page
    assert client.post(where, data={"judgement": "harmless", "words": ""}).status_code == 422
    assert client.post(where, data={"judgement": "guilty", "words": "x" * 20}).status_code == 422
    assert client.post(where, data={"judgement": "harmless", "words": "One workshop taught both."}).status_code == 302
    assert "One workshop taught both." in text_of(client.get(where))
    assert db.session.scalars(select(IntegrityNote.judgement)).all() == ["harmless"]
    assert client.post(f"/en/fairness/versions/{version.id}/searches").status_code == 302
    assert client.get("/en/fairness/signs/999").status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REPORTING_OFFICER])
def test_who_reads_at_the_centre_reads_and_below_sees_nothing(
    client: Client, country: Country, version: CourseVersion, sent: Attempt, role: Role
) -> None:
    ruling, _regrade = rule(country, Effect.POINT)
    sign_in_as(client, make_officer(country.central, role))
    pages = ["", "/disputes", "/rulings", f"/rulings/{ruling.id}", "/signs", f"/questions/{find_question().id}"]
    for page in pages:
        answer = client.get(f"/en/fairness{page}")
        assert answer.status_code == 200, page
        assert "btn-main" not in text_of(answer).split("<main")[1], page
    assert "Fairness of tests" in text_of(client.get("/en/"))
    assert client.post(f"/en/fairness/rulings/{ruling.id}/apply").status_code == 404
    assert client.post(f"/en/fairness/questions/{find_question().id}").status_code == 404
    sign_in_as(client, make_officer(country.district, role))
    for page in pages:
        assert client.get(f"/en/fairness{page}").status_code == 404, page
    assert "Fairness of tests" not in text_of(client.get("/en/"))


def test_a_territorial_officer_sees_nothing_of_answers(client: Client, country: Country, sent: Attempt) -> None:
    sign_in_as(client, make_officer(country.region))
    for page in ("", "/disputes", "/rulings", "/signs"):
        assert client.get(f"/en/fairness{page}").status_code == 404


def test_disputes_are_listed_by_question_and_paged(
    client: Client, country: Country, learner: tuple[Account, Enrolment], sent: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.fairness.queries.PAGE", 2)
    questions = db.session.scalars(select(QuestionVersion).where(QuestionVersion.use == "test").limit(3)).all()
    ruling, _regrade = rule(country, Effect.POINT)
    for one in questions:
        for ruling_id in (ruling.id, ruling.id, None):
            db.session.add(
                Dispute(
                    person_id=learner[0].person_id,
                    attempt_id=sent.id,
                    question_version_id=one.id,
                    words="It is wrong.",
                    made_at=sent.started_at,
                    ruling_id=ruling_id,
                )
            )
    db.session.commit()
    as_methodologist(client, country)
    assert text_of(client.get("/en/fairness/disputes")).count("/en/fairness/questions/") == 2
    assert text_of(client.get("/en/fairness/disputes?page=2")).count("/en/fairness/questions/") == 1
    where = f"/en/fairness/questions/{questions[0].id}"
    assert text_of(client.get(where)).count("It is wrong.") == 2
    assert text_of(client.get(f"{where}?page=2")).count("It is wrong.") == 1

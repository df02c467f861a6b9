"""Pages of a test without a script, and the JSON save: the whole way, and each refusal."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, update

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.models import Attempt
from lms.core import clock
from lms.core.database.base import db
from lms.demo.wrong import wrong_response
from lms.learning.models import Enrolment
from tests.conftest import Client
from tests.factories.assessment import (
    WRONG,
    answer_all,
    enrolment_of,
    give,
    let_time_pass,
    make_attempt,
    make_learner,
    position_of,
    post_answer,
    right_response,
    steps_of,
)
from tests.factories.commissions import Country, make_member, make_officer, sign_in_as
from tests.factories.curriculum import make_course
from tests.journeys.answering import entries, ticks

Learner = tuple[Account, Enrolment]


@pytest.fixture
def attempt(learner: Learner, client: Client) -> Attempt:
    """An attempt of the person whose browser it is."""
    sign_in_as(client, learner[0])
    return make_attempt(*learner)


def fields(position: int, response: dict[str, Any]) -> dict[str, str | list[str]]:
    """A response as the fields of a plain form."""
    found: dict[str, str | list[str]] = dict(entries(f"q{position}-", response))
    for name, value in ticks(f"q{position}-", response):
        found[name] = [*found.get(name, []), value]
    return found


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a question's form."""
    return dict(re.findall(r'<input type="hidden" name="(client|base)" value="([^"]*)">', page))


def right_at(attempt: Attempt, position: int) -> dict[str, Any]:
    return right_response(queries.get_paper_question(attempt.id, position))


def address(attempt: Attempt, position: int) -> str:
    return f"/en/attempts/{attempt.id}/questions/{position}"


class TestStart:
    def test_it_says_what_comes(self, client: Client, learner: Learner) -> None:
        sign_in_as(client, learner[0])
        page = client.get("/en/courses/small/test").text
        for words in (
            "The test: 5 questions, 30 minutes",
            "To pass: 4 right answers of 5. Of these at least 1 on: “Count (en)”.",
            "3 attempts are left. Between two attempts 24 hours must pass.",
            "Begin the test",
        ):
            assert words in page

    def test_the_same_page_by_enrolment(self, client: Client, learner: Learner) -> None:
        sign_in_as(client, learner[0])
        assert "Begin the test" in client.get(f"/en/enrolments/{learner[1].id}/test").text

    def test_before_reading_there_is_no_button(self, client: Client, country: Country) -> None:
        version = make_course()
        account = make_member(country.precinct)
        sign_in_as(client, account)
        page = client.get("/en/courses/small/test").text
        assert "Read the modules first" in page
        assert "Begin the test" not in page
        refusal = client.post("/en/courses/small/test")
        assert (refusal.status_code, queries.list_attempts(enrolment_of(account, version).id)) == (422, [])
        assert "read every module" in refusal.text

    def test_begun_twice_it_is_one_attempt(self, client: Client, learner: Learner) -> None:
        sign_in_as(client, learner[0])
        leads = {client.post("/en/courses/small/test").headers["Location"] for _ in range(2)}
        (attempt,) = queries.list_attempts(learner[1].id)
        assert leads == {address(attempt, 1)}
        page = client.get("/en/courses/small/test").text
        assert "Go on with the test" in page
        assert "What reached the server is saved." in page, "what waits on a device is not"
        assert "test.js" in page, "which sends it"

    def test_it_says_when_the_next_attempt_opens(self, client: Client, attempt: Attempt) -> None:
        client.post(f"/en/attempts/{attempt.id}/send")
        page = client.get("/en/courses/small/test").text
        assert "The next attempt opens on " in page
        assert "Begin the test" not in page
        assert "0 of 5" in page

    def test_a_foreign_enrolment_is_absent(self, client: Client, country: Country, learner: Learner) -> None:
        sign_in_as(client, make_member(country.precinct))
        for number in (learner[1].id, 999_999, 2**40):
            assert client.get(f"/en/enrolments/{number}/test").status_code == 404
            assert client.post(f"/en/enrolments/{number}/test").status_code == 404


class TestQuestions:
    def test_one_question_a_screen(self, client: Client, attempt: Attempt) -> None:
        page = client.get(address(attempt, 2)).text
        assert "Question 2 of 5" in page
        assert "Answered: 0 of 5" in page
        assert re.search(r"until \d\d:\d\d · 30 min left", page)
        assert "✓ Saved on the server" not in page

    def test_the_whole_test_without_a_script(self, client: Client, attempt: Attempt, learner: Learner) -> None:
        for position in range(1, 6):
            page = client.get(address(attempt, position)).text
            data = {**hidden(page), **fields(position, right_at(attempt, position)), "go": "next"}
            follows = address(attempt, position + 1) if position < 5 else f"/en/attempts/{attempt.id}/overview"
            assert client.post(address(attempt, position), data=data).headers["Location"] == follows
            assert "✓ Saved on the server" in client.get(address(attempt, position)).text
        assert "All questions are answered" in client.get(f"/en/attempts/{attempt.id}/overview").text
        page = client.post(f"/en/attempts/{attempt.id}/send", follow_redirects=True).text
        assert "You have passed: 5 of 5 right" in page
        assert "See there whether anything is left to do." in page
        assert "test" in queries.learning.list_done(learner[1].id)
        learner[1].completed_at = clock.now()
        db.session.flush()
        page = client.get(f"/en/attempts/{attempt.id}/result").text
        assert "With it you have finished the course: nothing is left to do, and your certificate waits" in page
        assert "See there whether anything is left to do." not in page

    @pytest.mark.parametrize(
        ("position", "go", "follows"),
        [(2, "next", 3), (2, "back", 1), (2, "5", 5), (2, "overview", 0), (2, "99", 0), (2, "²", 0), (1, "back", 0)],
    )
    def test_every_button_saves_first(
        self, client: Client, attempt: Attempt, position: int, go: str, follows: int
    ) -> None:
        data = {**fields(position, right_at(attempt, position)), "go": go}
        leads = client.post(address(attempt, position), data=data).headers["Location"]
        assert leads == (address(attempt, follows) if follows else f"/en/attempts/{attempt.id}/overview")
        assert position in queries.list_answers(attempt.id)

    def test_an_answer_in_part_is_said_to_be_one(self, client: Client, country: Country) -> None:
        attempt = start_with(client, country, "ordering")
        whole, overview = right_at(attempt, 1), f"/en/attempts/{attempt.id}/overview"
        for response, is_part in (({"places": {whole["order"][0]: "1"}}, True), (whole, False)):
            page = client.get(address(attempt, 1)).text
            client.post(address(attempt, 1), data={**hidden(page), **fields_of(attempt, 1, response), "go": "next"})
            page = client.get(address(attempt, 1)).text
            assert ("This question is answered in part." in page) == is_part
            assert "Answered: 1 of 5" in page
            page = client.get(overview).text
            assert ('<span class="mins">answered in part</span>' in page) == is_part
            assert ("something is still empty there: 1." in page) == is_part

    def test_nothing_chosen_is_no_step(self, client: Client, attempt: Attempt) -> None:
        assert client.post(address(attempt, 1), data={"go": "next"}).status_code == 302
        assert steps_of(attempt) == []

    def test_a_form_sent_twice_is_one_step(self, client: Client, attempt: Attempt) -> None:
        data = {**hidden(client.get(address(attempt, 1)).text), **fields(1, right_at(attempt, 1))}
        for _ in range(3):
            assert client.post(address(attempt, 1), data=data).status_code == 302
        assert len(steps_of(attempt)) == 1

    def test_going_back_in_the_browser_and_changing_ones_mind_counts(self, client: Client, attempt: Attempt) -> None:
        kept = hidden(client.get(address(attempt, 1)).text)
        right, wrong = right_at(attempt, 1), WRONG.get(queries.get_paper_question(attempt.id, 1).question.kind)
        answers = [right, wrong or right, right]
        for response in answers:
            assert client.post(address(attempt, 1), data={**kept, **fields(1, response)}).status_code == 302
            assert queries.list_answers(attempt.id)[1].response == response

    def test_an_answer_of_another_device_is_asked_about(
        self, client: Client, attempt: Attempt, learner: Learner
    ) -> None:
        kept = hidden(client.get(address(attempt, 1)).text)
        other = give(attempt, learner[0], 1, {}, client="phone")
        give(attempt, learner[0], 1, right_at(attempt, 1), client="phone", base=other.revision)
        mine = different(attempt, 1)
        page = client.post(address(attempt, 1), data={**kept, **fields(1, mine)})
        assert page.status_code == 409
        assert "answered somewhere else meanwhile" in page.text
        assert queries.list_answers(attempt.id)[1].response == right_at(attempt, 1)
        again = client.post(address(attempt, 1), data={**hidden(page.text), **fields(1, mine)})
        assert again.status_code == 302
        assert queries.list_answers(attempt.id)[1].response == mine
        assert len(steps_of(attempt)) == 4

    def test_what_cannot_be_a_number_is_said_beside_the_field_and_stays(self, client: Client, country: Country) -> None:
        attempt = start_with(client, country, "number")
        page = client.post(address(attempt, 1), data={"q1-value": "eight <b>", "go": "next"})
        assert page.status_code == 422
        assert "This answer is not a number. Write digits alone, without a word." in page.text
        assert 'value="eight &lt;b&gt;"' in page.text
        assert steps_of(attempt) == []

    def test_the_language_can_be_changed_inside(self, client: Client, attempt: Attempt) -> None:
        for language, words in (("ru", "(ru)"), ("kk", "(kk)"), ("en", "(en)")):
            page = client.get(f"/{language}/attempts/{attempt.id}/questions/1").text
            assert f'<html lang="{language}">' in page
            assert words in page
            assert all(f'data-to="/{one}/attempts/{attempt.id}/questions/1"' in page for one in ("kk", "ru", "en"))

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_changing_the_language_saves_first_and_stays_at_the_question(
        self, client: Client, attempt: Attempt, language: str
    ) -> None:
        page = client.get(address(attempt, 1)).text
        sent = {**hidden(page), **fields(1, right_at(attempt, 1)), "language": language}
        answer = client.post(address(attempt, 1), data=sent)
        assert answer.headers["Location"] == f"/{language}/attempts/{attempt.id}/questions/1"
        assert queries.list_answers(attempt.id)[1].response == right_at(attempt, 1)

    def test_the_first_button_of_the_form_leads_on(self, client: Client, attempt: Attempt) -> None:
        """Enter in a field presses the first: it must not change the language."""
        page = client.get(address(attempt, 1)).text
        first = re.findall(r"<button[^>]*>", page)[0]
        assert 'form="test"' in first
        assert 'value="next"' in first

    def test_what_cannot_be_saved_stays_typed_in_the_language_of_before(self, client: Client, country: Country) -> None:
        attempt = start_with(client, country, "number")
        position = position_of(attempt, "number")
        sent = {f"q{position}-value": "eight", "language": "ru"}
        page = client.post(address(attempt, position), data=sent)
        assert (page.status_code, 'value="eight"' in page.text) == (422, True)

    @pytest.mark.parametrize("position", [0, 6, 2**40])
    def test_there_is_no_such_question(self, client: Client, attempt: Attempt, position: int) -> None:
        assert client.get(address(attempt, position)).status_code == 404
        assert client.post(address(attempt, position)).status_code == 404

    def test_nothing_on_the_way_tells_what_is_right(self, client: Client, attempt: Attempt) -> None:
        pages = [client.get(address(attempt, position)).text for position in range(1, 6)]
        pages += [client.get(f"/en/attempts/{attempt.id}/{name}").text for name in ("paper", "overview")]
        for page in pages:
            assert "Because the act says so" not in page
            assert '"right"' not in page
            assert not re.search(r"(?<![\w.-])835(?![\w.-])", page)  # a token may hold these digits, no word does

    def test_a_form_needs_its_token(self, strict_client: Client, learner: Learner) -> None:
        sign_in_as(strict_client, learner[0])
        attempt = make_attempt(*learner)
        page = strict_client.post(address(attempt, 1), data=fields(1, right_at(attempt, 1)))
        assert page.status_code == 400
        assert steps_of(attempt) == []
        assert strict_client.post(f"/en/attempts/{attempt.id}/send").status_code == 400


def different(attempt: Attempt, position: int) -> dict[str, Any]:
    """An answer other than the right one."""
    asked = queries.get_paper_question(attempt.id, position)
    kind = asked.question.kind
    if kind in WRONG:
        return WRONG[kind]
    return wrong_response(kind, asked.question.body, Random(position))


def fields_of(attempt: Attempt, position: int, response: dict[str, Any]) -> dict[str, str]:
    """The fields of an ordering, with these steps in these places."""
    places = response.get("places") or {step: str(place) for place, step in enumerate(response["order"], start=1)}
    return {f"q{position}-order-{step}": place for step, place in places.items()}


def start_with(client: Client, country: Country, kind: str) -> Attempt:
    """An attempt whose first question is of this kind."""
    version = make_course()
    while True:
        account, enrolment = make_learner(country.precinct, version)
        attempt = make_attempt(account, enrolment)
        if queries.get_paper_question(attempt.id, 1).question.kind == kind:
            sign_in_as(client, account)
            return attempt


class TestTime:
    def test_whoever_looks_after_the_end_sees_the_result(
        self, client: Client, attempt: Attempt, learner: Learner
    ) -> None:
        answer_all(attempt, learner[0])
        let_time_pass(attempt, minutes=31)
        for path in ("questions/1", "overview"):
            assert client.get(f"/en/attempts/{attempt.id}/{path}").headers["Location"].endswith("/result")
        page = client.get(f"/en/attempts/{attempt.id}/result").text
        assert "You have passed: 5 of 5 right" in page
        assert "The time was up at " in page
        assert attempt.state == "timed_out"

    def test_a_form_that_comes_late_is_kept_and_said(self, client: Client, attempt: Attempt) -> None:
        data = fields(1, right_at(attempt, 1))
        let_time_pass(attempt, minutes=31)
        page = client.post(address(attempt, 1), data=data, follow_redirects=True)
        assert "The time was up when this answer came" in page.text
        assert [step.late for step in steps_of(attempt)] == [True]
        assert attempt.credit == 0

    def test_few_minutes_are_not_quiet(self, client: Client, attempt: Attempt) -> None:
        assert 'class="where num clock"' in client.get(address(attempt, 1)).text
        let_time_pass(attempt, minutes=26)
        assert 'class="where num clock few"' in client.get(address(attempt, 1)).text


class TestResult:
    def test_by_topic_with_what_to_read_again(self, client: Client, attempt: Attempt, learner: Learner) -> None:
        answer_all(attempt, learner[0], wrong=[4, 5])
        page = client.post(f"/en/attempts/{attempt.id}/send", follow_redirects=True).text
        assert "Not passed yet: 3 of 5 right" in page
        assert "Of these at least 1 must be on “Count (en)”; you have 0." in page
        assert "Read again: “Count (en)”" in page
        assert "/en/courses/small/modules/count" in page
        assert "/en/courses/small/modules/opening" not in page
        assert "2 attempts are left" in page

    def test_right_answers_are_shown_only_at_the_end(self, client: Client, attempt: Attempt, learner: Learner) -> None:
        for number in (1, 2, 3):
            page = client.post(f"/en/attempts/{attempt.id}/send", follow_redirects=True).text
            assert ("Because the act says so" in page) is (number == 3)
            let_time_pass(attempt, hours=25)
            if number < 3:
                attempt = make_attempt(*learner)

    def test_after_a_pass_they_are_shown(self, client: Client, attempt: Attempt, learner: Learner) -> None:
        answer_all(attempt, learner[0], wrong=[1])
        page = client.post(f"/en/attempts/{attempt.id}/send", follow_redirects=True).text
        assert page.count("Because the act says so") == 5

    def test_an_open_attempt_has_no_result(self, client: Client, attempt: Attempt) -> None:
        page = client.get(f"/en/attempts/{attempt.id}/result", follow_redirects=True).text
        assert "5 questions without an answer" in page
        assert "still going on" in page

    def test_sent_twice_the_same_result(self, client: Client, attempt: Attempt, learner: Learner) -> None:
        answer_all(attempt, learner[0])
        pages = [client.post(f"/en/attempts/{attempt.id}/send", follow_redirects=True) for _ in range(2)]
        assert [page.status_code for page in pages] == [200, 200]
        assert all("You have passed: 5 of 5 right" in page.text for page in pages)


@pytest.mark.parametrize("who", ["member", "officer", "head"])
def test_foreign_attempts_are_absent(client: Client, country: Country, learner: Learner, who: str) -> None:
    attempt = make_attempt(*learner)
    accounts = {"member": make_member(country.precinct), "officer": make_officer(country.region), "head": country.head}
    accounts["head"].totp_encrypted = b"set"
    sign_in_as(client, accounts[who])
    for number in (attempt.id, 999_999, 2**40):
        for path in ("questions/1", "overview", "result", "paper"):
            assert client.get(f"/en/attempts/{number}/{path}").status_code == 404, path
        for path in ("questions/1", "send"):
            assert client.post(f"/en/attempts/{number}/{path}").status_code == 404, path
        for data in ({"position": 1, "client": "x", "seq": 1, "base": 0, "response": {}}, {}, "no", None):
            assert client.post(f"/en/attempts/{number}/answers", json=data).status_code == 404, data
    assert steps_of(attempt) == []


class TestSave:
    def test_an_answer(self, client: Client, attempt: Attempt) -> None:
        right = right_at(attempt, 1)
        answer = post_answer(client, attempt, response=right)
        (step,) = steps_of(attempt)
        said = answer.get_json()
        assert answer.status_code == 200
        assert (said["fate"], said["revision"], said["position"]) == ("saved", step.id, 1)
        assert said["now"] > 1_700_000_000_000
        assert 1700 < said["left"] <= 1800
        assert step.response == right

    def test_the_fields_of_the_page_say_the_same(self, client: Client, attempt: Attempt) -> None:
        for position in range(1, 6):
            right = right_at(attempt, position)
            sent = {
                name: value if isinstance(value, list) else [value] for name, value in fields(position, right).items()
            }
            assert post_answer(client, attempt, position=position, seq=position, fields=sent).status_code == 200
            assert queries.list_answers(attempt.id)[position].response == right

    def test_sent_twice(self, client: Client, attempt: Attempt) -> None:
        first, second = (post_answer(client, attempt, response=right_at(attempt, 1)) for _ in range(2))
        assert (second.status_code, second.get_json()["revision"]) == (200, first.get_json()["revision"])

    def test_stale_tells_the_answer_that_counts(self, client: Client, attempt: Attempt) -> None:
        right, mine = right_at(attempt, 1), different(attempt, 1)
        first = post_answer(client, attempt, response=right, client="phone").get_json()
        answer = post_answer(client, attempt, response=mine, client="desk")
        said = answer.get_json()
        assert (answer.status_code, said["stale"], said["fate"]) == (409, True, "stale")
        assert (said["revision"], said["response"]) == (first["revision"], right)
        assert said["words"]
        assert (
            post_answer(client, attempt, response=mine, client="desk", seq=2, base=said["revision"]).status_code == 200
        )

    def test_late_and_closed(self, client: Client, attempt: Attempt) -> None:
        let_time_pass(attempt, minutes=31)
        late = post_answer(client, attempt, response=right_at(attempt, 1))
        assert (late.status_code, late.get_json()["fate"]) == (410, "late")
        assert "marked as late" in late.get_json()["sentence"]
        assert late.get_json()["result"] == f"/en/attempts/{attempt.id}/result"
        let_time_pass(attempt, minutes=-31)
        client.post(f"/en/attempts/{attempt.id}/send")
        closed = post_answer(client, attempt, seq=2, response=right_at(attempt, 1))
        assert (closed.status_code, closed.get_json()["fate"]) == (410, "closed")
        assert len(steps_of(attempt)) == 1

    def test_signed_out(self, client: Client, attempt: Attempt, learner: Learner) -> None:
        right = right_at(attempt, 1)
        db.session.execute(update(Account).where(Account.id == learner[0].id).values(session_version=2))
        ended = post_answer(client, attempt, response=right)
        assert (ended.status_code, ended.get_json()["fate"]) == (401, "signed_out")
        with client.session_transaction() as session:
            session.clear()
        assert post_answer(client, attempt, response=right).status_code == 401
        assert client.get(f"/en/attempts/{attempt.id}/paper").status_code == 302
        assert steps_of(attempt) == []

    def test_after_signing_in_again_the_same_step_is_saved(
        self, client: Client, attempt: Attempt, learner: Learner
    ) -> None:
        account, right = learner[0], right_at(attempt, 1)
        account.session_version = 2
        assert post_answer(client, attempt, response=right).status_code == 401
        sign_in_as(client, account)
        assert post_answer(client, attempt, response=right).status_code == 200

    @pytest.mark.parametrize(
        "change",
        [
            {"response": None},
            {"response": {"choice": ["a"], "x": 1}},
            {"response": "a"},
            {"response": {"unknown": 1}},
            {"fields": {"q1-choice": "a"}},
            {"fields": []},
            {},
            {"position": "1", "response": {}},
            {"position": True, "response": {}},
            {"position": 2**31, "response": {}},
            {"seq": 0, "response": {}},
            {"seq": 1.5, "response": {}},
            {"base": -1, "response": {}},
            {"base": 2**63, "response": {}},
            {"client": "", "response": {}},
            {"client": "x" * 49, "response": {}},
            {"client": "a\x00b", "response": {}},
            {"client": 7, "response": {}},
        ],
    )
    def test_malformed(self, client: Client, attempt: Attempt, change: dict[str, Any]) -> None:
        answer = post_answer(client, attempt, **change)
        assert (answer.status_code, answer.get_json()["fate"]) == (422, "refused")
        assert answer.get_json()["sentence"]
        assert steps_of(attempt) == []

    def test_no_such_place(self, client: Client, attempt: Attempt) -> None:
        assert post_answer(client, attempt, position=6, response={}).status_code == 404

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null", b"1" * 20_000])
    def test_not_even_json(self, client: Client, attempt: Attempt, body: bytes) -> None:
        answer = client.post(f"/en/attempts/{attempt.id}/answers", data=body, content_type="application/json")
        assert answer.status_code == (413 if len(body) > 16_384 else 422)

    def test_the_token_is_asked_for_in_the_header(self, strict_client: Client, learner: Learner) -> None:
        sign_in_as(strict_client, learner[0])
        attempt = make_attempt(*learner)
        right = right_at(attempt, 1)
        assert post_answer(strict_client, attempt, response=right).get_json()["fate"] == "token"
        token = strict_client.get(f"/en/attempts/{attempt.id}/paper").get_json()["token"]
        sent = {"position": 1, "client": "tab", "seq": 1, "base": 0, "response": right}
        headers = {"X-CSRFToken": token}
        answer = strict_client.post(f"/en/attempts/{attempt.id}/answers", json=sent, headers=headers)
        assert answer.status_code == 200

    def test_one_statement(self, client: Client, attempt: Attempt, learner: Learner) -> None:
        """In the steady state nothing but the INSERT goes to the database."""
        post_answer(client, attempt, response=right_at(attempt, 1))
        said: list[str] = []

        def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            said.append(statement)

        right, connection = right_at(attempt, 1), db.session.connection()
        event.listen(connection, "before_cursor_execute", listen)
        try:
            assert post_answer(client, attempt, seq=2, response=right).status_code == 200
        finally:
            event.remove(connection, "before_cursor_execute", listen)
        work = [one for one in said if not one.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
        assert len(work) == 1
        assert work[0].startswith("INSERT INTO answer_step")


def test_the_paper_holds_every_question_and_what_was_answered(
    client: Client, attempt: Attempt, learner: Learner
) -> None:
    receipt = give(attempt, learner[0], 3, right_at(attempt, 3))
    said = client.get(f"/ru/attempts/{attempt.id}/paper").get_json()
    assert said["open"]
    assert [one["position"] for one in said["questions"]] == [1, 2, 3, 4, 5]
    assert [one["revision"] for one in said["questions"]] == [0, 0, receipt.revision, 0, 0]
    assert [one["given"] for one in said["questions"]] == [False, False, True, False, False]
    for one, asked in zip(said["questions"], queries.list_paper(attempt.id), strict=True):
        assert asked.question.body["text"]["ru"].splitlines()[0] in one["html"]
    client.post(f"/en/attempts/{attempt.id}/send")
    assert client.get(f"/en/attempts/{attempt.id}/paper").get_json()["open"] is False


def test_the_deadline_stands_in_the_past_for_nobody(attempt: Attempt) -> None:
    assert attempt.deadline - attempt.started_at == timedelta(minutes=30)

"""A member takes the test on a phone: the link is cut, pages are reloaded, devices change, the session ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as BrowserError
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.actions import close_attempt
from lms.assessment.models import AnswerStep, Attempt
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.questions.kinds.shapes import WHOLE
from lms.questions.rules import grade
from tests.factories.assessment import let_time_pass, right_response
from tests.journeys.answering import fill_in, stands
from tests.journeys.live import Live, open_context

pytestmark = pytest.mark.browser
SAVED = "✓ Saved on the server"
KEPT = "Kept on this device, not sent yet"
MUCH_TO_READ = ("matching", "hotspot", "case", "protocol")
"""Kinds with right sides, a picture, a situation or an evening before the first field."""


class Sitting:
    """Somebody sitting the test in a browser, who knows what is right."""

    def __init__(self, page: Page, server: Live, *, asks: str = "") -> None:
        """With `asks`, the paper has a question of this kind: whoever draws another one leaves the page to the next."""
        self.page, self.server = page, server
        self.begin()
        while asks and asks not in {kind for kind, _right in self.right.values()}:
            cookie = server.make_learner().cookie
            page.context.add_cookies([{"name": "session", "value": cookie, "url": server.address}])
            self.begin()

    def begin(self) -> None:
        """Begin the test as whoever is signed in."""
        self.page.goto(f"{self.server.address}/en/courses/election-day/test")
        self.page.get_by_role("button", name="Begin the test").click()
        self.page.wait_for_url(re.compile(r"/questions/1$"))
        self.attempt_id = int(self.page.url.split("/attempts/")[1].split("/")[0])
        with self.server.inside():
            paper = queries.list_paper(self.attempt_id)
            self.right = {one.position: (one.question.kind, right_response(one)) for one in paper}

    def place_of(self, kind: str) -> int:
        """Where the paper asks a question of this kind."""
        return next(position for position, (found, _right) in self.right.items() if found == kind)

    def address(self, position: int) -> str:
        return f"{self.server.address}/en/attempts/{self.attempt_id}/questions/{position}"

    def answer(self, position: int, page: Page | None = None) -> None:
        """Give the right answer to the question on the screen."""
        screen = page or self.page
        expect(screen.locator("#place")).to_have_text(f"Question {position} of 20")
        fill_in(screen, f"q{position}-", self.right[position][1])

    def is_shown(self, position: int) -> bool:
        """Whether the right answer stands on the screen."""
        return stands(self.page, f"q{position}-", self.right[position][1])

    def on(self) -> None:
        self.page.click("#next")

    def at_server(self) -> dict[int, Any]:
        """The answers that count, as the server has them."""
        with self.server.inside():
            return {position: found.response for position, found in queries.list_answers(self.attempt_id).items()}

    def expect_at_server(self, *positions: int) -> None:
        """Wait until the right answers to these questions are there."""
        wait_for(self.page, lambda: all(self.is_right_at_server(position) for position in positions))

    def is_right_at_server(self, position: int) -> bool:
        """Whether the server has the right answer to a question."""
        with self.server.inside():
            asked = queries.get_paper_question(self.attempt_id, position)
            found = queries.list_answers(self.attempt_id).get(position, queries.NONE_YET)
            return grade(asked.question.kind, asked.question.body, found.response, asked.order) == WHOLE


def wait_for(page: Page, true: Callable[[], bool], seconds: float = 15) -> None:
    for _ in range(int(seconds * 10)):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about")


def test_cut_off_in_the_middle_nothing_is_lost(browser_page: Page, live_server: Live) -> None:
    page = browser_page
    sitting = Sitting(page, live_server)
    for position in (1, 2, 3):
        sitting.answer(position)
        expect(page.locator("#saved")).to_have_text(SAVED)
        sitting.on()
    sitting.expect_at_server(1, 2, 3)

    page.context.set_offline(True)
    for position in (4, 5, 6):
        sitting.answer(position)
        expect(page.locator("#saved")).to_have_text(KEPT)
        sitting.on()
    expect(page.locator("#answered")).to_have_text("Answered: 6 of 20")
    page.click("#overview")
    expect(page.locator("#stop")).to_be_focused()
    expect(page.locator("#stop")).to_contain_text("not sent yet: 3")
    expect(page.locator("#stop")).to_contain_text("Without an answer: 7, 8,")
    expect(page.locator("#stop")).to_be_in_viewport()
    assert page.url == sitting.address(7)
    page.click(".places button[value='4']")
    expect(page.locator("#saved")).to_have_text(KEPT)
    page.get_by_role("button", name="Рус").click()
    expect(page.locator("#stop")).to_be_visible()
    assert page.locator(".languages #stop").count() == 0, "it stands on the page, not in the bar"
    assert "Without an answer" not in page.locator("#stop").inner_text()
    assert set(sitting.at_server()) == {1, 2, 3}
    with pytest.raises(BrowserError):
        page.reload()  # there is no link: the browser shows its own page, and ours is gone from memory

    page.context.set_offline(False)
    page.goto(sitting.address(5))
    expect(page.locator("#saved")).to_have_text(SAVED)
    sitting.expect_at_server(4, 5, 6)
    assert sitting.is_shown(5)
    page.reload()
    assert sitting.is_shown(5)

    for position in range(7, 21):
        page.goto(sitting.address(position)) if position == 7 else None
        sitting.answer(position)
        sitting.on()
    page.wait_for_url(re.compile(r"/overview$"))
    expect(page.locator("h1")).to_have_text("All questions are answered")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("h1")).to_have_text("You have passed: 20 of 20 right")


def test_a_browser_that_dies_offline_keeps_what_it_said_it_kept(browser_page: Page, live_server: Live) -> None:
    sitting = Sitting(browser_page, live_server)
    page = browser_page
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    sitting.answer(1)
    expect(page.locator("#saved")).to_have_text(KEPT)
    context = page.context
    page.close()
    context.set_offline(False)
    sitting.page = context.new_page()
    sitting.page.goto(sitting.address(9))  # another question: what waits is sent all the same
    sitting.expect_at_server(1)


def test_it_comes_back_by_itself_when_the_link_does(browser_page: Page, live_server: Live) -> None:
    sitting = Sitting(browser_page, live_server)
    browser_page.wait_for_load_state("networkidle")
    browser_page.context.set_offline(True)
    sitting.answer(1)
    expect(browser_page.locator("#saved")).to_have_text(KEPT)
    browser_page.context.set_offline(False)
    expect(browser_page.locator("#saved")).to_have_text(SAVED)
    sitting.expect_at_server(1)


def test_saved_is_said_only_on_the_servers_word(browser_page: Page, live_server: Live) -> None:
    sitting = Sitting(browser_page, live_server)
    browser_page.route("**/answers", lambda route: route.fulfill(status=500, body="a fault"))
    sitting.answer(1)
    expect(browser_page.locator("#saved")).to_have_text(KEPT)
    browser_page.wait_for_timeout(1500)
    expect(browser_page.locator("#saved")).to_have_text(KEPT)
    browser_page.unroute("**/answers")
    expect(browser_page.locator("#saved")).to_have_text(SAVED)
    sitting.expect_at_server(1)


def test_an_answer_whose_receipt_was_lost_is_one_step(browser_page: Page, live_server: Live) -> None:
    """The server has it, the page does not know: it sends the same step again."""
    sitting = Sitting(browser_page, live_server)
    lost = []

    def lose(route: Any) -> None:
        route.fetch()
        lost.append(1)
        route.abort()

    browser_page.route("**/answers", lose, times=1)
    sitting.answer(1)
    expect(browser_page.locator("#saved")).to_have_text(SAVED)
    assert lost
    sitting.expect_at_server(1)
    with live_server.inside():
        steps = db.session.scalars(select(AnswerStep).where(AnswerStep.attempt_id == sitting.attempt_id)).all()
        assert [step.stale for step in steps] == [False] * len(steps)
        assert len({step.client_seq for step in steps}) == len(steps)


def test_two_devices_the_member_says_which_answer_counts(
    browser: Browser, browser_page: Page, live_server: Live
) -> None:
    page, learner = browser_page, browser_page.learner  # type: ignore[attr-defined]
    sitting = Sitting(page, live_server)
    one = next(position for position, (kind, _right) in sitting.right.items() if kind == "single")
    page.goto(sitting.address(one))
    page.wait_for_load_state("networkidle")
    other = open_context(browser, live_server, learner)
    desk = other.new_page()
    desk.goto(sitting.address(one))
    sitting.answer(one, desk)
    expect(desk.locator("#saved")).to_have_text(SAVED)

    choose_wrongly(page, sitting, one, 0)
    expect(page.locator("#choose")).to_be_visible()
    expect(page.locator("#choose")).to_contain_text("answered somewhere else meanwhile")
    sitting.expect_at_server(one)
    page.click("#overview")
    expect(page.locator("#stop")).to_contain_text(f"Choose first which answer counts: question {one}.")
    page.get_by_role("button", name="The other answer").click()
    expect(page.locator("#choose")).to_be_hidden()
    wait_for(page, lambda: sitting.is_shown(one))
    expect(page.locator("#saved")).to_have_text(SAVED)

    choose_wrongly(desk, sitting, one, 0)
    expect(desk.locator("#saved")).to_have_text(SAVED)
    wait_for(page, lambda: not sitting.is_right_at_server(one))
    choose_wrongly(page, sitting, one, 1)
    expect(page.locator("#choose")).to_be_visible()
    sitting.answer(one)
    expect(page.locator("#choose")).to_be_visible()
    page.get_by_role("button", name="The answer on this page").click()
    expect(page.locator("#choose")).to_be_hidden()
    sitting.expect_at_server(one)
    expect(page.locator("#saved")).to_have_text(SAVED)
    other.close()


def choose_wrongly(page: Page, sitting: Sitting, position: int, number: int) -> None:
    """Give the wrong answer of this number to a question with one right option."""
    right = sitting.right[position][1]["choice"]
    page.locator(f"[name='q{position}-choice']:not([value='{right}'])").nth(number).check()


def test_signed_out_in_the_middle_one_signs_in_beside_and_goes_on(browser_page: Page, live_server: Live) -> None:
    page, learner = browser_page, browser_page.learner  # type: ignore[attr-defined]
    sitting = Sitting(page, live_server)
    page.wait_for_load_state("networkidle")
    with live_server.inside():
        db.session.get_one(Account, learner.account_id).session_version += 1
    sitting.answer(1)
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.locator("#signed-out")).to_contain_text("Sign in")
    expect(page.locator("#saved")).to_have_text(KEPT)
    expect(page.locator("#rescue")).to_be_hidden()  # there is a link: nobody is sent for a file
    expect(page.locator("#unsent")).to_be_hidden()
    sitting.on()
    sitting.answer(2)
    assert sitting.at_server() == {}
    with live_server.inside():
        cookie, _token = live_server.sign_in(db.session.get_one(Account, learner.account_id))
    page.context.add_cookies([{"name": "session", "value": cookie, "url": live_server.address}])
    expect(page.locator("#signed-out")).to_be_hidden(timeout=25_000)
    expect(page.locator("#saved")).to_have_text(SAVED)
    sitting.expect_at_server(1, 2)


def test_a_wrong_number_is_no_answer(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server, asks="number")
    number = sitting.place_of("number")
    page.goto(sitting.address(number))
    page.wait_for_load_state("networkidle")
    field = page.locator(f"[name='q{number}-value']")
    field.press_sequentially("a")
    expect(page.locator("#saved")).to_have_text("Saving …")
    field.press_sequentially("bc")
    expect(page.locator("#saved")).to_contain_text("Not saved. Write the number in digits.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#answered")).to_have_text("Answered: 0 of 20")
    sitting.answer(number)
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator("#answered")).to_have_text("Answered: 1 of 20")
    field.fill("abc")
    expect(page.locator("#saved")).to_contain_text("Your answer from before still counts.")
    expect(page.locator("#answered")).to_have_text("Answered: 1 of 20")
    sitting.expect_at_server(number)
    sitting.on()
    expect(page.locator("#stop")).to_contain_text("Not saved. Write the number in digits.")
    assert page.url == sitting.address(number), "nobody is led away from what is not saved"
    expect(field).to_be_focused()
    field.fill("7")
    sitting.on()
    expect(page.locator("#place")).not_to_have_text(f"Question {number} of 20")


def test_the_time_is_up_and_the_page_says_so(browser_page: Page, live_server: Live) -> None:
    sitting = Sitting(browser_page, live_server)
    sitting.answer(1)
    expect(browser_page.locator("#saved")).to_have_text(SAVED)
    expect(browser_page.locator("#clock")).to_contain_text("min left")
    with live_server.inside():
        let_time_pass(db.session.get_one(Attempt, sitting.attempt_id), minutes=29, seconds=50)
    browser_page.reload()
    expect(browser_page.locator("#clock")).to_have_class(re.compile("few"))
    expect(browser_page.locator("#clock")).to_contain_text("· 0:0")
    browser_page.wait_for_url(re.compile(r"/result$"), timeout=30_000)
    expect(browser_page.locator("h1")).to_contain_text("1 of 20 right")


def test_the_whole_test_without_a_script(browser: Browser, live_server: Live) -> None:
    context = open_context(browser, live_server, live_server.make_learner(), java_script_enabled=False)
    page = context.new_page()
    sitting = Sitting(page, live_server)
    for position in range(1, 21):
        sitting.answer(position)
        sitting.on()
    expect(page.locator("h1")).to_have_text("All questions are answered")
    page.get_by_role("link", name="Question 5", exact=True).click()
    assert sitting.is_shown(5)
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.click("#overview")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("h1")).to_have_text("You have passed: 20 of 20 right")
    context.close()


def test_the_answer_stands_above_the_fold(browser_page: Page, live_server: Live) -> None:
    """On a phone 360 x 740 px the first thing to touch is seen without scrolling, in every language."""
    sitting = Sitting(browser_page, live_server)
    below = {}
    for language in ("kk", "ru", "en"):
        for position in range(1, 21):
            browser_page.goto(sitting.address(position).replace("/en/", f"/{language}/"))
            field = browser_page.locator("#questions > div:visible").locator("input, select").first.bounding_box()
            assert field is not None
            if sitting.right[position][0] not in MUCH_TO_READ and field["y"] + field["height"] > 740:
                below[f"{language} {position}"] = field["y"]
    assert below == {}


def test_what_the_page_said_of_a_lost_link_is_over_when_it_is_back(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    sitting.answer(1)
    page.click("#overview")
    expect(page.locator("#stop")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator("#stop")).to_be_hidden()


def test_the_page_before_the_test_sends_what_waits_on_this_device(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    sitting.answer(1)
    expect(page.locator("#saved")).to_have_text(KEPT)
    other = page.context.new_page()
    page.close()
    other.context.set_offline(False)
    other.goto(f"{live_server.address}/en/courses/election-day/test")
    expect(other.get_by_role("link", name="Go on with the test")).to_be_visible()
    sitting.page = other
    sitting.expect_at_server(1)


def test_somebody_else_at_the_same_browser_is_told_so(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    page.wait_for_load_state("networkidle")
    cookie = live_server.make_learner().cookie
    page.context.add_cookies([{"name": "session", "value": cookie, "url": live_server.address}])
    sitting.answer(1)
    expect(page.locator("#signed-out")).to_contain_text("Somebody else is signed in in this browser.")
    expect(page.locator("#saved")).to_have_text(KEPT)


def test_what_came_after_the_paper_was_sent_is_said_on_the_result(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    sitting.answer(1)
    with live_server.inside():
        attempt = db.session.get_one(Attempt, sitting.attempt_id)
        close_attempt(attempt=attempt, by=SYSTEM)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url(re.compile(r"/result$"), timeout=30_000)
    expect(page.locator("#unsent")).to_contain_text("This test was sent before this answer came")


def test_when_the_time_is_up_without_a_link_the_page_says_what_that_means(
    browser_page: Page, live_server: Live
) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    with live_server.inside():
        let_time_pass(db.session.get_one(Attempt, sitting.attempt_id), minutes=29, seconds=35)
    page.reload()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    sitting.answer(1)
    sitting.on()
    sitting.answer(2)
    expect(page.locator("#unsent")).to_contain_text("The time is up. Not sent yet: 2.", timeout=60_000)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url(re.compile(r"/result$"), timeout=30_000)
    expect(page.locator("main")).to_contain_text("2")
    with live_server.inside():
        late = select(AnswerStep).where(AnswerStep.attempt_id == sitting.attempt_id, AnswerStep.late.is_(True))
        assert len(db.session.scalars(late).all()) == 2, "the page waits until all have come"


def test_one_line_that_is_no_number_loses_none_of_the_others(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server, asks="protocol")
    while "lines" not in sitting.right[sitting.place_of("protocol")][1]:
        cookie = live_server.make_learner().cookie
        page.context.add_cookies([{"name": "session", "value": cookie, "url": live_server.address}])
        sitting = Sitting(page, live_server, asks="protocol")
    at = sitting.place_of("protocol")
    lines = list(sitting.right[at][1]["lines"])
    page.goto(sitting.address(at))
    page.wait_for_load_state("networkidle")
    for key, typed in ((lines[0], "12"), (lines[1], "none"), (lines[2], "7")):
        field = page.locator(f"[name='q{at}-line-{key}']")
        field.fill(typed)
        field.press("Enter")  # to the next line, and not away
    expect(page.locator(f"[name='q{at}-line-{lines[3]}']")).to_be_focused()
    expect(page.locator("#saved")).to_contain_text("Not saved.")
    wait_for(page, lambda: sitting.at_server().get(at) == {"lines": {lines[0]: "12", lines[2]: "7"}})
    expect(page.locator("#part")).to_contain_text("Still empty in this question")
    sitting.on()
    expect(page.locator("#stop")).to_contain_text(f"{lines[1]}: Not saved.")
    expect(page.locator(f"[name='q{at}-line-{lines[1]}']")).to_be_focused()


def test_steps_with_one_number_twice_are_an_answer_in_part(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server, asks="ordering")
    at = sitting.place_of("ordering")
    page.goto(sitting.address(at))
    page.wait_for_load_state("networkidle")
    for step in sitting.right[at][1]["order"][:2]:
        page.select_option(f"[name='q{at}-order-{step}']", "2")
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator("#part")).to_contain_text("This number is given to more than one step: 2.")
    expect(page.locator(f".places button[value='{at}']")).to_have_class(re.compile("part"))
    sitting.answer(at)
    expect(page.locator("#part")).to_have_text("")

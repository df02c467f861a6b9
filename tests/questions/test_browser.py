"""Every kind of question on a phone: by touch and by keyboard, with and without a script, in three languages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries
from lms.assessment.models import PaperQuestion
from lms.core.database.base import db
from lms.curriculum.queries import list_questions
from lms.learning.models import Enrolment
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE
from lms.questions.models import QuestionVersion
from lms.questions.rules import grade
from tests.factories.assessment import make_attempt, right_response
from tests.factories.questions import KIND_NAMES
from tests.journeys.answering import entries, fill_in, stands, ticks
from tests.journeys.live import Live, browser, live_server, open_context

__all__ = ["browser", "live_server"]

pytestmark = pytest.mark.browser


class Sheet:
    """A paper whose first questions are one of each kind, and one whose figures vary."""

    def __init__(self, server: Live) -> None:
        self.server, self.learner = server, server.make_learner()
        with server.inside():
            enrolment = db.session.get_one(Enrolment, self.learner.enrolment_id)
            attempt = make_attempt(db.session.get_one(Account, self.learner.account_id), enrolment)
            questions = one_of_each(list_questions(enrolment.version_id))
            drawn = db.session.scalars(
                select(PaperQuestion).where(PaperQuestion.attempt_id == attempt.id).order_by(PaperQuestion.position)
            )
            for asked, question in zip(drawn, questions, strict=False):
                asked.question = question
                asked.order = get_kind(question.kind).rules.shuffle(question.body, Random(asked.position))
            db.session.flush()
            self.attempt_id = attempt.id
            paper = queries.list_paper(attempt.id)[: len(questions)]
            self.kinds = {asked.position: asked.question.kind for asked in paper}
            self.right: dict[int, dict[str, Any]] = {asked.position: right_response(asked) for asked in paper}

    def address(self, position: int, language: str = "en") -> str:
        return f"{self.server.address}/{language}/attempts/{self.attempt_id}/questions/{position}"

    def position(self, kind: str) -> int:
        """Where the question of this kind stands."""
        return next(position for position, found in self.kinds.items() if found == kind)

    def credits(self) -> dict[int, int]:
        """What the answers at the server are worth."""
        with self.server.inside():
            answers = queries.list_answers(self.attempt_id)
            return {
                asked.position: grade(
                    asked.question.kind,
                    asked.question.body,
                    answers.get(asked.position, queries.NONE_YET).response,
                    asked.order,
                )
                for asked in queries.list_paper(self.attempt_id)
                if asked.position in self.right
            }


def one_of_each(questions: Any) -> list[QuestionVersion]:
    """A question of the test of each kind of the factories, and one with figures."""
    for_test = [one for one in questions if one.use == "test"]
    found = [next(one for one in for_test if one.kind == kind) for kind in KIND_NAMES]
    return [*found, next(one for one in for_test if "figures" in one.body)]


@pytest.fixture
def sheet(live_server: Live) -> Sheet:
    return Sheet(live_server)


class Finger:
    """Answers by touching."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def answer(self, prefix: str, response: Mapping[str, Any]) -> None:
        for name, value in ticks(prefix, response):
            place = self.page.locator(f"label.touch[for='{name}-{value}']")
            (place if place.count() else self.page.locator(f"label:has([name='{name}'][value='{value}'])")).tap()
        for name, value in entries(prefix, response):
            field = self.page.locator(f"[name='{name}']")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.tap()
                self.page.keyboard.type(value)

    def on(self) -> None:
        self.page.locator("#next").tap()


class Keys:
    """Answers with nothing but a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def answer(self, prefix: str, response: Mapping[str, Any]) -> None:
        for name, value in ticks(prefix, response):
            self.page.focus(f"[name='{name}'][value='{value}']")
            self.page.keyboard.press("Space")
        for name, value in entries(prefix, response):
            self.page.focus(f"[name='{name}']")
            if self.page.locator(f"select[name='{name}']").count():
                self.choose(name, value)
            else:
                self.page.keyboard.type(value)

    def choose(self, name: str, value: str) -> None:
        for _press in range(12):
            if self.page.input_value(f"[name='{name}']") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be reached")

    def on(self) -> None:
        self.page.focus("#next")
        self.page.keyboard.press("Enter")


LANGUAGES = ("kk", "ru", "en")
WAYS: tuple[tuple[type[Finger | Keys], bool], ...] = ((Finger, True), (Keys, True), (Keys, False))


@pytest.mark.parametrize(
    ("language", "way", "script"),
    [*((language, *way) for language in LANGUAGES for way in WAYS), ("kk", Finger, False)],
)
def test_every_kind_is_answered_and_saved(
    browser: Browser, sheet: Sheet, language: str, way: type[Finger | Keys], script: bool
) -> None:
    context = open_context(browser, sheet.server, sheet.learner, has_touch=True, java_script_enabled=script)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.goto(sheet.address(1, language))
    hand = way(page)
    for position, response in sheet.right.items():
        expect(page.locator(f"#q{position}-question")).to_be_visible()
        hand.answer(f"q{position}-", response)
        assert stands(page, f"q{position}-", response), sheet.kinds[position]
        if (way, script) == (Finger, True):
            faults += look(page, sheet.kinds[position])
            faults += misnamed(page, f"#q{position}-question", language)
        if script:
            page.locator("h1:visible").first.click()
            expect(page.locator("#saved")).to_contain_text("✓")
        keep_picture(page, f"{sheet.kinds[position]}-{position}-{language}")
        hand.on()
        page.wait_for_url(re.compile(rf"/questions/{position + 1}$"))
    assert faults == []
    assert sheet.credits() == dict.fromkeys(sheet.right, WHOLE)
    context.close()


def look(page: Page, kind: str) -> list[str]:
    """What is wrong with the page of a question, 360 px wide."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    wrong = [f"{kind}: {wide} px wide"] if wide > 360 else []
    sizes = "all => all.map(one => one.getBoundingClientRect()).map(one => Math.min(one.width, one.height))"
    small = [size for size in page.eval_on_selector_all("label.touch", sizes) if 0 < size < 44]
    wrong += [f"{kind}: a place of {size} px" for size in small]
    broken = Axe().run(page).response["violations"]
    return wrong + [f"{kind}: axe {one['id']}: {one['nodes'][0]['html'][:200]}" for one in broken]


FIELD = re.compile(r"""^\s*- '?(textbox|combobox|radio|checkbox)(?: "((?:[^"\\]|\\.)*)")?""", re.MULTILINE)
OTHER_LETTERS = {"en": "[а-яәғқңөұүһі]", "ru": "[әғқңөұүһі]", "kk": "(?!)"}
"""Letters that no word of a language has."""


def misnamed(page: Page, question: str, language: str) -> list[str]:
    """What a screen reader would say wrongly of the fields of a question: nothing, or words of another language."""
    named = FIELD.findall(page.locator(question).aria_snapshot())
    assert named
    wrong = [f"a {role} without a name" for role, name in named if not name.strip()]
    wrong += [f"{role}: {name}" for role, name in named if re.search(OTHER_LETTERS[language], name.lower())]
    if language != "en":
        wrong += [
            f"{role}: {name}"
            for role, name in named
            if re.search(r"[^\W\d]{3}", name) and not re.search("[а-яё]", name.lower())
        ]
    if language == "kk" and not re.search(OTHER_LETTERS["ru"], " ".join(name for _role, name in named).lower()):
        wrong.append(f"no Kazakh letter: {named}")
    return wrong


def keep_picture(page: Page, name: str) -> None:
    """Keep the picture when a folder is named."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]


@pytest.fixture
def phone(browser: Browser, sheet: Sheet) -> Iterator[Page]:
    """A phone of the learner."""
    context = open_context(browser, sheet.server, sheet.learner)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", ["short-text", "gap-text", "hotspot", "case"])
def test_what_waits_stands_on_the_screen_again(phone: Page, sheet: Sheet, kind: str) -> None:
    """The server is away and the page is opened again: what was typed is there, and goes out when it is back."""
    position = sheet.position(kind)
    phone.route("**/answers", lambda route: route.abort())
    phone.goto(sheet.address(position))
    phone.wait_for_load_state("networkidle")
    fill_in(phone, f"q{position}-", sheet.right[position])
    expect(phone.locator("#saved")).to_have_text("Kept on this device, not sent yet")
    phone.reload()
    expect(phone.locator("#saved")).to_have_text("Kept on this device, not sent yet")
    assert stands(phone, f"q{position}-", sheet.right[position])
    phone.unroute("**/answers")
    expect(phone.locator("#saved")).to_have_text("✓ Saved on the server")
    assert sheet.credits()[position] == WHOLE


def test_words_are_saved_while_they_are_typed(phone: Page, sheet: Sheet) -> None:
    """A field that wants no number is not called wrong for having words in it."""
    position = sheet.position("short-text")
    phone.goto(sheet.address(position))
    phone.wait_for_load_state("networkidle")
    field = phone.locator(f"[name='q{position}-text']")
    field.press_sequentially(sheet.right[position]["text"])
    expect(phone.locator("#saved")).to_have_text("✓ Saved on the server")
    expect(field).to_have_attribute("aria-invalid", "false")
    assert sheet.credits()[position] == WHOLE


def test_a_number_that_may_mean_thousands_is_told_as_it_was_read(phone: Page, sheet: Sheet) -> None:
    """After it is saved, and again when the page is opened."""
    position = sheet.position("number")
    phone.goto(sheet.address(position))
    phone.wait_for_load_state("networkidle")
    field, told = phone.locator(f"[name='q{position}-value']"), phone.locator(f"#q{position}-question [data-read-as]")
    field.press_sequentially("1,201")
    expect(phone.locator("#saved")).to_have_text("✓ Saved on the server")
    expect(told).to_have_text("read as 1.201")
    phone.reload()
    expect(told).to_have_text("read as 1.201")
    field.fill("1201")
    expect(phone.locator("#saved")).to_have_text("✓ Saved on the server")
    expect(told).to_be_empty()


def test_a_word_in_the_place_of_a_number_is_marked_alone(phone: Page, sheet: Sheet) -> None:
    position = sheet.position("gap-text")
    phone.goto(sheet.address(position))
    phone.wait_for_load_state("networkidle")
    number = phone.locator(f"#q{position}-question input[inputmode='decimal']").first
    number.fill("many")
    number.blur()
    expect(phone.locator("#saved")).to_contain_text("Not saved. Write the number in digits.")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(phone.locator(f"#q{position}-question select").first).to_have_attribute("aria-invalid", "false")


def test_without_a_script_the_page_names_the_step_and_keeps_what_was_typed(browser: Browser, sheet: Sheet) -> None:
    context = open_context(browser, sheet.server, sheet.learner, java_script_enabled=False)
    page, position = context.new_page(), sheet.position("case")
    page.goto(sheet.address(position))
    number = page.locator(f"#q{position}-question input[inputmode='decimal']").first
    number.fill("many")
    page.click("#next")
    expect(page.locator(".wrong-words")).to_contain_text(re.compile(r"Step \d: This answer is not a number"))
    expect(page.locator(f"#q{position}-question input[inputmode='decimal']").first).to_have_value("many")
    context.close()

"""A trainer keys a paper in by keyboard: letters tick answers, Enter goes on, what is keyed in is kept by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from lms.assessment import queries
from lms.assessment.sent import prefix_of
from lms.commissions.models import Commission
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.learning.models import Enrolment
from lms.papertests import keying
from lms.papertests.actions import Wanted, print_sheets
from lms.papertests.models import PaperSheet
from lms.papertests.rules import marks_of
from lms.questions.kinds.shapes import WHOLE
from lms.questions.showing import show
from tests.factories.commissions import make_officer, scope
from tests.factories.papertests import right_answers
from tests.journeys.answering import fill_in
from tests.journeys.live import Learner, Live, open_context

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 900}
BY_LETTERS = ("single", "multiple", "true-false", "hotspot")


@dataclass
class Desk:
    """The trainer's page, the sheet that came back, and what is written on it: kind, answer and letters by place."""

    page: Page
    server: Live
    sheet_id: int
    number: str
    enrolment_id: int
    written: dict[int, tuple[str, dict[str, Any], str]]

    def address(self, path: str) -> str:
        return f"{self.server.address}/en{path}"

    def drafted(self) -> dict[int, Any]:
        """What the server has of it."""
        with self.server.inside():
            return keying.answers_of(db.session.get_one(PaperSheet, self.sheet_id))


def in_order(said: dict[str, Any]) -> dict[str, Any]:
    """An answer with what is ticked in a fixed order: a page gives it in that of the paper."""
    return {name: sorted(value) if name in ("choices", "areas", "relations") else value for name, value in said.items()}


@pytest.fixture
def desk(browser: Browser, live_server: Live) -> Iterator[Desk]:
    learner = live_server.make_learner(surname="Ауылбекова")
    with live_server.inside():
        enrolment = db.session.get_one(Enrolment, learner.enrolment_id)
        precinct = db.session.query(Commission).filter_by(level="pec").first()
        assert precinct is not None
        district = db.session.get_one(Commission, precinct.parent_id)
        trainer = make_officer(district, Role.TRAINER)
        wanted = Wanted(district, enrolment.course_id, (enrolment.id,))
        sheet = db.session.get_one(PaperSheet, print_sheets(wanted=wanted, by=scope(trainer)).sheets[0])
        written = {}
        for asked in keying.list_asked(sheet):
            right = right_answers(sheet)[asked.position]
            kind = asked.question.kind
            shown = show(kind, asked.question.body, language="en", order=asked.order, response=right)
            written[asked.position] = kind, right, marks_of(kind, shown.fields)[0].said
        cookie, token = live_server.sign_in(trainer)
        made = sheet.id, sheet.shown
    context = open_context(browser, live_server, Learner(0, 0, cookie, token))
    page = context.new_page()
    page.set_viewport_size(DESK)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Desk(page, live_server, *made, learner.enrolment_id, written)
    context.close()
    assert faults == []


def test_a_whole_paper_by_keyboard(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.address("/papers"))
    expect(page.locator("#number")).to_be_focused()
    page.keyboard.type(desk.number.lower().replace("-", ""))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/key-in$"))
    page.fill("#written_on", clock.today("Asia/Aqtau").isoformat())
    page.keyboard.press("Enter")
    for position, (kind, right, letters) in desk.written.items():
        question = page.locator(f"#place-{position}")
        assert question.evaluate("one => one.contains(document.activeElement)"), f"{position}: the focus goes on"
        if kind in BY_LETTERS:
            for letter in letters.split():
                page.keyboard.press(f"Key{letter}")
        else:
            fill_in(page, prefix_of(position), right)
            question.locator("input, select").first.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Read back and compare")).to_be_focused()
    expect(page.locator("[data-said]")).to_contain_text("Kept at ", timeout=15_000)
    page.wait_for_timeout(2_500)
    assert {place: in_order(said) for place, said in desk.drafted().items()} == {
        position: in_order(right) for position, (_kind, right, _letters) in desk.written.items()
    }

    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/compare$"))
    for position, (kind, _right, letters) in desk.written.items():
        if kind in BY_LETTERS:
            expect(page.locator(".read-back li").nth(position - 1)).to_contain_text(letters)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="It is as on the paper: confirm").press("Enter")
    page.wait_for_url(re.compile(rf"/papers/{desk.sheet_id}$"))
    expect(page.locator(".told")).to_contain_text("passed")
    with desk.server.inside():
        (attempt,) = queries.list_attempts(desk.enrolment_id)
        assert attempt.credit == len(desk.written) * WHOLE


def test_what_is_keyed_in_is_kept_while_the_link_comes_and_goes(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.address(f"/papers/{desk.sheet_id}/key-in"))
    position = next(place for place, (kind, _right, _letters) in desk.written.items() if kind == "single")
    page.context.set_offline(True)
    page.locator(f"#place-{position} input").first.focus()
    page.keyboard.press("Digit2")
    expect(page.locator(f"#place-{position} input").nth(1)).to_be_checked()
    expect(page.locator("[data-said]")).to_contain_text("Not kept", timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator("[data-said]")).to_contain_text("Kept at ", timeout=15_000)
    page.reload()
    expect(page.locator(f"#place-{position} input").nth(1)).to_be_checked()
    page.locator(f"#place-{position} input").nth(1).focus()
    page.keyboard.press("Backspace")
    expect(page.locator(f"#place-{position} input:checked")).to_have_count(0)
    assert Axe().run(page).response["violations"] == []

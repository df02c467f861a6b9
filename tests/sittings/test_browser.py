"""A trainer opens a room on a laptop; members begin there on phones, by keyboard, with scripts and without; the link of
one drops; the trainer sees how far they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.assessment import queries
from lms.commissions.models import Commission
from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.sittings.models import SittingAttempt
from tests.factories.assessment import right_response
from tests.factories.commissions import make_officer
from tests.factories.curriculum import make_course
from tests.factories.sittings import SUPERVISED
from tests.journeys.answering import fill_in
from tests.journeys.live import Learner, Live, open_context

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1280, "height": 800}
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
"""What happens when somebody comes back to the page: it looks again at once."""


@pytest.fixture
def course(live_server: Live) -> int:
    """A course whose test begins in a room only."""
    with live_server.inside():
        return make_course(test=SUPERVISED).course_id


@contextmanager
def trainer(browser: Browser, server: Live) -> Iterator[Page]:
    """A trainer of the first district, on a laptop."""
    with server.inside():
        district = db.session.query(Commission).filter_by(level="tec", territory="district").first()
        assert district is not None
        cookie, _token = server.sign_in(make_officer(district, Role.TRAINER))
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]
    context.add_cookies([{"name": "session", "value": cookie, "url": server.address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def tab_to(page: Page, selector: str) -> None:
    """Go there by the Tab key."""
    for _ in range(40):
        if page.evaluate("chosen => document.activeElement.matches(chosen)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keyboard")


def type_code(page: Page, code: str) -> None:
    """Type a code and send it, by keyboard alone."""
    tab_to(page, "#room-code")
    page.keyboard.press("Control+A")
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def attempt_of(page: Page) -> int:
    """The attempt whose first question is on the screen."""
    page.wait_for_url(re.compile(r"/questions/1$"))
    return int(page.url.split("/attempts/")[1].split("/")[0])


def answer(server: Live, page: Page, attempt_id: int, position: int) -> None:
    """Give the right answer to the question on the screen."""
    with server.inside():
        right: dict[str, Any] = right_response(queries.get_paper_question(attempt_id, position))
    fill_in(page, f"q{position}-", right)


def answered(server: Live, attempt_id: int) -> int:
    """How many answers the server has."""
    with server.inside():
        return len(queries.list_answers(attempt_id))


def wait_for(page: Page, true: Callable[[], bool]) -> None:
    for _ in range(150):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about")


def test_a_test_in_a_room(browser: Browser, live_server: Live, course: int) -> None:
    plain, scripted = (live_server.make_learner("small", surname=name) for name in ("Ақпанов", "Боранбаев"))
    with trainer(browser, live_server) as desk:
        desk.goto(f"{live_server.address}/en/sittings/new")
        desk.get_by_label("Course").select_option(str(course))
        desk.get_by_label("Place").fill("School No. 3, room 12")
        desk.get_by_role("button", name="Open the room").click()
        code = desk.locator("#room-code").inner_text()
        assert re.fullmatch(r"\w{3}-\w{3}", code)
        expect(desk.get_by_text("Nobody has begun in this room yet.")).to_be_visible()

        without = open_context(browser, live_server, plain, java_script_enabled=False)
        first = begin_without_scripts(without.new_page(), live_server, code)
        desk.evaluate(LOOK)
        expect(desk.locator(f"#attempt-{first}")).to_contain_text("answered 1 of 5")
        expect(desk.get_by_text("Nobody has begun in this room yet.")).to_be_hidden()

        tab_to(desk, f"button[value='{first}']")
        second = sit_with_a_lost_link(browser, live_server, scripted, code)
        desk.evaluate(LOOK)
        expect(desk.locator(f"#attempt-{second}-far")).to_contain_text("answered 2 of 5")
        expect(desk.locator("#counts")).to_contain_text("2 people have begun: writing 2")
        expect(desk.locator(f"button[value='{first}']")).to_be_focused()
        desk.keyboard.press("Enter")
        expect(desk.locator(f"#attempt-{first}-remarks")).to_contain_text("left the room")

        desk.get_by_text("More time to begin, or close the room").click()
        desk.get_by_role("button", name="Close the room").click()
        expect(desk.get_by_text("The code begins nothing any more.")).to_be_visible()
        late = live_server.make_learner("small", surname="Кешіккен")
        latecomer = open_context(browser, live_server, late).new_page()
        latecomer.goto(f"{live_server.address}/en/courses/small/test")
        type_code(latecomer, code)
        expect(latecomer.locator("#room-code-wrong")).to_contain_text("The test in this room is over")

    other_device = open_context(browser, live_server, scripted).new_page()
    other_device.goto(f"{live_server.address}/en/courses/small/test")
    other_device.get_by_role("link", name="Go on with the test").click()
    assert attempt_of(other_device) == second, "going on needs no code, also when the room is closed"
    with live_server.inside():
        assert db.session.get(SittingAttempt, first) is not None


def begin_without_scripts(page: Page, server: Live, code: str) -> int:
    """A phone without scripts: the code, one answer; the attempt."""
    page.goto(f"{server.address}/en/courses/small/test")
    tab_to(page, "#room-code")
    page.keyboard.type(code.replace("-", " ").lower())
    page.keyboard.press("Enter")
    attempt_id = attempt_of(page)
    answer(server, page, attempt_id, 1)
    page.get_by_role("button", name="Next").last.click()
    page.wait_for_url(re.compile(r"/questions/2$"))
    assert answered(server, attempt_id) == 1
    return attempt_id


def sit_with_a_lost_link(browser: Browser, server: Live, learner: Learner, code: str) -> int:
    """A phone with scripts: a wrong code, the right one, an answer, one more while there is no link; the attempt."""
    context = open_context(browser, server, learner)
    page = context.new_page()
    page.goto(f"{server.address}/en/courses/small/test")
    type_code(page, "ZZZ-ZZZ")
    expect(page.locator("#room-code-wrong")).to_contain_text("No room has this code.")
    expect(page.locator("#room-code")).to_be_focused()
    expect(page.locator("#room-code")).to_have_value("ZZZ-ZZZ")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    type_code(page, code)
    attempt_id = attempt_of(page)
    answer(server, page, attempt_id, 1)
    expect(page.locator("#saved")).to_have_text("✓ Saved on the server")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.click("#next")
    answer(server, page, attempt_id, 2)
    expect(page.locator("#saved")).to_have_text("Kept on this device, not sent yet")
    context.set_offline(False)
    wait_for(page, lambda: answered(server, attempt_id) == 2)
    return attempt_id

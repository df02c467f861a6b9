"""A protocol is filled in and checked on a phone, by keyboard, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.assessment import queries
from lms.commissions.permissions import SYSTEM
from lms.packs.actions import publish_pack
from lms.questions.kinds.shapes import WHOLE
from lms.questions.rules import load_question
from tests.factories.assessment import right_response
from tests.factories.curriculum import make_pack
from tests.factories.packs import pack_dict
from tests.factories.questions import question_dict
from tests.journeys.live import Learner, Live, open_context

pytestmark = pytest.mark.browser
FIND = {"mode": "find", "faults": ["unused-digits"], "missing": [1, 3]}


def protocols(topic: str, **changes: Any) -> list[Any]:
    return [
        load_question(question_dict("protocol", id=f"{topic}-{number}", topic=topic, **changes)) for number in range(3)
    ]


@pytest.fixture(scope="module")
def learner_of(live_server: Live) -> Callable[[], Learner]:
    """Somebody ready for a test of one protocol to fill in and one to check."""
    parts = pack_dict(id="protocols")
    parts["test"] = {
        **parts["test"],
        "blueprint": [{"topic": "opening", "draw": 1}, {"topic": "count", "draw": 1}],
        "minimums": [],
    }
    pack = make_pack(id="protocols", test=parts["test"])
    kept = tuple(one for one in pack.questions if one.use != "test")
    drawn = (*protocols("opening"), *protocols("count", **FIND))
    with live_server.inside():
        publish_pack(pack=replace(pack, questions=kept + drawn), by=SYSTEM)
    return lambda: live_server.make_learner("protocols")


def begin(page: Page, server: Live) -> dict[str, int]:
    """position of the protocol to fill in and of the one to check."""
    page.goto(f"{server.address}/en/courses/protocols/test")
    page.get_by_role("button", name="Begin the test").click()
    page.wait_for_url(re.compile(r"/questions/1$"))
    with server.inside():
        paper = queries.list_paper(attempt_of(page))
        return {one.question.body["mode"]: one.position for one in paper}


def attempt_of(page: Page) -> int:
    return int(page.url.split("/attempts/")[1].split("/")[0])


def go_to(page: Page, server: Live, position: int) -> None:
    page.goto(f"{server.address}/en/attempts/{attempt_of(page)}/questions/{position}")


def right_at(page: Page, server: Live, position: int) -> dict[str, Any]:
    with server.inside():
        return right_response(queries.get_paper_question(attempt_of(page), position))


def type_lines(page: Page, position: int, lines: dict[str, str]) -> None:
    """From field to field with the tab key, as they stand on the page."""
    page.focus(f"[name='q{position}-line-L1']")
    for key, figure in lines.items():
        assert page.evaluate("document.activeElement.name") == f"q{position}-line-{key}"
        page.keyboard.type(figure)
        page.keyboard.press("Tab")


def search_by_keyboard(page: Page, position: int, said: dict[str, Any]) -> None:
    for code in said["relations"]:
        page.focus(f"input[name='q{position}-relations'][value='{code}']")
        page.keyboard.press("Space")
    page.focus(f"select[name='q{position}-wrong']")
    page.keyboard.type(f"{said['line']} ")


def expect_narrow(page: Page) -> None:
    """Nothing reaches beyond a phone of 360 px."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def marks_at(page: Page, server: Live) -> list[int]:
    with server.inside():
        paper = queries.list_paper(attempt_of(page))
        return [one.credit or 0 for one in paper]


@pytest.mark.parametrize("scripts", [True, False])
def test_both_protocols_by_keyboard(
    browser: Browser, live_server: Live, learner_of: Callable[[], Learner], scripts: bool
) -> None:
    context = open_context(browser, live_server, learner_of(), java_script_enabled=scripts)
    page = context.new_page()
    place = begin(page, live_server)
    fill, find = place["fill"], place["find"]

    go_to(page, live_server, fill)
    right = right_at(page, live_server, fill)
    if scripts:
        type_lines(page, fill, right["lines"])
        expect(page.locator("#saved")).to_have_text("✓ Saved on the server")
        expect_narrow(page)
    else:
        for key, figure in right["lines"].items():
            page.fill(f"[name='q{fill}-line-{key}']", figure)
    expect(page.get_by_label("L1 Voters in the voter list")).to_have_value(right["lines"]["L1"])
    page.click("#next")
    page.wait_for_load_state()

    go_to(page, live_server, find)
    found = right_at(page, live_server, find)
    if scripts:
        search_by_keyboard(page, find, found)
        expect(page.locator("#saved")).to_have_text("✓ Saved on the server")
        expect_narrow(page)
    else:
        for code in found["relations"]:
            page.check(f"input[name='q{find}-relations'][value='{code}']")
        page.select_option(f"select[name='q{find}-wrong']", found["line"])
    page.click("#next")
    page.goto(f"{live_server.address}/en/attempts/{attempt_of(page)}/overview")
    page.click("#send button.btn-main")
    page.wait_for_url(re.compile(r"/result$"))
    assert marks_at(page, live_server) == [WHOLE, WHOLE]
    expect(page.get_by_role("heading", name="Line by line")).to_be_visible()
    if scripts:
        expect_narrow(page)
    context.close()


def test_a_word_among_the_figures_is_marked_and_the_rest_is_kept(
    browser: Browser, live_server: Live, learner_of: Callable[[], Learner]
) -> None:
    context = open_context(browser, live_server, learner_of())
    page = context.new_page()
    fill = begin(page, live_server)["fill"]
    go_to(page, live_server, fill)
    for key, typed in {"U": "362", "P": "four"}.items():
        page.fill(f"[name='q{fill}-line-{key}']", typed)
        page.keyboard.press("Tab")
    expect(page.locator(f"[name='q{fill}-line-P']")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"[name='q{fill}-line-U']")).to_have_attribute("aria-invalid", "false")
    page.fill(f"[name='q{fill}-line-P']", "4")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_have_text("✓ Saved on the server")
    page.reload()
    expect(page.locator(f"[name='q{fill}-line-U']")).to_have_value("362")
    expect(page.locator(f"[name='q{fill}-line-P']")).to_have_value("4")
    expect(page.locator(f"[name='q{fill}-line-B1']")).to_have_value("")
    context.close()

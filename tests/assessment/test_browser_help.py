"""In a browser: time is added while a test goes on, answers leave a cut-off device as a file, the language changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from lms.assessment import late
from lms.assessment.actions import close_expired
from lms.assessment.lengthening import Why, lengthen_attempt
from lms.assessment.models import AnswerStep, Attempt, RescuedStep
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from tests.assessment.test_browser import KEPT, SAVED, Sitting, wait_for
from tests.factories.assessment import let_time_pass
from tests.journeys.live import Live, open_context

pytestmark = pytest.mark.browser
NO_CRYPTO = "Object.defineProperty(crypto, 'subtle', { value: undefined })"


def count_steps(server: Live, attempt_id: int) -> tuple[int, int]:
    """(steps of an attempt, those of them that came in a file)."""
    with server.inside():
        steps = select(AnswerStep.id).where(AnswerStep.attempt_id == attempt_id)
        rescued = select(func.count(RescuedStep.step_id)).where(RescuedStep.step_id.in_(steps))
        return len(db.session.scalars(steps).all()), db.session.scalar(rescued) or 0


def test_more_time_is_learnt_by_the_next_save_and_said(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    page.wait_for_load_state("networkidle")
    sitting.answer(1)
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.locator("#longer")).to_be_hidden()
    with live_server.inside():
        attempt = db.session.get_one(Attempt, sitting.attempt_id)
        lengthen_attempt(attempt=attempt, minutes=60, why=Why("outage"), by=SYSTEM)
    sitting.on()
    sitting.answer(2)
    expect(page.locator("#longer")).to_contain_text("You have been given more time: until ")
    until = re.findall(r"until (\S+)", page.locator("#longer").inner_text())[0].rstrip(".")
    expect(page.locator("#clock")).to_contain_text(f"until {until} · ")
    assert int(re.findall(r"(\d+) min left", page.locator("#clock").inner_text())[0]) > 60


def test_time_added_in_the_last_moment_keeps_the_page_open(browser_page: Page, live_server: Live) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    with live_server.inside():
        let_time_pass(db.session.get_one(Attempt, sitting.attempt_id), minutes=29, seconds=52)
    page.reload()
    with live_server.inside():
        attempt = db.session.get_one(Attempt, sitting.attempt_id)
        lengthen_attempt(attempt=attempt, minutes=10, why=Why("outage"), by=SYSTEM)
    expect(page.locator("#longer")).to_be_visible(timeout=30_000)
    sitting.answer(1)
    expect(page.locator("#saved")).to_have_text(SAVED)


def cut_off(page: Page, sitting: Sitting, *positions: int) -> None:
    """Answer without a link."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    for position in positions:
        sitting.answer(position)
        expect(page.locator("#saved")).to_have_text(KEPT)
        sitting.on()


def save_file(page: Page, folder: Path) -> Path:
    """Have the page save its answers as a file; where it lies."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save my answers as a file").click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(r"answers-\d+-\d{8}-\d{4}\.json", name)
    expect(page.locator("#rescue-done")).to_contain_text(name)
    waiting.value.save_as(folder / name)
    return folder / name


def bring(browser: Browser, server: Live, page: Page, path: Path) -> Page:
    """Bring the file in on another device of the member."""
    other = open_context(browser, server, page.learner).new_page()  # type: ignore[attr-defined]
    other.goto(f"{server.address}/en/rescue")
    other.set_input_files("input[type=file]", path)
    other.get_by_role("button", name="Bring in the file").click()
    return other


def test_answers_leave_a_cut_off_device_as_a_file(
    browser: Browser, browser_page: Page, live_server: Live, tmp_path: Path
) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    expect(page.locator("#rescue")).to_be_hidden()
    cut_off(page, sitting, 1, 2, 3)
    expect(page.locator("#rescue")).to_be_visible()
    path = save_file(page, tmp_path)
    content = path.read_text()
    assert '"fields"' not in content
    assert "phone" not in content

    other = bring(browser, live_server, page, path)
    expect(other.locator("main")).to_contain_text("3 answers were saved in time.")
    sitting.expect_at_server(1, 2, 3)
    assert count_steps(live_server, sitting.attempt_id) == (3, 3)

    page.context.set_offline(False)  # the page then sends the same steps by itself
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for(page, lambda: page.locator("#rescue").is_hidden())
    sitting.answer(4)
    expect(page.locator("#saved")).to_have_text(SAVED)
    sitting.expect_at_server(1, 2, 3, 4)
    with live_server.inside():
        at_first = AnswerStep.attempt_id == sitting.attempt_id, AnswerStep.position < 4
        assert len(db.session.scalars(select(AnswerStep).where(*at_first)).all()) == 3
    again = bring(browser, live_server, page, path)
    expect(again.locator("main")).to_contain_text("This very file was brought in before")
    again.context.close()
    other.context.close()


def test_a_file_that_comes_after_the_time_waits_for_a_decision(
    browser: Browser, browser_page: Page, live_server: Live, tmp_path: Path
) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    cut_off(page, sitting, 1)
    path = save_file(page, tmp_path)
    with live_server.inside():
        let_time_pass(db.session.get_one(Attempt, sitting.attempt_id), minutes=31)
        close_expired(sitting.attempt_id)
    other = bring(browser, live_server, page, path)
    expect(other.locator("main")).to_contain_text("came after the deadline")
    with live_server.inside():
        found = late.find_late(db.session.get_one(Attempt, sitting.attempt_id))
        assert found is not None
        assert (found.answers, found.rescued) == (1, 1)
    other.context.close()


def test_an_altered_file_is_refused(browser: Browser, browser_page: Page, live_server: Live, tmp_path: Path) -> None:
    page, sitting = browser_page, Sitting(browser_page, live_server)
    cut_off(page, sitting, 1)
    path = save_file(page, tmp_path)
    path.write_text(re.sub(r'"made":"\d{4}', '"made":"2020', path.read_text()))
    other = bring(browser, live_server, page, path)
    expect(other.locator("main")).to_contain_text("This file was altered or is damaged")
    assert count_steps(live_server, sitting.attempt_id) == (0, 0)
    other.context.close()


def test_where_nothing_can_be_encrypted_the_page_says_what_to_do(browser_page: Page, live_server: Live) -> None:
    browser_page.add_init_script(NO_CRYPTO)
    sitting = Sitting(browser_page, live_server)
    cut_off(browser_page, sitting, 1)
    expect(browser_page.locator("#rescue")).to_contain_text("Keep this page open until the link is back.")
    expect(browser_page.locator("#rescue-save")).to_be_hidden()


class TestLanguage:
    def test_what_is_typed_and_not_yet_sent_comes_along(self, browser_page: Page, live_server: Live) -> None:
        page, sitting = browser_page, Sitting(browser_page, live_server, asks="number")
        at = sitting.place_of("number")
        page.goto(sitting.address(at))
        page.wait_for_load_state("networkidle")
        page.locator(f"[name='q{at}-value']").fill(sitting.right[at][1]["value"])
        page.get_by_role("button", name="Рус").click()
        page.wait_for_url(re.compile(rf"/ru/attempts/\d+/questions/{at}$"))
        assert sitting.is_shown(at)
        sitting.expect_at_server(at)
        page.click("#next")  # another question, without a reload: the buttons lead there too
        english = page.get_by_role("button", name="Eng")
        english.or_(page.get_by_role("link", name="Eng")).click()  # a link on the overview, behind the last question
        page.wait_for_url(re.compile(rf"/en/attempts/\d+/(questions/{at + 1}|overview)$"))

    def test_without_a_link_it_stays_and_says_so(self, browser_page: Page, live_server: Live) -> None:
        page, sitting = browser_page, Sitting(browser_page, live_server)
        cut_off(page, sitting, 1)
        page.get_by_role("button", name="Қаз").click()
        expect(page.locator("#stop")).to_be_visible()
        assert "/en/" in page.url
        page.context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        sitting.expect_at_server(1)
        page.get_by_role("button", name="Қаз").click()
        page.wait_for_url(re.compile(r"/kk/attempts/\d+/questions/2$"))

    def test_without_a_script_it_saves_first(self, browser: Browser, live_server: Live) -> None:
        context = open_context(browser, live_server, live_server.make_learner(), java_script_enabled=False)
        page = context.new_page()
        sitting = Sitting(page, live_server, asks="number")
        sitting.answer(1)
        page.get_by_role("button", name="Рус").click()
        page.wait_for_url(re.compile(r"/ru/attempts/\d+/questions/1$"))
        assert sitting.is_shown(1)
        sitting.expect_at_server(1)
        at = sitting.place_of("number")
        page.goto(sitting.address(at))
        field = page.locator(f"[name='q{at}-value']")
        field.fill(sitting.right[at][1]["value"])
        field.press("Enter")  # leads on, in the same language
        page.wait_for_url(re.compile(rf"/en/attempts/\d+/(questions/{at + 1}|overview)$"))
        sitting.expect_at_server(at)
        context.close()

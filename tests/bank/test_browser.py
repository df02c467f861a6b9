"""The editor in a browser: every kind of question written by keyboard, read by another person, published, and written
anew; without a script; pictures put in and places drawn on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.bank.test_pictures import picture
from tests.bank.writing import SLOWLY, Desk, body_of
from tests.factories.questions import KIND_NAMES, texts
from tests.journeys.live import Live

pytestmark = pytest.mark.browser
KINDS = (*KIND_NAMES, "protocol-find")


@pytest.fixture(scope="module")
def writer(browser: Browser, live_server: Live) -> Iterator[Desk]:
    desk = Desk(browser, live_server)
    yield desk
    desk.context.close()


@pytest.fixture(scope="module")
def reader(browser: Browser, live_server: Live) -> Iterator[Desk]:
    desk = Desk(browser, live_server)
    yield desk
    desk.context.close()


def publish(desk: Desk, said: str) -> None:
    """Find a draft among those that wait for review, approve it and publish it."""
    desk.go("/drafts?waiting=1")
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name=re.compile(re.escape(said))).click()
    for language in texts(said).values():
        expect(desk.page.locator("main")).to_contain_text(language)
    desk.do("approve")
    desk.do("publish")
    expect(desk.page.locator("main")).to_contain_text("The question is published")


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_is_written_published_and_written_anew(writer: Desk, reader: Desk, kind: str) -> None:
    said, anew = f"Written here: {kind}.", f"Written anew: {kind}."
    plain = kind.removesuffix("-find")
    writer.begin(plain)
    writer.fill(plain, body_of(kind, said))
    writer.waits_until_kept()
    expect(writer.page.locator("#preview")).to_contain_text(f"{said} (en)", timeout=SLOWLY)
    writer.look(kind)
    writer.do("send")
    expect(writer.page.locator("main")).to_contain_text("waits for review by another methodologist")
    publish(reader, said)
    reader.press(reader.page.get_by_role("button", name="Write a new version"))
    reader.fill(plain, body_of(kind, anew))
    reader.waits_until_kept()
    reader.do("send")
    expect(reader.page.locator("main")).to_contain_text("waits for review by another methodologist")
    publish(writer, anew)
    expect(writer.page.locator("main")).to_contain_text("Version 1 beside version 2")
    assert writer.faults + reader.faults == []


@pytest.mark.parametrize("kind", ["single", "ordering", "gap-text", "hotspot", "case", "protocol-find"])
def test_a_question_is_written_without_a_script(browser: Browser, live_server: Live, kind: str) -> None:
    desk, plain = Desk(browser, live_server, script=False), kind.removesuffix("-find")
    desk.begin(plain)
    desk.do("send")
    expect(desk.page.locator("#faults")).to_be_visible()
    desk.fill(plain, body_of(kind, f"Without a script: {kind}."))
    desk.do("send")
    expect(desk.page.locator("main")).to_contain_text("waits for review by another methodologist")
    desk.context.close()


def test_every_field_is_reached_by_the_tabulator_in_the_order_of_the_page(writer: Desk) -> None:
    writer.begin("single")
    page, name = writer.page, "(one.name === 'do' ? one.value : one.name)"
    can = "one.type !== 'hidden' && one.tabIndex >= 0 && !one.disabled"
    wanted = page.eval_on_selector_all(
        "#draft :is(input, select, textarea, button)", f"all => all.filter(one => {can}).map(one => {name})"
    )
    page.focus("[name='head.topic']")
    reached: list[str] = []
    while wanted[-1] not in reached and len(reached) < 3 * len(wanted):
        reached.append(page.evaluate(f"(one => one.form && {name})(document.activeElement) || ''"))
        page.keyboard.press("Tab")
    assert [one for one in dict.fromkeys(reached) if one] == wanted


def test_what_is_typed_in_two_windows_is_all_kept(writer: Desk) -> None:
    writer.begin("single")
    other = writer.context.new_page()
    other.goto(writer.page.url)
    other.locator('[name="body.text.en"]').fill("In the other window")
    expect(other.locator("#kept")).to_have_text("Kept on the server.", timeout=SLOWLY)
    writer.page.locator('[name="body.text.en"]').fill("In this window")
    expect(writer.page.locator("#kept")).to_contain_text("kept as a copy", timeout=SLOWLY)
    writer.press(writer.page.get_by_role("link", name="Look at both"))
    writer.look("two versions")
    writer.press(writer.page.get_by_role("button", name="Use what I typed"))
    expect(writer.page.locator('[name="body.text.en"]')).to_have_value("In this window")
    other.close()
    assert writer.faults == []


def test_whoever_leaves_at_once_loses_nothing(writer: Desk) -> None:
    writer.begin("single")
    address = writer.page.url
    writer.page.locator('[name="body.text.en"]').fill("Typed, and gone at once")
    writer.page.goto("about:blank")
    for _ in range(50):
        writer.page.goto(address)
        if writer.page.locator('[name="body.text.en"]').input_value():
            break
        writer.page.wait_for_timeout(100)
    expect(writer.page.locator('[name="body.text.en"]')).to_have_value("Typed, and gone at once")
    assert writer.faults == []


def test_places_are_drawn_on_the_picture_and_typed(writer: Desk) -> None:
    writer.begin("hotspot")
    writer.page.locator('[name="body.text.en"]').fill("Where?")
    writer.put_picture("photo.jpg", picture("JPEG", (656, 328)))
    page, spots = writer.page, writer.page.locator("#spots")
    expect(page.locator('[name="body.text.en"]')).to_have_value("Where?")
    spots.scroll_into_view_if_needed()
    frame = spots.bounding_box()
    assert frame is not None
    scale = frame["width"] / 656

    def at(x: float, y: float) -> tuple[float, float]:
        return frame["x"] + x * scale, frame["y"] + y * scale

    page.mouse.move(*at(200, 150))
    page.mouse.down()
    page.mouse.move(*at(100, 50))
    page.mouse.up()
    measures = [
        int(page.locator(f'[name="body.areas.0.{name}"]').input_value()) for name in ("x", "y", "width", "height")
    ]
    assert all(abs(found - drawn) <= 2 for found, drawn in zip(measures, (100, 50, 100, 100), strict=True)), measures
    page.select_option("#spots-which", "1")
    page.mouse.click(*at(600, 300))
    assert page.locator('[name="body.areas.1.width"]').input_value() == "88", "as large as a finger on a phone"
    page.locator('[name="body.areas.1.x"]').fill("300")
    expect(spots.locator("rect").nth(1)).to_have_attribute("x", "300")
    writer.waits_until_kept()
    page.reload()
    expect(page.locator('[name="body.areas.1.x"]')).to_have_value("300")
    expect(spots.locator("rect.chosen")).to_have_count(1)
    writer.look("places")
    assert writer.faults == []


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_lost(writer: Desk) -> None:
    writer.begin("hotspot")
    writer.page.locator('[name="body.text.en"]').fill("Typed before the file")
    writer.put_picture("letter.docx", b"PK\x03\x04 not a picture")
    expect(writer.page.locator("#faults")).to_contain_text("This file is no picture that can be shown.")
    expect(writer.page.locator("#faults")).to_be_focused()
    expect(writer.page.locator('[name="body.text.en"]')).to_have_value("Typed before the file")
    writer.look("refused")
    assert writer.faults == []

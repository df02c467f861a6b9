"""Every kind of page, as each role meets it by following links: in three languages, on a phone and on a desk.

Checked on each: it answers, it speaks the language of its address, nothing runs over the edge, no fault on the console,
and no rule of accessibility (axe) is broken. Pictures of the main ones are kept in docs/screenshots when asked for with
SCREENSHOTS=docs/screenshots.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.chromium import chromium
from tests.journeys.region import Product, installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
LANGUAGES = ("kk", "ru", "en")
WIDTHS = (360, 1280)
ROLES = ("member", "chair", "trainer", "territorial_officer", "methodologist", "cec_administrator")
MOST_PAGES = 40
NOT_PAGES = re.compile(
    r"\.(pdf|csv|xlsx|ics|svg|json)(\?|$)|/manuals/.+/|/sign-in-sheet|/certificates/\d+$|tel:|mailto:|/static/"
)
SEEN: set[str] = set()
"""Kinds of pages that an earlier role met: they are looked at once, first pages for every role."""


@pytest.fixture(scope="module")
def product(database_kind: str) -> Iterator[Product]:
    """The demo region, served. One database is enough for how pages look."""
    if database_kind != "sqlite":
        pytest.skip("how pages look does not depend on the database")
    with installation(host="localhost") as made:
        made.lms("demo", "load", "--scale", "region")
        made.start()
        yield made


@pytest.fixture(scope="module")
def browser(product: Product) -> Iterator[Browser]:
    """One Chromium for all roles."""
    with chromium() as made:
        yield made


def sign_in(page: Page, product: Product, role: str) -> None:
    """Sign in as a demo person of the role, with the second step where it is asked for."""
    who = product.sign_ins(role)[0]
    page.goto(f"{product.address}/en/sign-in")
    page.fill("#login", who["login"])
    page.fill("#secret", who["password"])
    page.click("main button")
    if who["totp_secret"]:
        page.fill("#code", pyotp.TOTP(who["totp_secret"]).now())
        page.click("main button")
    page.wait_for_url(re.compile(r"/en/?$"))


def pattern(address: str) -> str:
    """The kind of page an address leads to: numbers, codes and names of modules and forms do not matter."""
    path = re.sub(r"^/(kk|ru|en)", "", urlsplit(address).path)
    path = re.sub(r"/(modules|forms)/[a-z0-9-]+", r"/\1/*", path)
    return re.sub(r"/(\d+|[A-Za-z0-9_-]{16,})", "/*", path) or "/"


def find_pages(page: Page, product: Product) -> dict[str, str]:
    """One address for every kind of page that links lead to from the first page: pattern -> path."""
    found = {"/": "/en/"}
    waiting = ["/en/"]
    while waiting and len(found) < MOST_PAGES:
        page.goto(product.address + waiting.pop(0))
        for link in page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"):
            path = urlsplit(link).path
            outside = not link.startswith(product.address) or NOT_PAGES.search(link)
            if outside or not path.startswith("/en") or pattern(link) in found:
                continue
            found[pattern(link)] = path
            waiting.append(path)
    return found


def look(context: BrowserContext, address: str, width: int, language: str) -> list[str]:
    """What is wrong with a page."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    wrong: list[str] = []
    page.on("console", lambda line: wrong.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    response = page.goto(address)
    if response is None or response.status != 200:
        wrong.append(f"status {response.status if response else None}")
    if page.get_attribute("html", "lang") != language:
        wrong.append("another language")
    over = page.evaluate("document.documentElement.scrollWidth") - width
    if over > 0:
        wrong.append(f"{over} px over the edge")
    if width == WIDTHS[0] and language == "kk":
        broken = Axe().run(page).response["violations"]
        wrong += [f"axe {one['id']}: {one['nodes'][0]['html'][:120]}" for one in broken]
    keep_picture(page, address, width, language)
    page.close()
    return wrong


def keep_picture(page: Page, address: str, width: int, language: str) -> None:
    """Keep the picture when a folder is named."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        name = re.sub(r"[^a-z]+", "-", pattern(address)).strip("-") or "home"
        role = page.context._role  # type: ignore[attr-defined]
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{role}-{name}-{language}-{width}.png")


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(browser: Browser, product: Product, role: str) -> None:
    context: Any = browser.new_context(viewport={"width": 1280, "height": 800})
    context._role = role
    page = context.new_page()
    sign_in(page, product, role)
    faults = {}
    for kind, path in find_pages(page, product).items():
        if kind in SEEN and kind != "/":
            continue
        SEEN.add(kind)
        for language in LANGUAGES:
            for width in WIDTHS if language == "ru" else WIDTHS[:1]:
                wrong = look(context, f"{product.address}/{language}{path[3:]}", width, language)
                if wrong:
                    faults[f"{language}{path[3:]} at {width}"] = wrong
    context.close()
    assert faults == {}

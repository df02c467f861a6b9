"""Pages on a phone: requests and bytes on the wire, and when something is seen on a slow line."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, ViewportSize

from bench.learners import PASSWORD
from tests.journeys.chromium import chromium

PHONE: ViewportSize = {"width": 360, "height": 740}
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 kbit/s, and 300 ms from each request to the beginning of its answer (milliseconds, bytes a second)."""
FIRST_CONTENT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
TRIES = 3


@dataclass
class Wire:
    """What crossed the wire so far."""

    requests: int = 0
    bytes: int = 0
    marks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def listen(self, session: CDPSession) -> None:
        """Count on this page."""
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._ask)
        session.on("Network.loadingFinished", self._add)

    def _ask(self, event: dict[str, Any]) -> None:
        self.requests += event["request"]["url"].startswith("http")

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def mark(self, name: str) -> None:
        """Keep the figures so far under a name."""
        self.marks[name] = (self.requests, self.bytes)


def first_visit(address: str, login: str, course: str = "election-day") -> Wire:
    """The figures of one first visit with an empty cache, 360 px wide."""
    with chromium() as browser:
        page = browser.new_context(viewport=PHONE).new_page()
        wire = Wire()
        wire.listen(page.context.new_cdp_session(page))
        page.goto(f"{address}/ru/sign-in", wait_until="networkidle")
        wire.mark("sign-in page")
        page.fill("#login", login)
        page.fill("#secret", PASSWORD)
        _press(page, "main form button")
        _go(page, f"{address}/ru/courses/{course}/test")
        _press(page, "main form button")
        page.click("#next")
        page.wait_for_timeout(1500)
        wire.mark("second question")
    return wire


def one_page(address: str, path: str, cookies: dict[str, str]) -> tuple[int, int]:
    """Requests and bytes of one page with an empty cache."""
    with chromium() as browser, _fresh(browser, address, cookies) as context:
        page = context.new_page()
        wire = Wire()
        wire.listen(context.new_cdp_session(page))
        answer = page.goto(address + path, wait_until="networkidle")
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path}: {answer and answer.status}")
        page.wait_for_timeout(1000)
    return wire.requests, wire.bytes


def sign_in(address: str, login: str) -> dict[str, str]:
    """Cookies of a learner who has just signed in."""
    with chromium() as browser:
        page = browser.new_context(viewport=PHONE).new_page()
        _go(page, f"{address}/ru/sign-in")
        page.fill("#login", login)
        page.fill("#secret", PASSWORD)
        _press(page, "main form button")
        return {one["name"]: one["value"] for one in page.context.cookies()}


def begin_test(address: str, cookies: dict[str, str], course: str = "election-day") -> str:
    """The address, below the server's, of the test that the learner has begun."""
    with chromium() as browser, _fresh(browser, address, cookies) as context:
        page = context.new_page()
        _go(page, f"{address}/ru/courses/{course}/test")
        _press(page, "main form button")
        return page.url.removeprefix(address)


def first_content(address: str, path: str, cookies: dict[str, str]) -> float:
    """Seconds until something is seen of a page on a slow line, with an empty cache; the median of a few tries."""
    with chromium() as browser:
        return statistics.median(_first_content(browser, address, path, cookies) for _ in range(TRIES))


def _first_content(browser: Browser, address: str, path: str, cookies: dict[str, str]) -> float:
    with _fresh(browser, address, cookies) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        page.goto(address + path, wait_until="load", timeout=60_000)
        while not (painted := page.evaluate(FIRST_CONTENT)):  # the page's policy forbids Playwright's own waiting
            page.wait_for_timeout(50)
        return float(painted) / 1000


@contextmanager
def _fresh(browser: Browser, address: str, cookies: dict[str, str]) -> Iterator[BrowserContext]:
    """A phone with these cookies that has never seen a page."""
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    try:
        yield context
    finally:
        context.close()


def _go(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")


def _press(page: Page, what: str) -> None:
    page.click(what)
    page.wait_for_load_state("networkidle")

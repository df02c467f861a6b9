"""The first visit on a phone: requests and bytes on the wire from the sign-in page to the second question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page

from bench.learners import PASSWORD
from tests.journeys.chromium import chromium


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
        page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
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
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        page = context.new_page()
        wire = Wire()
        wire.listen(context.new_cdp_session(page))
        _go(page, address + path)
        page.wait_for_timeout(1000)
    return wire.requests, wire.bytes


def _go(page: Page, address: str) -> None:
    page.goto(address, wait_until="networkidle")


def _press(page: Page, what: str) -> None:
    page.click(what)
    page.wait_for_load_state("networkidle")

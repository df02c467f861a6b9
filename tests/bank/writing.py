"""A methodologist at a browser: the form of a draft filled in by keyboard, and what is wrong with the page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms.commissions.models import Commission
from lms.commissions.rules import Role
from lms.core.database.base import db
from tests.factories.bank import form_of
from tests.factories.commissions import make_officer
from tests.factories.questions import ROOM, question_body, texts
from tests.journeys.live import Live

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
GIVEN_IDS = {"who": "m", "hour": "c", "before": "t", "issued": "m"}
"""Ids of the factories' parts -> those that the editor gives to the first three parts of a list."""
SLOWLY = 30_000
"""Milliseconds that a busy machine may take."""


class Desk:
    """A browser of a new methodologist."""

    def __init__(self, browser: Browser, server: Live, *, script: bool = True) -> None:
        with server.inside():
            central = db.session.scalars(select(Commission).where(Commission.level == "cec")).one()
            account = make_officer(central, Role.METHODOLOGIST)
            db.session.flush()
            cookie = server.sign_in(account)[0]
        self.server, self.script, self.faults = server, script, list[str]()
        self.context: BrowserContext = browser.new_context(viewport=WIDE, java_script_enabled=script)  # type: ignore[arg-type]
        self.context.set_default_timeout(SLOWLY)
        self.context.add_cookies([{"name": "session", "value": cookie, "url": server.address}])
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)

    def go(self, path: str, language: str = "en") -> None:
        """Open a page of the bank."""
        self.page.goto(f"{self.server.address}/{language}/bank{path}")

    def press(self, button: Locator) -> None:
        """Press a button by keyboard, and wait for the page it leads to."""
        button.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def do(self, value: str) -> None:
        """Press the button of a form that does this."""
        self.press(self.page.locator(f"button[name=do][value='{value}']").last)

    def begin(self, kind: str) -> None:
        """Begin a draft of a new question."""
        self.go("/drafts/new?course=election-day")
        put(self.page.locator("#kind"), kind)
        self.press(self.page.get_by_role("button", name="Begin"))

    def fill(self, kind: str, body: dict[str, Any]) -> None:
        """Fill in the form of a draft: the picture, as many parts as are needed, then field by field."""
        wanted = form_of(kind, body)
        if "picture" in body and not self.page.locator("#spots").count():
            self.put_picture("room.svg", ROOM.encode())
        for name in [name for name in wanted if name.endswith(".count")]:
            self._add_parts(name, wanted)
        for name, value in wanted.items():
            field = self.page.locator(f'[name="{name}"]:not([type=hidden])')
            if field.count() and not name.endswith(".svg"):
                put(field, value)

    def _add_parts(self, name: str, wanted: MultiDict[str, str]) -> None:
        where = name.removeprefix("body.").removesuffix(".count")
        there = self.page.locator(f'input[name="{name}"]')
        while there.count() and (at := int(there.input_value())) < int(wanted[name]):
            kind = wanted.get(f"body.{where}.{at}.kind", "")
            self.do(f"add:{where}:{kind}" if kind else f"add:{where}")

    def put_picture(self, name: str, content: bytes) -> None:
        """Choose a file as the picture, and put it in where the script does not do it by itself."""
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        field = self.page.locator('[name="body.picture.file"]')
        if self.script:
            with self.page.expect_navigation():
                field.set_input_files(file)  # type: ignore[arg-type]
        else:
            field.set_input_files(file)  # type: ignore[arg-type]
            self.do("picture")

    def waits_until_kept(self) -> None:
        """Go on when the server has what was typed."""
        if self.script:
            expect(self.page.locator("#kept")).to_have_text("Kept on the server.", timeout=SLOWLY)

    def look(self, what: str) -> None:
        """Note what is wrong with the page, at both widths."""
        for size in (WIDE, NARROW):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            self.faults += [f"{what}: {wide} px wide of {size['width']}"] if wide > size["width"] else []
            broken = Axe().run(self.page).response["violations"]
            self.faults += [f"{what}: axe {one['id']}: {one['nodes'][0]['html'][:200]}" for one in broken]
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def put(field: Locator, value: str) -> None:
    """Write or choose with nothing but keys."""
    keys, kind = field.page.keyboard, field.evaluate("one => one.type")
    field.focus()
    if kind == "checkbox":
        if not field.is_checked():
            keys.press("Space")
    elif kind == "select-one":
        keys.press("Home")
        for _more in range(40):
            if field.input_value() == value.lower():
                return
            keys.press("ArrowDown")
        raise AssertionError(f"{value} cannot be reached")
    elif kind == "date":
        field.fill(value)
    else:
        keys.press("Control+A")
        keys.press("Delete")
        keys.insert_text(value)


def body_of(kind: str, said: str) -> dict[str, Any]:
    """A question of this kind as one types it in the editor. `protocol-find` is a protocol in its other mode."""
    if kind == "protocol-find":
        return question_body("protocol", text=texts(said), mode="find", faults=["unused-digits", "none"])
    body = question_body(kind, **({} if kind == "gap-text" else {"text": texts(said)}))
    if kind == "gap-text":
        for language, text in texts(said).items():
            lines = body["text"][language].split("\n")[1]
            for before, after in GIVEN_IDS.items():
                lines = lines.replace(f"{{{{{before}}}}}", f"{{{{{after}}}}}")
            body["text"][language] = f"{text}\n{lines}"
    if kind == "case":
        body["steps"][1]["follows"]["step"] = GIVEN_IDS["issued"]
    return body

"""Somebody with a phone: signs in with a slip, reads, answers questions with the right answers."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, Download, Page, expect
from pypdf import PdfReader
from sqlalchemy import Engine, text

from lms.questions.kinds.registry import get_kind
from tests.journeys.region import Product

PASSWORD = "үш қысқа сөз"
PHONE = {"width": 360, "height": 740}


class Person:
    """Somebody with a phone of their own."""

    def __init__(self, browser: Browser, product: Product, language: str = "en") -> None:
        self.product, self.language = product, language
        self.context = browser.new_context(viewport=PHONE, accept_downloads=True)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)

    def go(self, path: str) -> None:
        """Open a page of the product."""
        self.page.goto(f"{self.product.address}/{self.language}{path}")

    def sign_in(self, login: str, code: str) -> None:
        """With a slip, by scanning it: the form is filled, then a password of one's own is chosen."""
        self.page.goto(f"{self.product.address}/{self.language}/sign-in#login={login}&code={code}")
        expect(self.page.locator("#login")).to_have_value(login)
        self.page.click("main form button")
        self.page.fill("#password", PASSWORD)
        self.page.fill("#password_again", PASSWORD)
        self.page.click("main form button")

    def set_up_second_factor(self) -> None:
        """As everyone who holds a role must."""
        secret = self.page.locator("main .code").inner_text().strip()
        self.page.fill("#code", pyotp.TOTP(secret).now())
        self.page.click("main form button")
        expect(self.page.locator(".recovery-codes li")).to_have_count(10)
        self.page.click("main .actions a.btn-main")
        expect(self.page).to_have_url(re.compile(r"/(kk|ru|en)/$"))

    def download(self, what: str) -> bytes:
        """The file that a click brings."""
        with self.page.expect_download() as waiting:
            self.page.click(what)
        file: Download = waiting.value
        return Path(file.path()).read_bytes()


def slips_in(sheet: bytes) -> list[tuple[str, str]]:
    """Logins and codes as printed."""
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(sheet)).pages)
    logins = [login.replace(" ", "") for login in re.findall(r"\b(\d{4} \d{4})\b", words)]
    codes = re.findall(r"\b([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})\b", words)
    return list(zip(logins, codes, strict=True))


def read_course(member: Person) -> None:
    """Read every module: the first with its self-check left out, on and on."""
    member.page.locator("main a.btn-main").first.click()
    for _ in range(30):
        read = member.page.locator("form[action$='/read'] button")
        if read.count() == 0:
            with suppress(AssertionError):
                expect(read).to_have_count(1, timeout=1500)
        if read.count() == 0:
            break
        read.click()


def key_of(database: Engine, attempt_id: int) -> dict[int, tuple[str, Any]]:
    """position -> (kind, body as it stands on the paper)."""
    rows = text(
        'SELECT p.position, v.kind, v.body, p."order" FROM paper_question p'
        " JOIN question_version v ON v.id = p.question_version_id WHERE p.attempt_id = :attempt"
    )
    with database.connect() as connection:
        found = connection.execute(rows, {"attempt": attempt_id}).all()
    return {row[0]: (row[1], get_kind(row[1]).resolve(_plain(row[2]), _plain(row[3]))) for row in found}


def _plain(value: Any) -> Any:
    """What a column of JSON holds; SQLite gives its text."""
    return json.loads(value) if isinstance(value, str) else value


def answer(page: Page, position: int, kind: str, body: Any) -> None:
    """Give the right answer on the screen, as a finger would."""
    expect(page.locator(f"#q{position}-question")).to_be_visible()
    said = get_kind(kind).rules.right_response(body)
    start = f"q{position}-"
    for value in [said["choice"]] if "choice" in said else said.get("choices", []):
        page.locator(f"input[name^='{start}'][value='{value}']").check()
    for place, item in enumerate(said.get("order", []), 1):
        page.select_option(f"select[name='{start}order-{item}']", str(place))
    for left, right in said.get("pairs", {}).items():
        page.select_option(f"select[name='{start}pair-{left}']", str(right))
    fill_protocol(page, start, said)
    if "value" in said:
        page.fill(f"input[name='{start}value']", str(said["value"]))
        page.locator(f"input[name='{start}value']").blur()


def fill_protocol(page: Page, prefix: str, said: Any) -> None:
    """Fill in the lines of a protocol, or tick the relations and choose the line, as the answer says."""
    for key, figure in said.get("lines", {}).items():
        page.fill(f"input[name='{prefix}line-{key}']", figure)
    for code in said.get("relations", []):
        page.check(f"input[name='{prefix}relations'][value='{code}']")
    if "line" in said:
        page.select_option(f"select[name='{prefix}wrong']", said["line"])
    elif "lines" in said:
        page.locator(f"input[name='{prefix}line-L1']").blur()


def holds_protocol(page: Page, prefix: str, said: Any) -> bool:
    """Whether the answer to a protocol stands on the screen."""
    lines = said.get("lines", {}).items()
    chosen = [page.is_checked(f"input[name='{prefix}relations'][value='{code}']") for code in said.get("relations", [])]
    filled = [page.input_value(f"input[name='{prefix}line-{key}']") == figure for key, figure in lines]
    if "line" in said:
        filled.append(page.input_value(f"select[name='{prefix}wrong']") == said["line"])
    return all(chosen + filled)

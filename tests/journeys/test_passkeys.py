"""Passkeys and recovery codes in a real browser, whose authenticator is the browser's own virtual one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.chromium import chromium
from tests.journeys.phone import PASSWORD, Person
from tests.journeys.region import Product, installation

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def product(database_kind: str) -> Iterator[Product]:
    """An empty installation under the one name for which browsers make passkeys without HTTPS."""
    if database_kind != "sqlite":
        pytest.skip("what a browser does with passkeys does not depend on the database")
    with installation(host="localhost") as made:
        yield made


@pytest.fixture(scope="module")
def browser(product: Product) -> Iterator[Browser]:
    """One Chromium."""
    with chromium() as made:
        yield made


class Device:
    """The authenticator of a person's browser: a phone with its PIN, finger or face."""

    def __init__(self, person: Person) -> None:
        self.wire = person.context.new_cdp_session(person.page)
        self.wire.send("WebAuthn.enable")
        self.name = self._add()

    def _add(self) -> str:
        name: str = self.wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
        return name

    def lose(self) -> None:
        """Another device in its place, with no passkey on it."""
        self.wire.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.name})
        self.name = self._add()

    def know_its_holder(self, known: bool) -> None:
        """Whether PIN, finger or face are right."""
        said = {"authenticatorId": self.name, "isUserVerified": known}
        self.wire.send("WebAuthn.setUserVerified", said)

    def count(self) -> list[Any]:
        """The passkeys on it."""
        held: list[Any] = self.wire.send("WebAuthn.getCredentials", {"authenticatorId": self.name})["credentials"]
        return held


def look(page: Page, name: str) -> None:
    """Nothing over the edge, no rule of accessibility broken; a picture when a folder is named."""
    page.wait_for_load_state("networkidle")  # a click before may still lead on
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        if os.environ.get("SCREENSHOTS"):
            Path(os.environ["SCREENSHOTS"]).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{os.environ['SCREENSHOTS']}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})
    broken = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in broken] == [], name


def look_in_each_language(person: Person, path: str, name: str) -> None:
    """The page in three languages."""
    for language in ("kk", "ru", "en"):
        person.page.goto(f"{person.product.address}/{language}{path}")
        look(person.page, f"{name}-{language}")


def sign_in_again(person: Person) -> None:
    """With login and password, up to the second step."""
    person.context.clear_cookies()
    person.go("/sign-in")
    person.page.fill("#login", "head")
    person.page.fill("#secret", PASSWORD)
    person.page.click("main form button")
    expect(person.page).to_have_url(re.compile(r"/en/second-factor\?"))


def at_home(person: Person) -> None:
    """The person is in."""
    expect(person.page).to_have_url(re.compile(r"/en/$"))


def test_a_passkey_and_a_recovery_code_in_a_real_browser(product: Product, browser: Browser) -> None:
    made = product.lms("init", "--login", "head", "--json")
    code = re.search(r'"one_time_code": "([^"]+)"', made)
    assert code is not None
    product.start()
    head = Person(browser, product)
    faults: list[str] = []
    head.page.on("pageerror", lambda error: faults.append(str(error)))
    device = Device(head)
    page = head.page
    wrong = page.locator("form[data-passkey] .wrong-words")

    # set up, with the first way in
    head.sign_in("head", code.group(1))
    expect(page).to_have_url(re.compile(r"/en/second-factor/set-up\?"))
    look_in_each_language(head, "/second-factor/set-up", "set-up")
    look_in_each_language(head, "/second-factor/set-up/passkey", "add-passkey")
    head.go("/second-factor/set-up/passkey")
    device.know_its_holder(known=False)
    page.fill("#passkey_name", "work phone")
    page.click("form[data-passkey] button")
    expect(wrong).to_contain_text("The device gave no passkey")
    device.know_its_holder(known=True)
    page.click("form[data-passkey] button")
    codes = page.locator(".recovery-codes li")
    expect(codes).to_have_count(10)
    look(page, "codes-en")
    kept = codes.all_inner_texts()
    assert [one["rpId"] for one in device.count()] == ["localhost"]
    page.click("main .actions a.btn-main")
    at_home(head)

    # the second step, each time
    for _time in range(2):
        sign_in_again(head)
        page.click("form[data-passkey] button")
        at_home(head)
    sign_in_again(head)
    look_in_each_language(head, "/second-factor", "prove")
    look_in_each_language(head, "/second-factor/recovery-code", "recovery")
    head.go("/second-factor")
    device.know_its_holder(known=False)
    page.click("form[data-passkey] button")
    expect(wrong).to_contain_text("The device gave no passkey")
    device.know_its_holder(known=True)
    page.click("form[data-passkey] button")
    at_home(head)

    # on My account: the password first, and no device twice
    look_in_each_language(head, "/account/second-factor", "factors")
    look_in_each_language(head, "/account/recovery-codes", "new-codes")
    look_in_each_language(head, "/account", "account")
    head.go("/second-factor/set-up/passkey")
    page.fill("#current", "my guess")
    page.click("form[data-passkey] button")
    expect(wrong).to_contain_text("This is not the password that you have now")
    page.fill("#current", PASSWORD)
    page.click("form[data-passkey] button")
    expect(wrong).to_contain_text("The device gave no passkey")
    device.lose()
    page.fill("#passkey_name", "home computer")
    page.click("form[data-passkey] button")
    expect(page.locator("main")).to_contain_text("Your recovery codes are the same as before")
    head.go("/account/second-factor")
    expect(page.locator("main li strong")).to_have_text(["work phone", "home computer"])
    page.click("main li a >> nth=0")
    look(page, "remove-en")
    page.fill("#current", PASSWORD)
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("“work phone” opens nothing any more")
    expect(page.locator("main li a")).to_have_count(0)

    # the device is lost: a recovery code
    device.lose()
    sign_in_again(head)
    page.click("form[data-passkey] button")
    expect(wrong).to_contain_text("The device gave no passkey")
    page.click("main a[href*='recovery-code']")
    page.fill("#code", kept[0])
    page.click("main form button")
    at_home(head)
    expect(page.locator("main")).to_contain_text("You used a recovery code. 9 are left.")
    assert faults == []


def test_without_javascript_the_page_says_so_and_a_code_works(product: Product, browser: Browser) -> None:
    """After the test before: `head` has a passkey, and this browser runs no scripts."""
    quiet = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = quiet.new_page()
    page.goto(f"{product.address}/en/sign-in")
    page.fill("#login", "head")
    page.fill("#secret", PASSWORD)
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("A passkey needs JavaScript, which is switched off in this browser.")
    expect(page.locator("form[data-passkey] button")).to_be_hidden()
    expect(page.locator("main a[href*='recovery-code']")).to_be_visible()
    quiet.close()

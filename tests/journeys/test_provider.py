"""A provider linked and used in a real browser: there, over the policy of the pages, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.accounts.oidc_provider import CLIENT, SECRET, OidcProvider, running
from tests.journeys.chromium import chromium
from tests.journeys.phone import PASSWORD, Person
from tests.journeys.region import Product, installation
from tests.journeys.test_passkeys import look, look_in_each_language

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    """The provider, with one person signed in there."""
    with running() as served:
        yield served


@pytest.fixture(scope="module")
def product(database_kind: str, provider: OidcProvider) -> Iterator[Product]:
    """An empty installation that names the provider."""
    if database_kind != "sqlite":
        pytest.skip("what a browser does at a provider does not depend on the database")
    named = {"OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    words = {"OIDC_LABEL_EN": "State ID", "OIDC_LABEL_RU": "Гос-ID", "OIDC_LABEL_KK": "Мем-ID"}
    with installation(OIDC_SECOND_FACTOR="hwk", **named, **words) as made:
        yield made


@pytest.fixture(scope="module")
def browser(product: Product) -> Iterator[Browser]:
    """One Chromium."""
    with chromium() as made:
        yield made


def test_there_and_back_in_a_real_browser(product: Product, browser: Browser, provider: OidcProvider) -> None:
    made = product.lms("init", "--login", "head", "--json")
    code = re.search(r'"one_time_code": "([^"]+)"', made)
    assert code is not None
    product.start()
    head = Person(browser, product)
    page, words = head.page, head.page.locator("main")
    look_in_each_language(head, "/sign-in", "sign-in-provider")
    head.go("/sign-in")
    page.click("main a[href*='sign-in/provider']")
    expect(words).to_contain_text("State ID knows you, but no account here is linked to you.")
    page.goto("about:blank")  # the address of the slip differs by its end only
    head.sign_in("head", code.group(1))
    head.set_up_second_factor()

    look_in_each_language(head, "/account/identity", "link")
    head.go("/account/identity")
    page.fill("#current", PASSWORD)
    page.click("main form button")
    look(page, "link-ready-en")
    page.click("main a.btn-main")
    expect(words).to_contain_text("From now on you can also sign in through State ID.")
    look_in_each_language(head, "/account/identity", "linked")
    look_in_each_language(head, "/account/identity/remove", "unlink")

    head.context.clear_cookies()
    head.go("/sign-in?next=/account")
    page.click("main a[href*='sign-in/provider']")
    expect(page).to_have_url(re.compile(r"/en/second-factor\?"))
    head.context.clear_cookies()
    provider.claims["amr"] = ["pwd", "hwk"]
    head.go("/sign-in?next=/account")
    page.click("main a[href*='sign-in/provider']")
    expect(page).to_have_url(re.compile(r"/en/account$"))

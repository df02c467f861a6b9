"""A Kyrgyz officer fills a seat out of the reserve by keyboard, and every page on the way looks as pages do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from lms.app import create_app
from lms.commissions import queries
from lms.commissions.actions import create_commission
from lms.commissions.names import precinct_names
from lms.commissions.permissions import SYSTEM
from lms.commissions.reserve import Waiting, put_into_reserve
from lms.commissions.rules import Act, Level, Office, Territory
from lms.core import clock
from lms.people.actions import NewPerson
from tests.factories.commissions import make_member, make_officer
from tests.journeys.chromium import chromium
from tests.journeys.live import Live, settings_of
from tests.journeys.region import installation
from tests.journeys.test_every_page import LANGUAGES, WIDTHS, look
from tests.operations.test_kyrgyz import pin

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(database_kind: str) -> Iterator[Live]:
    """A Kyrgyz installation, served. One database is enough for how pages look."""
    if database_kind != "sqlite":
        pytest.skip("how pages look does not depend on the database")
    with installation() as product:
        product.lms("init", "--login", "head", "--country", "kg", "--demo")
        made = Live(product, create_app(settings_of(product.instance, "")))
        with made.inside():
            _fill_in(made)
        product.start()
        yield made


def _fill_in(made: Live) -> None:
    central = queries.find_central()
    assert central is not None
    district = create_commission(
        parent=central,
        level=Level.TEC,
        territory=Territory.DISTRICT,
        names={"kk": "Алай ауданы", "ru": "Алайский район", "en": "Alai district"},
        seats=11,
        by=SYSTEM,
    )
    place = create_commission(
        parent=district,
        level=Level.PEC,
        territory=Territory.PRECINCT,
        number=17,
        names=precinct_names(17, abroad=False),
        seats=7,
        by=SYSTEM,
    )
    for one in range(5):
        make_member(place, Office.CHAIR if one == 0 else Office.MEMBER, surname="Асанова", given_name="Айгүл")
    today = clock.today()
    for serial, party in enumerate(("Партия «Бир Бол»", "Алайский районный кенеш"), start=1):
        put_into_reserve(
            commission=place,
            coming=NewPerson(number=pin(serial), surname="Касымова", given_name="Нурзат", patronymic="Маратовна"),
            waiting=Waiting(party, today, Act("3", today)),
            by=SYSTEM,
        )
    made.place_id = place.id  # type: ignore[attr-defined]
    made.cookie, _token = made.sign_in(make_officer(district))  # type: ignore[attr-defined]


@pytest.fixture
def officer(server: Live) -> Iterator[BrowserContext]:
    """The officer's browser."""
    with chromium() as browser:
        yield signed_in(browser, server)


def signed_in(browser: Browser, server: Live) -> BrowserContext:
    """A browser that the officer is signed in with."""
    context: Any = browser.new_context()
    context.add_cookies([{"name": "session", "value": server.cookie, "url": server.address}])  # type: ignore[attr-defined]
    context._role = "kyrgyz-officer"
    return context  # type: ignore[no-any-return]


def test_the_pages_look_as_pages_do_and_the_next_is_seated_by_keyboard(server: Live, officer: BrowserContext) -> None:
    place = f"/commissions/{server.place_id}"  # type: ignore[attr-defined]
    pages = (place, f"{place}/reserve", f"{place}/reserve/new", f"{place}/seat", f"{place}/seat?reserve=1")
    faults = {
        f"{language}{path} at {width}": wrong
        for path in pages
        for language in LANGUAGES
        for width in (WIDTHS if language == "ru" else WIDTHS[:1])
        if (wrong := look(officer, f"{server.address}/{language}{path}", width, language))
    }
    assert faults == {}

    page = officer.new_page()
    page.goto(f"{server.address}/ru{place}/seat")
    page.get_by_role("link", name="Взять этого человека").press("Enter")
    expect(page.locator("#surname")).to_have_value("Касымова")
    expect(page.locator("#nominated_by")).to_have_value("Партия «Бир Бол»")
    expect(page.locator("#number")).to_have_count(0)
    page.fill("#act", "12")
    page.locator("#act").press("Enter")
    page.wait_for_url("**/arrival")
    page.goto(f"{server.address}/ru{place}/reserve")
    expect(page.get_by_role("cell", name="вошёл в состав")).to_have_count(1)

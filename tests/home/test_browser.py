"""Pages of an officer on a phone and on a desk: nothing runs over the edge, whatever is long; search and the menu."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.campaigns.queries import get_open_campaign
from lms.commissions.models import Commission
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.queries import get_course
from lms.workshops.models import Workshop, WorkshopGuest
from tests.factories.commissions import make_member, make_officer
from tests.journeys.live import Live

pytestmark = pytest.mark.browser
LONG = "Ұ" * 100
"""As long as a name may be, and no place to break it."""
LANGUAGES = ("kk", "ru", "en")
WIDTHS = (360, 1280)


@dataclass
class Office:
    """A district with a member whose name is long, and its officer's browser."""

    server: Live
    page: Page
    district: int
    precinct: int
    member: int
    account: int
    """Of the member, who is a trainer of the district too."""

    def open(self, path: str, language: str = "en", width: int = 360) -> Page:
        self.page.set_viewport_size({"width": width, "height": 800})
        answer = self.page.goto(f"{self.server.address}/{language}{path}")
        assert answer is not None
        assert answer.status == 200, path
        return self.page


@pytest.fixture(scope="module")
def office(browser: Browser, live_server: Live) -> Iterator[Office]:
    with live_server.inside():
        district = db.session.query(Commission).filter_by(level="tec", territory="district").first()
        assert district is not None
        precinct = db.session.query(Commission).filter_by(parent_id=district.id).first()
        assert precinct is not None
        member = make_member(precinct, surname=LONG)
        other = make_member(precinct, surname=LONG)
        for account in (member, other):
            account.person.phone = "+77010000001"
        other.password_hash = None
        other.person.phone = ""
        trainer = make_officer(district, Role.TRAINER)
        trainer.person.surname = LONG
        for days in (2, 3):
            start = clock.now() + timedelta(days=days)
            made = Workshop(
                campaign_id=get_open_campaign().id,
                course_id=get_course("election-day").id,
                organiser_id=district.id,
                trainer_id=trainer.person_id,
                starts_at=start,
                ends_at=start + timedelta(hours=2),
                time_zone="Asia/Aqtau",
                place=LONG,
                seats=5,
                language="kk",
                created_by_id=None,
                created_at=clock.now(),
            )
            db.session.add(made)
            db.session.flush()
        db.session.add(WorkshopGuest(workshop_id=made.id, person_id=member.person_id, given_at=clock.now()))
        cookie, _token = live_server.sign_in(make_officer(district))
        ids = (district.id, precinct.id, member.person_id, trainer.id)
    context = browser.new_context()
    context.add_cookies([{"name": "session", "value": cookie, "url": live_server.address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Office(live_server, page, *ids)
    context.close()
    assert faults == []


def test_nothing_long_runs_over_the_edge(office: Office) -> None:
    held = f"account={office.account}&role=trainer"
    pages = {
        "calls": f"/desk/{office.district}/calls",
        "calls-never": f"/desk/{office.district}/calls?what=never&precinct=abc",
        "letters": f"/desk/{office.district}/letters",
        "contact": f"/people/{office.member}/contact",
        "arrival": f"/people/{office.member}/arrival",
        "person": f"/people/{office.member}",
        "commission": f"/commissions/{office.precinct}",
        "slips": f"/commissions/{office.precinct}/slips",
        "vacancies": f"/commissions/{office.district}/vacancies",
        "roles": f"/commissions/{office.district}/roles",
        "revoke": f"/commissions/{office.district}/roles/revoke?{held}",
        "new-place": f"/commissions/{office.district}/below/new",
        "completion": f"/completion/{office.precinct}",
        "duplicates": "/people/duplicates",
        "workshop-new": "/workshops/new",
    }
    over = {}
    for name, path in pages.items():
        for language in LANGUAGES:
            for width in WIDTHS:
                page = office.open(path, language, width)
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    over[f"{name} {language} {width}"] = wide
    assert over == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_fill_a_seat_is_on_the_screen(office: Office, language: str) -> None:
    page = office.open(f"/commissions/{office.district}/vacancies", language)
    link = page.locator("main td:last-child a").first
    box = link.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_head_of_the_page_keeps_its_rows(office: Office, language: str, width: int) -> None:
    """The name, the languages and the way out stand in one row; the hint of the search can be read."""
    page = office.open("/desk", language, width)
    way_out = ".bar .menu-fold summary" if width < 600 else ".bar .sign-out"
    tops = [page.locator(part).bounding_box() for part in (".bar .brand", ".bar .languages", way_out)]
    middles = [box["y"] + box["height"] / 2 for box in tops if box is not None]
    assert len(middles) == 3
    if width < 600:
        page.click(".menu-fold summary")
        expect(page.locator(".bar button.link:visible")).to_have_count(1)
    assert max(middles) - min(middles) < 10
    hint = page.evaluate(
        """() => {
            const box = document.getElementById("find"), style = getComputedStyle(box);
            const pen = document.createElement("canvas").getContext("2d");
            pen.font = style.font;
            const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            return room - pen.measureText(box.placeholder).width;
        }"""
    )
    assert hint >= 0


def test_search_says_that_nothing_is_found(office: Office) -> None:
    page = office.open("/desk", width=1280)
    page.fill("#find", "Moratbaeva Aygerym")
    expect(page.locator("#find-list")).to_have_text("Nothing found")
    page.press("#find", "ArrowDown")
    page.press("#find", "Enter")
    expect(page.locator("main")).to_contain_text("Nothing in your branch fits")

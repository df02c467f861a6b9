"""A trainer takes attendance on a phone in a village: the link is lost and comes back, the page is opened again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import scope_of
from lms.commissions.queries import find_seat_of
from lms.commissions.rules import Role
from lms.core import clock
from lms.core.database.base import db
from lms.curriculum.queries import get_course
from lms.workshops import listing
from lms.workshops.actions import schedule_workshop
from lms.workshops.attendance import record_attendance
from lms.workshops.models import Workshop
from lms.workshops.rules import Mark, Plan
from tests.factories.commissions import make_member, make_officer
from tests.journeys.live import PHONE, Live

pytestmark = pytest.mark.browser
days = count(1)
"""Each workshop on a day of its own, so that none clashes with another."""
SAVED, KEPT = "✓ Saved", "Kept on this device, will be sent when the link is back"


@dataclass
class Village:
    """A workshop held lately in a precinct of five, and its trainer's phone."""

    server: Live
    context: BrowserContext
    page: Page
    workshop_id: int
    trainer_id: int
    people: list[int]

    @property
    def address(self) -> str:
        return f"{self.server.address}/en/workshops/{self.workshop_id}/attendance"

    def tick(self, place: int, words: str = "Here") -> None:
        self.line(place).get_by_role("radio", name=words, exact=True).click()

    def line(self, place: int):  # type: ignore[no-untyped-def]
        return self.page.locator(f"[data-person='{self.people[place]}']")

    def at_server(self) -> dict[int, bool]:
        """What the server has recorded: place in the list -> present."""
        with self.server.inside():
            kept = listing.list_attendance(self.workshop_id)
            return {self.people.index(person): row.present for person, row in kept.items()}

    def cut(self) -> None:
        """The link is lost."""
        self.context.set_offline(True)

    def join(self) -> None:
        """The link comes back."""
        self.context.set_offline(False)


@pytest.fixture
def village(browser: Browser, live_server: Live) -> Iterator[Village]:
    """The page of attendance, open on a phone."""
    with live_server.inside():
        district = db.session.query(Commission).filter_by(level="tec", territory="district").first()
        assert district is not None
        precinct = db.session.query(Commission).filter_by(parent_id=district.id).first()
        assert precinct is not None
        trainer = make_officer(district, Role.TRAINER)
        people = [make_member(precinct, surname=f"Мүше{n}") for n in range(5)]
        for one in people:
            seat = find_seat_of(one.person_id)
            assert seat is not None
            seat.starts_on -= timedelta(days=40)
        workshop = _workshop(trainer.person_id, precinct.id, trainer)
        cookie, _token = live_server.sign_in(trainer)
        ids = (workshop.id, trainer.person_id, [one.person_id for one in people])
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.add_cookies([{"name": "session", "value": cookie, "url": live_server.address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    made = Village(live_server, context, page, *ids)
    page.goto(made.address)
    yield made
    context.close()
    assert faults == []
    with live_server.inside():
        for person_id in ids[2]:
            seat = find_seat_of(person_id)
            assert seat is not None
            seat.starts_on = seat.ends_on = clock.today()


def _workshop(trainer_id: int, precinct_id: int, trainer: object) -> Workshop:
    plan = Plan(
        course_id=get_course("election-day").id,
        trainer_id=trainer_id,
        day=clock.today("Asia/Aqtau") - timedelta(days=next(days)),
        starts=time(15),
        ends=time(17),
        time_zone="Asia/Aqtau",
        place="Мектеп",
        link="",
        seats=100,
        language="kk",
        commission_ids=frozenset({precinct_id}),
    )
    workshop = schedule_workshop(plan=plan, by=scope_of(trainer))  # type: ignore[arg-type]
    db.session.flush()
    return workshop


def test_a_tick_is_saved_at_once_and_said_so_by_the_server(village: Village) -> None:
    village.tick(0)
    village.tick(1, "Not here")
    for place in (0, 1):
        expect(village.line(place).locator("[data-state]")).to_have_text(SAVED)
    expect(village.page.locator(".counts [data-count=here]")).to_have_text("1")
    expect(village.page.locator(".counts [data-count=open]")).to_have_text("3")
    assert village.at_server() == {0: True, 1: False}


def test_ticks_without_a_link_stay_on_the_device_and_are_sent_on_return(village: Village) -> None:
    village.cut()
    village.tick(0)
    village.tick(1)
    village.tick(1, "Not here")
    expect(village.line(0).locator("[data-state]")).to_have_text(KEPT)
    expect(village.page.locator("[data-overall]")).to_have_text("No link. Ticks not sent yet: 2")
    assert village.at_server() == {}
    village.join()
    expect(village.line(0).locator("[data-state]")).to_have_text(SAVED)
    expect(village.page.locator("[data-overall]")).to_have_text("✓ Every tick is saved on the server")
    assert village.at_server() == {0: True, 1: False}


def test_ticks_outlive_the_page(village: Village) -> None:
    village.cut()
    village.tick(2)
    village.page.close()
    village.join()
    village.page = village.context.new_page()
    village.page.goto(village.address)
    expect(village.line(2).locator("[data-state]")).to_have_text(SAVED)
    assert village.at_server() == {2: True}


def test_everyone_else_is_ticked_with_one_button_also_without_a_link(village: Village) -> None:
    village.tick(3, "Not here")
    expect(village.line(3).locator("[data-state]")).to_have_text(SAVED)
    village.cut()
    village.page.get_by_text("Tick all others as here").click()
    expect(village.page.locator(".counts [data-count=here]")).to_have_text("0")
    village.page.get_by_role("button", name="Yes, they are all here").click()
    expect(village.page.locator(".counts [data-count=here]")).to_have_text("4")
    village.join()
    expect(village.page.locator("[data-overall]")).to_have_text("✓ Every tick is saved on the server")
    assert village.at_server() == {0: True, 1: True, 2: True, 3: False, 4: True}


def test_a_later_tick_from_another_phone_stands_and_is_shown(village: Village) -> None:
    village.cut()
    village.tick(0)
    with village.server.inside():
        workshop = db.session.get_one(Workshop, village.workshop_id)
        officer = make_officer(workshop.organiser)
        mark = Mark(village.people[0], False, clock.now() + timedelta(seconds=30))
        record_attendance(workshop=workshop, marks=[mark], by=scope_of(officer))
    village.join()
    expect(village.line(0).locator("[data-state]")).to_contain_text("ticked as “Not here” meanwhile")
    expect(village.line(0).locator("input[type=radio][value='0']")).to_be_checked()
    expect(village.page.locator("[data-overall]")).to_contain_text("Not every tick was taken")
    assert village.at_server() == {0: False}


def test_a_page_opened_before_turns_no_absence_into_presence(village: Village) -> None:
    stale = village.page
    village.page = village.context.new_page()
    village.page.goto(village.address)
    village.tick(0, "Not here")
    village.tick(1, "Not here")
    expect(village.line(1).locator("[data-state]")).to_have_text(SAVED)
    village.page.close()
    village.page = stale
    village.page.get_by_text("Tick all others as here").click()
    village.page.get_by_role("button", name="Yes, they are all here").click()
    expect(village.line(0).locator("[data-state]")).to_contain_text("That stays.")
    expect(village.line(0).locator("input[type=radio][value='0']")).to_be_checked()
    expect(village.page.locator(".counts [data-count=here]")).to_have_text("3")
    expect(village.page.locator(".counts [data-count=away]")).to_have_text("2")
    assert village.at_server() == {0: False, 1: False, 2: True, 3: True, 4: True}


def test_a_page_opened_before_shows_what_was_ticked_meanwhile(village: Village) -> None:
    stale = village.page
    village.page = village.context.new_page()
    village.page.goto(village.address)
    village.tick(0, "Not here")
    village.tick(1, "Not here")
    expect(village.line(1).locator("[data-state]")).to_have_text(SAVED)
    village.page.close()
    village.page = stale
    village.tick(0)
    expect(village.line(0).locator("[data-state]")).to_contain_text("you yourself")
    expect(village.line(1).locator("[data-state]")).to_contain_text("Ticked meanwhile")
    expect(village.line(1).locator("input[type=radio][value='0']")).to_be_checked()
    expect(village.page.locator(".counts [data-count=away]")).to_have_text("1")
    expect(village.page.locator(".counts [data-count=open]")).to_have_text("3")
    village.tick(0, "Not here")
    expect(village.line(0).locator("[data-state]")).to_have_text(SAVED)
    assert village.at_server() == {0: False, 1: False}


def test_an_absence_kept_on_the_device_outlives_the_button_of_another_window(village: Village) -> None:
    other = village.context.new_page()
    other.goto(village.address)
    village.cut()
    village.tick(0, "Not here")
    village.page, first = other, village.page
    village.page.get_by_text("Tick all others as here").click()
    village.page.get_by_role("button", name="Yes, they are all here").click()
    expect(village.page.locator(".counts [data-count=away]")).to_have_text("1")
    village.join()
    expect(village.page.locator("[data-overall]")).to_have_text("✓ Every tick is saved on the server")
    assert village.at_server() == {0: False, 1: True, 2: True, 3: True, 4: True}
    first.close()


def test_signed_out_meanwhile_the_ticks_stay_on_the_device(village: Village) -> None:
    cookies = village.context.cookies()
    village.context.clear_cookies()
    village.tick(4)
    expect(village.page.locator("[data-overall]")).to_contain_text("sign in if asked")
    assert village.at_server() == {}
    village.context.add_cookies(cookies)  # type: ignore[arg-type]
    village.page.reload()
    expect(village.line(4).locator("[data-state]")).to_have_text(SAVED)
    assert village.at_server() == {4: True}


def test_who_came_uninvited_is_saved_at_once_too(village: Village) -> None:
    with village.server.inside():
        workshop = db.session.get_one(Workshop, village.workshop_id)
        other = db.session.query(Commission).filter_by(parent_id=workshop.organiser_id).all()[1]
        guest = make_member(other, surname="Шақырылмаған").person_id
    village.people.append(guest)
    village.page.goto(village.address + "?find=Шақырыл")
    expect(village.page.locator(".counts [data-count=open]")).to_have_text("5")
    village.tick(5)
    expect(village.line(5).locator("[data-state]")).to_have_text(SAVED)
    expect(village.page.locator(".counts [data-count=here]")).to_have_text("1")
    expect(village.page.locator(".counts [data-count=open]")).to_have_text("5")
    assert village.at_server() == {5: True}


def test_who_has_left_meanwhile_does_not_stay_ticked(village: Village) -> None:
    with village.server.inside():
        seat = find_seat_of(village.people[0])
        assert seat is not None
        seat.ends_on = seat.starts_on + timedelta(days=1)
        seat_id = seat.id
    village.tick(0)
    expect(village.line(0).locator("[data-state]")).to_contain_text("left the commission")
    expect(village.line(0).locator("input[type=radio]:checked")).to_have_count(0)
    expect(village.page.locator(".counts [data-count=here]")).to_have_text("0")
    expect(village.page.locator("[data-overall]")).to_contain_text("Not every tick was taken")
    assert village.at_server() == {}
    with village.server.inside():
        db.session.get_one(Appointment, seat_id).ends_on = None


def test_a_page_opened_before_the_start_opens_for_ticks_by_itself_without_a_link(village: Village) -> None:
    with village.server.inside():
        workshop = db.session.get_one(Workshop, village.workshop_id)
        workshop.starts_at = clock.now() + timedelta(minutes=15, seconds=8)
        workshop.ends_at = workshop.starts_at + timedelta(hours=2)
    village.page.reload()
    expect(village.line(0).get_by_role("radio", name="Here", exact=True)).to_be_disabled()
    village.cut()
    expect(village.line(0).get_by_role("radio", name="Here", exact=True)).to_be_enabled(timeout=30_000)
    village.tick(0)
    expect(village.line(0).locator("[data-state]")).to_have_text(KEPT)
    village.join()
    expect(village.line(0).locator("[data-state]")).to_have_text(SAVED)
    assert village.at_server() == {0: True}


def test_the_form_works_without_scripts(village: Village, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    context.add_cookies(village.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(village.address)
    page.locator(f"[name='person-{village.people[0]}'][value='1']").check(force=True)
    page.get_by_role("button", name="Save the ticks").click()
    expect(page.get_by_text("1 tick is saved.")).to_be_visible()
    assert village.at_server() == {0: True}
    context.close()

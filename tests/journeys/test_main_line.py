"""The whole line, as people go it on a phone 360 px wide: roster, slips, workshop, course, a test cut off in the
middle, attendance, certificate, a stranger's check, and the region's figure that has moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from sqlalchemy import Engine, create_engine, text

from lms.core import clock
from tests import postgres
from tests.journeys.chromium import chromium
from tests.journeys.phone import Person, answer, key_of, read_course, slips_in
from tests.journeys.region import Product, installation

pytestmark = pytest.mark.browser
ROSTER = Path(__file__).parents[1] / "rosters" / "data" / "mangystau-roster.xlsx"
PACK = Path(__file__).parents[2] / "courses" / "election-day"


@pytest.fixture(scope="module")
def product(postgres_server: postgres.Server | None) -> Iterator[Product]:
    """An installation that holds the central commission, its administrator and the course, served with its worker."""
    url = ""
    if postgres_server is not None:
        with create_engine(postgres_server.url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE DATABASE main_line"))
        url = postgres_server.url_of("main_line")
    with installation(url) as made:
        yield made


@pytest.fixture(scope="module")
def database(product: Product) -> Iterator[Engine]:
    """The installation's database, to look up ids and the key of the paper; nothing is written here."""
    url = product.environment["DATABASE_URL"] or f"sqlite:///{product.instance / 'cascade.db'}"
    engine = create_engine(url)
    yield engine
    engine.dispose()


def import_roster(officer: Person) -> None:
    """Send the file, look at what it would do, leave the problem rows out, apply."""
    officer.go("/rosters/new")
    officer.page.set_input_files("#file", ROSTER)
    officer.page.click("main form button")
    expect(officer.page.locator("h1")).to_have_text("Look through before applying", timeout=60_000)
    expect(officer.page.locator(".figures")).to_contain_text("14")
    officer.page.check("#leave_out_problems")
    officer.page.click("form[action$='/apply'] button")
    expect(officer.page.locator("h1")).to_have_text("This roster is applied", timeout=60_000)


def figure(officer: Person, commission_id: int) -> str:
    """The first figures of a commission's completion."""
    officer.go(f"/completion/{commission_id}")
    return officer.page.locator(".figures").first.inner_text()


def schedule(trainer: Person, precinct_id: int) -> str:
    """A workshop for one precinct that begins in a moment, so that people may be ticked; its address."""
    trainer.go("/workshops/new")
    page = trainer.page
    begins = clock.now().astimezone(ZoneInfo("Asia/Aqtau")) + timedelta(minutes=5)
    last = begins.replace(hour=23, minute=59)  # it ends on the day on which it begins
    begins = min(begins, last - timedelta(minutes=30))
    page.fill("#day", begins.date().isoformat())
    page.select_option("#time_zone", "Asia/Aqtau")
    page.fill("#starts", begins.strftime("%H:%M"))
    page.fill("#ends", min(begins + timedelta(hours=2), last).strftime("%H:%M"))
    page.fill("#place", "School No. 3, assembly hall")
    box = page.locator(f"input[name=commissions][value='{precinct_id}']")
    if box.count() == 0:
        page.fill("#words", "17")
        page.click("button[name=look]")
    box.check()
    page.click("main form .actions button.btn-main")
    expect(page).to_have_url(re.compile(r"/workshops/\d+$"))
    return page.url


def take_test(member: Person, database: Engine) -> int:
    """How many questions there were; the link is lost after the first third and comes back before the last."""
    page = member.page
    page.click("main form button.btn-main")
    expect(page).to_have_url(re.compile(r"/attempts/\d+/questions/1$"))
    found = re.search(r"/attempts/(\d+)/", page.url)
    assert found is not None
    paper = key_of(database, int(found.group(1)))
    total = len(paper)
    lost, back = total // 3 + 1, total * 2 // 3 + 1
    for position in range(1, total + 1):
        if position == lost:
            expect(page.locator("#saved")).not_to_have_class(re.compile("kept"))
            member.context.set_offline(True)
        if position == back:
            member.context.set_offline(False)
            page.evaluate("window.dispatchEvent(new Event('online'))")
        answer(page, position, paper[position])
        if position in range(lost, back):
            expect(page.locator("#saved")).to_have_class(re.compile("kept"))
        else:
            expect(page.locator("#saved")).to_contain_text("✓")
        page.click("#next")
    expect(page).to_have_url(re.compile(r"/overview$"))
    page.click("#send button.btn-main")
    expect(page).to_have_url(re.compile(r"/result$"))
    return total


def test_the_main_line(product: Product, database: Engine) -> None:
    made = product.lms("init", "--demo", "--login", "head", "--json")
    code = re.search(r'"one_time_code": "([^"]+)"', made)
    assert code is not None
    product.lms("packs", "publish", str(PACK), "--by", "head")
    product.start()
    with chromium() as browser:
        head = Person(browser, product)
        head.sign_in("head", code.group(1))
        head.set_up_second_factor()
        import_roster(head)

        with database.connect() as connection:
            region, district, precinct = connection.execute(
                text(
                    "SELECT d.parent_id, d.id, p.id FROM commission p JOIN commission d ON d.id = p.parent_id"
                    " WHERE p.level = 'pec' AND d.territory = 'district' ORDER BY p.id LIMIT 1"
                )
            ).one()
        before = figure(head, region)
        head.go(f"/commissions/{precinct}/slips")
        members = slips_in(head.download("main form button.btn-main"))
        assert len(members) >= 5
        head.go(f"/commissions/{district}/slips")
        trainer_slip = slips_in(head.download("main form button.btn-main"))[0]
        head.go(f"/commissions/{district}/roles")
        head.page.select_option("#role", "trainer")
        head.page.fill("#login", trainer_slip[0])
        head.page.click("main form.panel button.btn-main")
        head.page.click("main form.panel button[name=sure]")
        expect(head.page.locator("main")).to_contain_text("trainer")

        trainer = Person(browser, product, "ru")
        trainer.sign_in(*trainer_slip)
        trainer.set_up_second_factor()
        workshop = schedule(trainer, precinct)
        sheet = trainer.page.locator("a[href$='/sign-in-sheet']").get_attribute("href")
        assert trainer.context.request.get(f"{product.address}{sheet}").body().startswith(b"%PDF")

        member = Person(browser, product, "kk")
        member.sign_in(*members[0])
        member.go("/")
        expect(member.page.locator("main")).to_contain_text("School No. 3")
        member.go("/courses/election-day")
        read_course(member)
        member.go("/courses/election-day/test")
        total = take_test(member, database)
        expect(member.page.locator("main")).to_contain_text(str(total))

        trainer.page.goto(f"{workshop}/attendance")
        name = head_name(database, members[0][0])
        row = trainer.page.locator("fieldset.presence", has_text=name)
        row.locator("label.yes").click()
        trainer.page.click("#attendance .actions button.btn-main")
        expect(trainer.page.locator(".counts [data-count=here]")).to_have_text("1")

        pdf = certificate(member)
        words = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
        assert name.split()[0] in words

        with database.connect() as connection:
            code_of = connection.execute(text("SELECT code FROM certificate")).scalar_one()
        stranger = Person(browser, product)
        stranger.go(f"/verify/{code_of}")
        expect(stranger.page.locator("main")).to_contain_text(re.compile(r"KZ-\d{4}-"))
        expect(stranger.page.locator("main")).not_to_contain_text(name.split()[0])
        assert figure(head, region) != before


def head_name(database: Engine, login: str) -> str:
    """Surname and given name of whoever has this login."""
    with database.connect() as connection:
        row = connection.execute(
            text(
                "SELECT p.surname, p.given_name FROM person p"
                " JOIN account a ON a.person_id = p.id WHERE a.login = :login"
            ),
            {"login": login},
        ).one()
    return f"{row[0]} {row[1]}"


def certificate(member: Person) -> bytes:
    """The certificate from the first page, once the worker has rendered it."""
    link = member.page.locator("main a[href*='/certificates/']")
    for _ in range(60):
        member.go("/")
        if link.count():
            break
        member.page.wait_for_timeout(500)
    address = link.first.get_attribute("href")
    response = member.context.request.get(f"{member.product.address}{address}")
    assert response.headers["content-type"] == "application/pdf"
    return response.body()

"""One line in a browser: a question of each kind is written, kept while it is typed, sent, read by another person,
published, brought to the course, and stands on a paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms.accounts.models import Account
from lms.assessment import queries
from lms.commissions.models import Commission
from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.curriculum.queries import find_newest_version, get_course
from lms.questions.models import QuestionVersion
from tests.factories.assessment import make_attempt, make_learner
from tests.factories.bank import form_of
from tests.factories.commissions import make_officer
from tests.factories.questions import KIND_NAMES, question_body, texts
from tests.journeys.live import Live

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}


def page_of(browser: Browser, server: Live, faults: list[str]) -> Page:
    """A page signed in as a new methodologist."""
    with server.inside():
        central = db.session.scalars(select(Commission).where(Commission.level == "cec")).one()
        account: Account = make_officer(central, Role.METHODOLOGIST)
        db.session.flush()
        cookie = server.sign_in(account)[0]
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    context.add_cookies([{"name": "session", "value": cookie, "url": server.address}])
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def write(page: Page, kind: str) -> None:
    """Fill in the form of a draft like a person: as many parts as are needed, then field by field."""
    wanted = form_of(kind, question_body(kind, text=texts(f"Written here, {kind}")))
    for name in [name for name in wanted if name.endswith(".count")]:
        there = page.locator(f'input[name="{name}"]')
        while int(there.input_value()) < int(wanted[name]):
            page.get_by_role("button", name="Add").last.click()
    for name, value in wanted.items():
        field = page.locator(f'[name="{name}"]:not([type=hidden])').first
        if not field.count():
            continue
        match field.evaluate("one => one.type"):
            case "select-one":
                field.select_option(value.lower())
            case "checkbox":
                field.check()
            case _:
                field.fill(value)


def test_a_question_of_each_kind_comes_to_papers(browser: Browser, live_server: Live) -> None:
    faults: list[str] = []
    writer, reader = (page_of(browser, live_server, faults) for _ in range(2))
    for kind in KIND_NAMES:
        writer.goto(f"{live_server.address}/en/bank/drafts/new?course=election-day")
        writer.select_option("#course", "election-day")
        writer.select_option("#kind", kind)
        writer.get_by_role("button", name="Begin").click()
        write(writer, kind)
        expect(writer.locator("#kept")).to_have_text("Kept on the server.")
        expect(writer.locator("#preview")).to_contain_text(f"Written here, {kind} (en)")
        writer.get_by_role("button", name="Send for review").click()
        expect(writer.locator("main")).to_contain_text("waits for review by another methodologist")
        reader.goto(f"{live_server.address}/en/bank/drafts")
        reader.get_by_role("link", name=re.compile(f"Written here, {kind} ")).click()
        reader.get_by_role("button", name="Approve").click()
        reader.get_by_role("button", name="Publish").click()
        expect(reader.locator("main")).to_contain_text("The question is published")
    reader.goto(f"{live_server.address}/en/bank?course=election-day")
    expect(reader.locator("main")).to_contain_text(f"{len(KIND_NAMES)} new")
    reader.get_by_role("button", name="Renew the course").click()
    expect(reader.locator("main")).to_contain_text("Version 2 has the questions of the bank")
    assert faults == []
    assert hard_on_a_paper(live_server) == 1


def hard_on_a_paper(server: Live) -> int:
    """How many hard questions stand on a new paper: those that were written here are the only ones, and their share of
    the topic is one question."""
    with server.inside():
        version = find_newest_version(get_course("election-day").id)
        precinct = db.session.scalars(select(Commission).where(Commission.level == "pec")).first()
        assert version is not None
        assert precinct is not None
        attempt = make_attempt(*make_learner(precinct, version))
        asked = [one.question_version_id for one in queries.list_paper(attempt.id)]
        return sum(db.session.get_one(QuestionVersion, one).difficulty == "hard" for one in asked)

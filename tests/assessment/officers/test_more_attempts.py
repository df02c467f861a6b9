"""Attempts beyond those of the course, and what was known before it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lms.accounts.models import Account
from lms.assessment import granting, queries, rules
from lms.assessment.actions import start_entry, submit_attempt
from lms.assessment.permissions import find_chance, say_ways
from lms.assessment.rules import Hindrance
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.errors import Refused
from lms.curriculum.settings import TestSettings
from lms.workshops.attendance import record_attendance
from lms.workshops.events import WorkshopAttended
from tests.assessment.officers.shared import OUTAGE, Learner, hard_test
from tests.conftest import Client
from tests.factories.assessment import (
    answer_all,
    enrolment_of,
    let_time_pass,
    make_attempt,
    make_learner,
    read_modules,
)
from tests.factories.commissions import Country, make_member, scope, sign_in_as
from tests.factories.curriculum import make_course, make_full_course
from tests.factories.workshops import here, make_setting, make_workshop, make_workshop_today


class TestMoreAttempts:
    def use_up(self, learner: Learner) -> None:
        for _ in range(queries_settings(learner).attempts):
            attempt = make_attempt(*learner)
            submit_attempt(attempt=attempt, by=scope(learner[0]))
            let_time_pass(attempt, hours=48)

    def test_an_officer_gives_one_more(self, client: Client, learner: Learner, officer: Account) -> None:
        with pytest.raises(Refused, match="when every attempt is used"):
            granting.grant_attempts(enrolment=learner[1], attempts=1, why=OUTAGE, by=scope(officer))
        self.use_up(learner)
        sign_in_as(client, officer)
        address = f"/en/enrolments/{learner[1].id}/more-attempts"
        assert "Give more attempts" in client.get(f"/en/people/{learner[0].person_id}/tests").text
        assert client.post(address, data={"attempts": "9", "reason": "practice"}).status_code == 422
        assert client.post(address, data={"attempts": "1", "reason": "practice"}).status_code == 302
        assert client.post(address, data={"attempts": "1", "reason": "practice"}).status_code == 422  # one is left
        chance = find_chance(learner[1], queries.list_attempts(learner[1].id))
        assert (chance.may, chance.left) == (True, 1)

    def test_a_workshop_after_the_last_attempt_gives_what_the_course_says(self, country: Country) -> None:
        test = {**hard_test(), "after_attempts": "workshop", "more": 2}
        learner = make_learner(country.precinct, make_course(test=test))
        before, held = attended(learner, -72), attended(learner, 0)
        self.use_up(learner)
        assert not find_chance(learner[1], queries.list_attempts(learner[1].id)).may
        granting.grant_after_workshop(before)
        assert queries.count_granted(learner[1].id) == 0
        for _twice in range(2):
            granting.grant_after_workshop(held)
        assert find_chance(learner[1], queries.list_attempts(learner[1].id)).left == 2
        granting.take_back_after_workshop(held)
        assert find_chance(learner[1], queries.list_attempts(learner[1].id)).hindrance is Hindrance.USED_UP
        granting.grant_after_workshop(held)
        make_attempt(*learner)
        granting.take_back_after_workshop(held)  # an attempt has begun on it
        assert queries.count_granted(learner[1].id) == 2

    def test_the_start_page_says_which_way_is_open(self, client: Client, country: Country) -> None:
        test = {**hard_test(), "after_attempts": "workshop"}
        learner = make_learner(country.precinct, make_course(test=test))
        self.use_up(learner)
        sign_in_as(client, learner[0])
        page = client.get(f"/en/enrolments/{learner[1].id}/test").text
        assert "After a workshop of this course you get 1 attempt more. No workshop is planned for you yet" in page


def queries_settings(learner: Learner) -> Any:
    return TestSettings.model_validate(learner[1].version.test)


def attended(learner: Learner, hours: float) -> Any:
    """That somebody was at a workshop so many hours from now."""
    enrolment = learner[1]
    held_at = clock.now() + timedelta(hours=hours)
    number = 100 + int(hours)
    return WorkshopAttended(number, enrolment.campaign_id, enrolment.course_id, enrolment.person_id, held_at, SYSTEM)


def test_a_tick_at_a_workshop_opens_the_way(app: Any) -> None:
    """The news travels from the workshop's room by the wiring."""
    setting = make_setting(test={**hard_test(), "after_attempts": "workshop"})
    learner = make_learner(setting.country.precinct, setting.version)
    TestMoreAttempts().use_up(learner)
    for attempt in queries.list_attempts(learner[1].id):
        let_time_pass(attempt, hours=24)
    make_workshop(setting)
    chance = find_chance(learner[1], queries.list_attempts(learner[1].id))
    assert "1 workshop of your commission is planned." in say_ways(learner[1], chance)
    held = make_workshop_today(setting)
    record_attendance(workshop=held, marks=[here(learner[0])], by=scope(setting.trainer))
    assert queries.count_granted(learner[1].id) == 1
    record_attendance(workshop=held, marks=[here(learner[0], False)], by=scope(setting.trainer))
    assert queries.count_granted(learner[1].id) == 0


def test_before_the_course_and_now_stand_side_by_side(client: Client, country: Country) -> None:
    version = make_full_course()
    account = make_member(country.precinct)
    enrolment = enrolment_of(account, version)
    asked = start_entry(enrolment=enrolment, by=scope(account))
    submit_attempt(attempt=asked, by=scope(account))
    read_modules(enrolment)
    attempt = make_attempt(account, enrolment)
    answer_all(attempt, account)
    sign_in_as(client, account)
    client.post(f"/en/attempts/{attempt.id}/send")
    page = client.get(f"/en/attempts/{attempt.id}/result").text
    assert "Before the course and now" in page
    table = page.split('aria-labelledby="compared"')[1].split("</table>")[0]
    for mark in rules.count_by_topic(queries.list_marks(attempt.id)):
        assert f"{mark.total} of {mark.total}" in table
    assert "0 of " in table

"""Help at tests: to whom, on which days, by whom, and what the learner is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.assessment import helping, queries
from lms.assessment.helping import Terms
from lms.assessment.models import Accommodation
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_seat_of
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from tests.assessment.officers.shared import Learner, minutes_of, told
from tests.conftest import Client
from tests.factories.assessment import (
    make_attempt,
    make_learner,
)
from tests.factories.commissions import Country, scope, seat, sign_in_as


def terms(**changes: Any) -> Terms:
    known: dict[str, Any] = {"percent": 50, "minutes": 0, "helps": (), "reason": "sight", "note": ""}
    return Terms(**{**known, "starts_on": clock.today(), "ends_on": None, **changes})


class TestHelp:
    def test_a_persons_help_lengthens_tests_that_begin_then(self, learner: Learner, officer: Account) -> None:
        helping.give_accommodation(holder=learner[0].person, terms=terms(), by=scope(officer))
        attempt = make_attempt(*learner)
        assert minutes_of(attempt) == 45
        assert attempt.settings["extra"]["adds"] == 15
        assert told("assessment.help_given")[0].details["percent"] == 50

    def test_help_of_a_commission_above_holds_below(self, country: Country, learner: Learner, officer: Account) -> None:
        helping.give_accommodation(holder=country.district, terms=terms(percent=0, minutes=7), by=scope(officer))
        assert minutes_of(make_attempt(*learner)) == 37

    def test_a_sisters_help_does_not(self, country: Country, learner: Learner) -> None:
        helping.give_accommodation(holder=country.sister_district, terms=terms(), by=SYSTEM)
        assert minutes_of(make_attempt(*learner)) == 30

    @pytest.mark.parametrize(("first", "last", "minutes"), [(1, None, 30), (-2, -1, 30), (-1, 0, 45)])
    def test_it_holds_on_its_days(self, learner: Learner, first: int, last: int | None, minutes: int) -> None:
        day = timedelta(days=1)
        today = clock.today(queries.find_zone(scope(learner[0])))
        ends = today + last * day if last is not None else None
        helping.give_accommodation(
            holder=learner[0].person, terms=terms(starts_on=today + first * day, ends_on=ends), by=SYSTEM
        )
        assert minutes_of(make_attempt(*learner)) == minutes

    def test_withdrawn_it_holds_for_no_new_test_and_leaves_the_old_one(self, learner: Learner) -> None:
        made = helping.give_accommodation(holder=learner[0].person, terms=terms(), by=SYSTEM)
        attempt = make_attempt(*learner)
        assert helping.withdraw_accommodation(accommodation=made, by=SYSTEM)
        assert not helping.withdraw_accommodation(accommodation=made, by=SYSTEM)
        assert minutes_of(attempt) == 45
        other = make_learner(make_country_precinct(learner), learner[1].version)
        assert minutes_of(make_attempt(*other)) == 30

    @pytest.mark.parametrize(
        "wrong",
        [{"percent": 0}, {"percent": 201}, {"percent": -1}, {"minutes": 241}, {"ends_on": date(2020, 1, 1)}],
    )
    def test_what_cannot_be_given(self, learner: Learner, wrong: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            helping.give_accommodation(holder=learner[0].person, terms=terms(**wrong), by=SYSTEM)
        assert db.session.scalar(select(func.count(Accommodation.id))) == 0

    def test_nobody_helps_themselves(self, country: Country, officer: Account) -> None:
        seat(officer.person, country.district)
        for holder in (officer.person, country.district):
            with pytest.raises(Forbidden):
                helping.give_accommodation(holder=holder, terms=terms(), by=scope(officer))

    def test_the_page_gives_it_and_the_learner_is_told(
        self, client: Client, learner: Learner, officer: Account
    ) -> None:
        sign_in_as(client, officer)
        address = f"/en/people/{learner[0].person_id}/test-help"
        refused = client.post(address, data={"percent": "many", "reason": ""})
        assert refused.status_code == 422
        assert "Type digits only" in refused.text
        sent = {"percent": "50", "helps": ["reader"], "reason": "sight", "note": "Kim", "starts_on": str(clock.today())}
        assert client.post(address, data=sent).status_code == 302
        page = client.get(address).text
        assert "50 per cent more time, somebody reads aloud" in page
        sign_in_as(client, learner[0])
        start = (
            client.get("/en/courses/small/test").text
            if False
            else client.get(f"/en/enrolments/{learner[1].id}/test").text
        )
        assert "You have 45 minutes: 30 and half as much again." in start
        assert "Made ready for you: somebody reads aloud." in start
        assert "sight" not in start


def test_the_page_of_a_commission_gives_help_to_everybody_below(
    client: Client, country: Country, learner: Learner, officer: Account
) -> None:
    sign_in_as(client, officer)
    address = f"/en/commissions/{country.district.id}/test-help"
    assert "For everybody who sits in" in client.get(address).text
    sent = {"minutes": "10", "helps": ["large_print"], "reason": "other", "note": "", "starts_on": str(clock.today())}
    assert client.post(address, data=sent).status_code == 302
    assert "10 minutes more, large print" in client.get(address).text
    attempt = make_attempt(*learner)
    assert minutes_of(attempt) == 40
    sign_in_as(client, learner[0])
    assert 'class="large-print"' in client.get(f"/en/attempts/{attempt.id}/questions/1").text


def make_country_precinct(learner: Learner) -> Any:
    found = find_seat_of(learner[0].person_id)
    assert found is not None
    return found.commission

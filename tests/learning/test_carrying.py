"""A campaign is archived and the next one opened: what is asked, what counts again, what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.campaigns.models import Campaign
from lms.campaigns.queries import find_open_campaign, get_open_campaign
from lms.commissions.permissions import SYSTEM
from lms.commissions.rules import Office
from lms.core import clock
from lms.core.database.base import db
from lms.core.errors import Forbidden, Refused
from lms.curriculum.models import Requirement
from lms.curriculum.queries import get_course
from lms.learning.carrying import NextElection, open_next_campaign, set_counts_again
from lms.learning.models import Enrolment
from lms.learning.queries import list_open_enrolments
from lms.reporting import counting
from lms.reporting.recount import find_drift
from lms.reporting.snapshot import refresh
from tests.factories.commissions import Country, make_country, make_member, make_officer, scope
from tests.factories.curriculum import make_course
from tests.factories.progress import enrolment_of, finish

NAMES = {"kk": "Келесі сайлау", "ru": "Следующие выборы", "en": "Next election"}


@pytest.fixture
def country(app: Flask) -> Country:
    """The small cascade on the day after its election, with a course that was asked of everyone."""
    country = make_country()
    make_course()
    get_open_campaign().election_on = clock.today() - timedelta(days=1)
    get_open_campaign().called_on = clock.today() - timedelta(days=60)
    db.session.flush()
    return country


def election(**changes: object) -> NextElection:
    """In a year."""
    known = {
        "code": "next",
        "names": NAMES,
        "called_on": clock.today(),
        "election_on": clock.today() + timedelta(days=365),
    }
    return NextElection(**{**known, **changes})  # type: ignore[arg-type]


def test_what_is_asked_is_asked_again_of_everyone_seated(country: Country) -> None:
    before = get_open_campaign()
    member = make_member(country.precinct)
    old = finish(member)
    campaign = open_next_campaign(before=before, election=election(), by=scope(country.head))
    assert (before.state, find_open_campaign()) == ("archived", campaign)
    asked = db.session.scalars(select(Requirement).where(Requirement.campaign_id == campaign.id)).all()
    assert sorted(one.level for one in asked) == ["con", "pec", "tec"]
    assert (old.campaign_id, old.completed_at is not None) == (before.id, True)
    (fresh,) = list_open_enrolments(member.person_id)
    assert (fresh.campaign_id, fresh.started_at, fresh.completed_at) == (campaign.id, None, None)


def test_a_course_that_counts_again_is_finished_there_too(country: Country) -> None:
    before = get_open_campaign()
    done, begun = make_member(country.precinct, Office.CHAIR), make_member(country.precinct)
    old = finish(done)
    set_counts_again(course=get_course("small"), counts=True, by=SYSTEM)
    campaign = open_next_campaign(before=before, election=election(), by=SYSTEM)
    assert (enrolment_of(done).carried_from_id, enrolment_of(done).completed_at) == (old.id, old.completed_at)
    assert enrolment_of(begun).completed_at is None
    counting.settle()
    refresh(campaign.id, now=True)
    assert find_drift(campaign.id, since=clock.today())[1] == []


def test_what_has_materially_changed_since_is_to_be_learnt_anew(country: Country) -> None:
    before = get_open_campaign()
    member = make_member(country.precinct)
    finish(member)
    make_course(summary=dict.fromkeys(("kk", "ru", "en"), "new law"), change="material")
    set_counts_again(course=get_course("small"), counts=True, by=SYSTEM)
    open_next_campaign(before=before, election=election(), by=SYSTEM)
    assert enrolment_of(member).completed_at is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"code": "test"}, "already"), ({"election_on": clock.today()}, "later than the day")],
)
def test_what_does_not_fit_is_refused(country: Country, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        open_next_campaign(before=get_open_campaign(), election=election(**changes), by=SYSTEM)


def test_before_election_day_nothing_is_closed(country: Country) -> None:
    get_open_campaign().election_on = clock.today() + timedelta(days=1)
    with pytest.raises(Refused, match="yet to come"):
        open_next_campaign(before=get_open_campaign(), election=election(), by=SYSTEM)


def test_only_the_central_commission_runs_campaigns(country: Country) -> None:
    with pytest.raises(Forbidden):
        open_next_campaign(before=get_open_campaign(), election=election(), by=scope(make_officer(country.region)))
    assert db.session.query(Campaign).count() == 1
    assert db.session.query(Enrolment).count() == 0

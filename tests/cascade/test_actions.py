"""Links of the cascade: written once, taken back, and read by those who may see the people."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.campaigns.queries import get_open_campaign
from lms.cascade.actions import forget_training, record_training
from lms.cascade.models import Training
from lms.cascade.queries import count_trained_by, list_trained_by, list_trainers_of
from lms.commissions.permissions import SYSTEM
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from tests.factories.commissions import make_member, make_officer, scope
from tests.factories.workshops import Setting, make_setting


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country, a course, a trainer."""
    return make_setting()


def train(setting: Setting, learner: Account, trainer: Account | None = None) -> bool:
    """Note that `learner` was trained; whether that was new."""
    return record_training(
        campaign_id=get_open_campaign().id,
        course_id=setting.version.course_id,
        trainer_id=(trainer or setting.trainer).person_id,
        learner_id=learner.person_id,
        trained_at=clock.now(),
        by=SYSTEM,
    )


def test_a_link_is_noted_once(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    assert [train(setting, member), train(setting, member)] == [True, False]
    assert db.session.scalar(select(func.count(Training.id))) == 1
    noted = select(func.count()).where(AuditEntry.action == "cascade.trained")
    assert db.session.scalar(noted) == 1


def test_two_trainers_are_two_links(setting: Setting) -> None:
    member, other = make_member(setting.country.precinct), make_officer(setting.country.region)
    assert train(setting, member)
    assert train(setting, member, other)
    campaign = get_open_campaign().id
    trainers = [person.id for person, _link in list_trainers_of(scope(member), member.person_id, campaign)]
    assert trainers == [setting.trainer.person_id, other.person_id]


def test_nobody_is_noted_as_trained_by_themselves(setting: Setting) -> None:
    assert train(setting, setting.trainer) is False
    assert db.session.scalar(select(func.count(Training.id))) == 0


def test_a_link_is_taken_back_once(setting: Setting) -> None:
    member = make_member(setting.country.precinct)
    train(setting, member)
    link = {
        "campaign_id": get_open_campaign().id,
        "course_id": setting.version.course_id,
        "trainer_id": setting.trainer.person_id,
        "learner_id": member.person_id,
    }
    assert forget_training(**link, by=SYSTEM) is True
    assert forget_training(**link, by=SYSTEM) is False
    assert count_trained_by(setting.trainer.person_id, link["campaign_id"]) == 0


def test_each_reader_sees_the_own_branch(setting: Setting) -> None:
    country, campaign = setting.country, get_open_campaign().id
    own, foreign = make_member(country.precinct), make_member(country.sister_precinct)
    for member in (own, foreign):
        train(setting, member)
    trainer = setting.trainer.person_id
    seen = {
        "trainer": [own.person_id],
        "region": sorted([own.person_id, foreign.person_id]),
        "sister": [foreign.person_id],
        "learner": [own.person_id],
        "stranger": [],
    }
    readers = {
        "trainer": setting.trainer,
        "region": make_officer(country.region),
        "sister": make_officer(country.sister_district),
        "learner": own,
        "stranger": make_member(country.second_precinct),
    }
    for name, reader in readers.items():
        people = sorted(person.id for person, _link in list_trained_by(scope(reader), trainer, campaign))
        assert people == seen[name], name
        found = bool(list_trainers_of(scope(reader), own.person_id, campaign))
        assert found is (own.person_id in seen[name]), name
    assert count_trained_by(trainer, campaign) == 2

"""The small country, somebody who may take the test, and the officer who looks after them."""

from __future__ import annotations

import pytest

from lms.accounts.models import Account
from tests.assessment.officers.shared import Learner
from tests.factories.assessment import (
    make_learner,
)
from tests.factories.commissions import Country, make_country, make_officer
from tests.factories.curriculum import make_course


@pytest.fixture
def country(app: object) -> Country:
    return make_country()


@pytest.fixture
def learner(country: Country) -> Learner:
    return make_learner(country.precinct, make_course())


@pytest.fixture
def officer(country: Country) -> Account:
    return make_officer(country.district)

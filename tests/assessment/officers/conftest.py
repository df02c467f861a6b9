"""The officer who looks after whoever takes the test."""

from __future__ import annotations

import pytest

from lms.accounts.models import Account
from tests.factories.commissions import Country, make_officer


@pytest.fixture
def officer(country: Country) -> Account:
    return make_officer(country.district)

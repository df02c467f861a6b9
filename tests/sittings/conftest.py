"""A country with a supervised test, an app with real transactions, the product in a browser."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.assessment.conftest import real_app
from tests.factories.sittings import make_supervised
from tests.factories.workshops import Setting
from tests.journeys.live import browser, live_server

__all__ = ["browser", "live_server", "real_app", "setting"]


@pytest.fixture
def setting(app: Flask) -> Setting:
    """A country, a course whose test begins in a room only, a trainer of the first district."""
    return make_supervised()

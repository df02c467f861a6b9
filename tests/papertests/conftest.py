"""An app whose transactions are real, and the served product with a browser beside it."""

from __future__ import annotations

from tests.assessment.conftest import browser, browser_page, live_server, real_app

__all__ = ["browser", "browser_page", "live_server", "real_app"]

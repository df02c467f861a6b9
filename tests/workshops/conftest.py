"""The product in a browser, for attendance without a link."""

from __future__ import annotations

from tests.journeys.live import browser, live_server

__all__ = ["browser", "live_server"]

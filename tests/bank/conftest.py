"""A served installation and a browser for the pages of the bank."""

from __future__ import annotations

from tests.journeys.live import browser, live_server

__all__ = ["browser", "live_server"]

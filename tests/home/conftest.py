"""What the browser tests of this room stand on."""

from __future__ import annotations

from tests.journeys.live import browser, live_server

__all__ = ["browser", "live_server"]

"""Fixtures of the room: an app whose commits stay."""

from __future__ import annotations

from tests.assessment.conftest import real_app

__all__ = ["real_app"]

"""What this room refuses."""

from __future__ import annotations

from lms.core.errors import Refused


class WrongRoom(Refused):
    """A code that begins nothing for whoever typed it; the sentence says why and what to do."""

"""What is refused on the first pages and the desk."""

from __future__ import annotations

from lms.core.errors import Refused


class AlreadyBack(Refused):
    """Somebody is to be put back on the call list who was put back since the page was shown."""


class NotSeen(Refused):
    """A call was noted after the page was shown, and what is asked would undo it unseen."""

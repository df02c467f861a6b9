"""What is refused on the first pages and the desk."""

from __future__ import annotations

from lms.core.errors import Refused


class NotSeen(Refused):
    """A call was noted after the page was shown, and what is asked would undo it unseen."""

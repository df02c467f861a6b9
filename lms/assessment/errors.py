"""What this room refuses."""

from __future__ import annotations

from lms.core.errors import Refused


class PoolTooSmall(Refused):
    """A topic has fewer questions than a paper draws of it."""

    def __init__(self, topic: str, wanted: int, found: int) -> None:
        """Say which topic, how many were wanted and how many there are."""
        self.topic, self.wanted, self.found = topic, wanted, found
        super().__init__(
            f"The test draws {wanted} questions of the topic '{topic}' and the course has {found}. "
            "Tell the methodologists; nothing has begun."
        )


class MayNotStart(Refused):
    """A test cannot be begun now; the sentence says why and what to do."""

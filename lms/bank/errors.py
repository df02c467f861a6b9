"""What the bank refuses."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.errors import Refused
from lms.questions.kinds.shapes import Fault


class DraftFaulty(Refused):
    """A draft that cannot be sent or published yet; `faults` tells every reason."""

    def __init__(self, sentence: str, faults: Sequence[Fault]) -> None:
        """Keep the faults beside the sentence."""
        super().__init__(sentence)
        self.faults = list(faults)


class NotThatState(Refused):
    """The draft has moved on meanwhile: this cannot be done with it any more."""

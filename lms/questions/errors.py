"""What this room refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lms.core.errors import Refused
from lms.questions.kinds.shapes import Fault


class BadResponse(Refused):
    """An answer that does not fit its question: unknown ids, wrong shape, not a number. `part` and `number` (from 1)
    say where, in a question of several parts; 0 in others. `line`: the key of a protocol's line."""

    def __init__(
        self, sentence: str, *, part: Literal["step", "gap"] = "step", number: int = 0, line: str = ""
    ) -> None:
        super().__init__(sentence)
        self.part, self.number, self.line = part, number, line


class BadQuestion(Refused):
    """A question that cannot be used; `faults` tells every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults and say the first ones."""
        self.faults = list(faults)
        super().__init__("; ".join(fault.sentence for fault in self.faults[:3]))

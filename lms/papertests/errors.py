"""What this room refuses."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.errors import Refused
from lms.core.web.languages import _


class PapersOut(Refused):
    """Some people have a paper already that has not come back: printing it again is asked first."""

    def __init__(self, out: Sequence[tuple[str, str]]) -> None:
        """Say who has which number."""
        listed = ", ".join(f"{name} ({number})" for name, number in out)
        super().__init__(
            _(
                "These have a paper that has not come back: %(list)s. Tick “Print the same papers again” to have the "
                "same questions under the same number printed once more.",
                list=listed,
            )
        )

"""What papers are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from lms.core.web.languages import _, lazy
from lms.papertests.rules import Because, NumberFault, State

STATES: Mapping[str, lazy] = {
    State.WAITING: lazy("not come back"),
    State.KEYED: lazy("keyed in"),
    State.VOID: lazy("void"),
}
BECAUSE: Mapping[str, lazy] = {
    Because.UNUSED: lazy("not used"),
    Because.SPOILT: lazy("spoilt"),
    Because.LOST: lazy("lost"),
    Because.PASSED: lazy("the test was passed meanwhile"),
    Because.OTHER: lazy("another reason"),
}


def number_sentence(fault: NumberFault | None) -> str:
    """Why no paper is found under what was typed, and what to do. None: it is a good number that no paper of the
    reader's branch has."""
    return {
        None: _("No paper of your branch has this number. Compare it with the paper sign by sign."),
        NumberFault.SHAPE: _("The number of a paper looks like K7M-4R2X: seven letters and figures. Type it again."),
        NumberFault.SLIP: _("A sign of this number is wrong, or two changed places. Compare it with the paper."),
    }[fault]

"""Rooms, remarks and refusals in words."""

from __future__ import annotations

from lms.core.web.languages import _, lazy
from lms.sittings.models import SittingRemark
from lms.sittings.rules import Fault

REMARKS = {
    "left_room": lazy("left the room"),
    "helped": lazy("was helped by another"),
    "phone": lazy("used a phone or notes"),
    "talked": lazy("talked with others"),
    "device": lazy("had trouble with the device or the link"),
    "other": lazy("something else"),
    "mistake": lazy("the remark before was a mistake"),
}


def remark_words(remark: SittingRemark) -> str:
    """A remark in one line."""
    said = str(REMARKS.get(remark.kind, remark.kind))
    return f"{said}: {remark.note}" if remark.note else said


def fault_sentence(fault: Fault) -> str:
    """Why a code begins nothing, and what to do."""
    return {
        Fault.WRONG: _(
            "No room has this code. Look at the code in the room once more and type it again; it may have been changed."
        ),
        Fault.CLOSED: _(
            "The test in this room is over, so its code begins nothing any more. Ask whoever supervises you to open "
            "the room again and to show the new code."
        ),
        Fault.OTHER_COURSE: _(
            "In the room with this code another test is taken. Open the test that is taken in your room, or ask "
            "whoever supervises it which one it is."
        ),
        Fault.OTHER_BRANCH: _(
            "The room with this code is open for other commissions than yours. Ask whoever supervises your room for "
            "its own code."
        ),
        Fault.OWN: _("You supervise this room. Nobody supervises their own test: ask another trainer to open a room."),
    }[fault]

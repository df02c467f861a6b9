"""What an author may choose from where a field takes a code: forms of protocols, faults that may be planted."""

from __future__ import annotations

from lms.bank.shaping import Shape, Slot
from lms.core.web.languages import _, pick
from lms.countries.protocol.reading import get_form, list_forms
from lms.questions.kinds.protocol.variant import NONE


def list_offers(slot: Slot) -> list[tuple[str, str]]:
    """Codes that fit into a field, each with its words; none where anything may be typed."""
    if (slot.name, slot.shape) == ("form", Shape.TEXT):
        return [(code, pick(get_form(code).file.title)) for code in list_forms()]
    if (slot.name, slot.shape) == ("faults", Shape.LINES):
        faults = {code: fault for name in list_forms() for code, fault in get_form(name).faults.items()}
        return [(NONE, _("no fault at all")), *((code, pick(fault.words)) for code, fault in faults.items())]
    return []

"""Words for what becomes of questions that come and go."""

from __future__ import annotations

from lms.core.web.languages import NAMES, _, lazy
from lms.exchange.formats.registry import FORMATS
from lms.exchange.formats.shapes import Raw, Status
from lms.exchange.rules import ImportState, lacks_of

STATUS_WORDS = {
    Status.IMPORTED: lazy("taken as it is"),
    Status.CHANGED: lazy("taken and changed"),
    Status.SKIPPED: lazy("left out"),
}
STATUS_TAGS = {Status.IMPORTED: "done", Status.CHANGED: "wait", Status.SKIPPED: "today"}
STATE_WORDS = {
    ImportState.READ: lazy("read, no drafts yet"),
    ImportState.APPLIED: lazy("drafts made"),
    ImportState.UNDONE: lazy("drafts dropped again"),
}
STATE_TAGS = {ImportState.READ: "wait", ImportState.APPLIED: "done", ImportState.UNDONE: ""}


def families() -> list[tuple[str, str]]:
    """Formats to choose from for a file that comes in: (name, title), each once whatever its version."""
    return list({form.family: (form.name, form.family) for form in reversed(FORMATS.values())}.values())[::-1]


def lacking(raw: Raw) -> str:
    """What is yet to be written before a question can be published; empty when nothing is."""
    parts = {"explanation": _("the explanation"), "source": _("the source marks")}
    names = ", ".join(parts.get(one) or NAMES[one] for one in lacks_of(raw))
    return _("Yet to be written: %(names)s.", names=names) if names else ""

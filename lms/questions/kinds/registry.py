"""The kinds of question there are. A new kind is a new folder with the same files, and one line in KINDS."""

from __future__ import annotations

from lms.core.errors import NotFound
from lms.questions.kinds.case import fields as case_fields
from lms.questions.kinds.case import rules as case_rules
from lms.questions.kinds.case.schema import CaseBody
from lms.questions.kinds.gap_text import fields as gap_text_fields
from lms.questions.kinds.gap_text import rules as gap_text_rules
from lms.questions.kinds.gap_text.schema import GapTextBody
from lms.questions.kinds.hotspot import fields as hotspot_fields
from lms.questions.kinds.hotspot import rules as hotspot_rules
from lms.questions.kinds.hotspot.schema import HotspotBody
from lms.questions.kinds.kind import Kind
from lms.questions.kinds.plain import PLAIN

KINDS = {
    kind.name: kind
    for kind in (
        *PLAIN.values(),
        Kind(
            "gap-text", GapTextBody, gap_text_rules, gap_text_fields, read=gap_text_rules.read, tell=gap_text_rules.tell
        ),
        Kind("hotspot", HotspotBody, hotspot_rules, hotspot_fields),
        Kind("case", CaseBody, case_rules, case_fields, resolve=case_rules.resolve, tell=case_rules.tell),
    )
}


def get_kind(name: str) -> Kind:
    """The kind with this name; NotFound when there is none."""
    if name not in KINDS:
        raise NotFound(f"There is no kind of question '{name}'. Use one of: {', '.join(KINDS)}.")
    return KINDS[name]

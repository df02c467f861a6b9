"""A text with gaps: the fields in the running text and what is read back from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.questions.kinds.gap_text.rules import PLACE
from lms.questions.kinds.number.figures import POINTED
from lms.questions.kinds.number.rules import LONGEST as LONGEST_NUMBER
from lms.questions.kinds.number.rules import read_back
from lms.questions.kinds.shapes import Body, FormData, Order, Response, by_id, ids_of, parts_of, pick, text_of, typed_in
from lms.questions.kinds.short_text.rules import LONGEST


def fields(body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
    """The lines after the first, each cut into pieces of text and gaps: name, kind, choices, what stands in it, its
    number, and the words around it."""
    gaps = {str(gap["id"]): gap for gap in parts_of(body, "gaps")}
    given = response.get("gaps") or {}
    shown = {
        name: {
            "name": f"{prefix}gap-{name}",
            "number": number,
            "value": given.get(name, ""),
            "read_as": read_back(given.get(name, ""), language),
            "is_pointed": language in POINTED,
            **_way(gap, order.get(name, []), language),
        }
        for number, (name, gap) in enumerate(gaps.items(), start=1)
    }
    return {"lines": [_cut(line, shown) for line in text_of(body, language)[1:]], "total": len(gaps)}


def _way(gap: Mapping[str, Any], order: list[str], language: str) -> dict[str, Any]:
    if gap.get("number"):
        return {"kind": "number", "longest": LONGEST_NUMBER}
    if gap.get("answers"):
        return {"kind": "text", "longest": LONGEST}
    ids = [name for name in order if name in ids_of(gap, "choices")]
    ids += [name for name in ids_of(gap, "choices") if name not in ids]
    choices = [{"value": one["id"], "text": pick(one["text"], language)} for one in by_id(gap, "choices", ids)]
    return {"kind": "choice", "choices": choices}


def _cut(line: str, shown: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The pieces of one line: `{"text": ...}` or a gap."""
    around, pieces, end = PLACE.sub("…", line), [], 0
    for found in PLACE.finditer(line):
        pieces.append({"text": line[end : found.start()]})
        if found[1] in shown:
            pieces.append({**shown[found[1]], "around": around})
        end = found.end()
    return [*pieces, {"text": line[end:]}]


def parse_form(body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
    """The answer in the form, finished or not; None when every gap is empty."""
    typed = {name: typed_in(form, f"{prefix}gap-{name}", LONGEST) for name in ids_of(body, "gaps")}
    gaps = {name: value for name, value in typed.items() if value}
    return {"gaps": gaps} if gaps else None

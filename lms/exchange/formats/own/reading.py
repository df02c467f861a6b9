"""Read our own YAML: a file of questions as a pack has it, finished or not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lms.bank.faults import fault_words
from lms.core.web.languages import _
from lms.core.yaml import BadYaml, line_of, read_yaml
from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.making import fill_in
from lms.exchange.formats.shapes import Read, Reading, Status
from lms.exchange.intake.decoding import decode
from lms.exchange.naming import Names, is_key, key_of
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.rules import find_question_faults

LARGEST = 2_000_000
"""Characters of one file, as of a file of a pack."""
_ENTRY = re.compile(r"(?m)^( *)-(?=\s)")


def read(content: bytes, _language: str) -> Reading:
    """All questions of a file of ours."""
    decoded = decode(content)
    data, node = _parsed(decoded.text)
    names = Names()
    items = [_read(one, node, place, names) for place, one in enumerate(data)]
    return Reading(items, decoded.notes)


def count(content: bytes) -> int:
    """How many questions there are: how many entries stand as far left as the first one."""
    text = decode(content).text
    first = _ENTRY.search(text)
    if first is None:
        return len(_parsed(text)[0])
    return len(re.findall(rf"(?m)^{first[1]}-(?=\s)", text))


def _parsed(text: str) -> tuple[list[Any], Any]:
    if len(text) > LARGEST:
        raise UnreadableFile(
            _("This file is larger than %(n)s MB. Divide it and send the parts.", n=LARGEST // 1_000_000)
        )
    try:
        data, node = read_yaml(text)
    except BadYaml as bad:
        raise UnreadableFile(_("Line %(line)s: %(said)s.", line=bad.line, said=bad.sentence)) from bad
    if not isinstance(data, list):
        raise UnreadableFile(_("This file is no list of questions. Each begins with a dash: - id: ..."))
    return data, node


def _read(raw: Any, node: Any, place: int, names: Names) -> Read:
    line = line_of(node, (place,))
    if not isinstance(raw, dict):
        return Read(line, str(raw)[:60], Status.SKIPPED, [_("This is no question: it has no parts of its own.")])
    name = str(raw.get("id", ""))[:60] or _("without a name")
    faults = find_question_faults(fill_in(raw, _languages(raw)), _languages(raw))
    if faults:
        said = [f"{_line(line_of(node, (place, *fault.path)))} {fault_words(fault)}" for fault in faults[:5]]
        return Read(line, name, Status.SKIPPED, said)
    key = names.free(name if is_key(name) else key_of(name))
    said = [] if key == name else [_("Its id stood before or was none; it has another one now.")]
    return Read(line, name, Status.CHANGED if said else Status.IMPORTED, said, {**raw, "id": key})


def _line(line: int) -> str:
    return _("Line %(line)s:", line=line)


def _languages(raw: Mapping[str, Any]) -> list[str]:
    """The languages that the question is written in; all of them when it cannot be told."""
    text = raw.get("text")
    said = [language for language in LANGUAGES if isinstance(text, Mapping) and text.get(language)]
    return said or list(LANGUAGES)

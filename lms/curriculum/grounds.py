"""What questions and cases rest on: the sources they name, and which of those do for a graded question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.curriculum.rules import SourceKind
from lms.questions.marks import find_mark


def marks_in(raw: Mapping[str, Any]) -> list[str]:
    """The source marks that a question or a case names, as far as they can be read."""
    said = raw.get("source")
    return [mark for mark in said if isinstance(mark, str)] if isinstance(said, list) else []


def is_usual(mark: str, sources: Mapping[str, str]) -> bool:
    """Whether a mark names usual practice. `sources`: id -> how well it is known."""
    found = find_mark(mark)
    return found is not None and sources.get(found.source) == SourceKind.KNOWN


def find_source_faults(raw: Mapping[str, Any], sources: Mapping[str, str], *, graded: bool) -> list[tuple[int, str]]:
    """What is wrong with the sources that a question or a case names, as (place in the list, sentence)."""
    found = []
    for place, text in enumerate(marks_in(raw)):
        mark = find_mark(text)
        if mark is not None and mark.source not in sources:
            found.append((place, f"there is no source '{mark.source}' in sources.yaml; add it or mend the mark"))
        elif graded and is_usual(text, sources):
            found.append((place, f"a graded question rests on '{text}', usual practice; name a source that was read"))
    return found

"""The law of imports: what a question from outside lacks, which draft becomes of it, which drafts are untouched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from lms.exchange.formats.shapes import Raw
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.rules import split


class ImportState(StrEnum):
    """read -> applied -> undone, which may be applied again."""

    READ = "read"
    APPLIED = "applied"
    UNDONE = "undone"


def lacks_of(raw: Raw, languages: Sequence[str] = LANGUAGES) -> list[str]:
    """What is yet to be written before the question can be published: languages by their codes, then `explanation` and
    `source`."""
    missing = [language for language in languages if not raw["text"].get(language)]
    return missing + [key for key in ("explanation", "source") if not raw.get(key)]


def draft_of(raw: Raw, key: str, topic: str, topics: Collection[str]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(kind, head, body) of the draft that a question becomes, with the id `key`; `topic` where it names none of the
    course's `topics`."""
    head, body = split(raw)
    kind = str(head.pop("kind"))
    head |= {"id": key, "topic": head["topic"] if head.get("topic") in topics else topic}
    if isinstance(head.get("valid"), Mapping):
        head["valid"] = {name: str(day) for name, day in head["valid"].items()}
    return kind, head, body


def is_untouched(state: str, revision: int) -> bool:
    """Whether a draft is as it was made: nobody has saved, sent or dropped it."""
    return state == "draft" and revision == 1

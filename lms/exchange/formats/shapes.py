"""What every format gives and takes: questions as they were read, and questions as they can be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Raw = dict[str, Any]
"""A question as a file of a pack says it: id, kind, topic, use, source, text, explanation, the kind's own part."""


class Status(StrEnum):
    """What becomes of a question of a file."""

    IMPORTED = "imported"
    CHANGED = "changed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Read:
    """A question of a file: where it stands, what becomes of it, and why."""

    line: int
    """From 1; of a package, in the file `file`."""
    name: str
    """As the file calls it, or how it begins."""
    status: Status
    sentences: list[str] = field(default_factory=list)
    """What was changed, or why it is skipped."""
    question: Raw | None = None
    """None when it is skipped. What the file does not say is not there."""
    file: str = ""
    """The file within the package; empty when there is only one."""


@dataclass(frozen=True)
class Reading:
    """A file as it was read: all its questions in order, and what is to be said of the file as a whole."""

    items: list[Read]
    notes: list[str] = field(default_factory=list)

    def count(self) -> dict[str, int]:
        """How many questions there are, and how many of each status."""
        found = Counter(item.status.value for item in self.items)
        return {"questions": len(self.items), **{status.value: found[status.value] for status in Status}}


Reader = Callable[[bytes, str], Reading]
"""(content, language of the texts) -> what was read. Raises UnreadableFile."""
Counted = Callable[[bytes], int]
"""How many questions a file has, found in another way than by reading them."""
Remains = Callable[[Raw, str], Raw]
"""(question, language) -> what reading the written question brings back. Raises CannotCarry."""
Writer = Callable[[Sequence[Raw], str], bytes]
"""(what remains of questions, language) -> the file."""


@dataclass(frozen=True)
class Format:
    """One format: how it is called, how its files end, and its doors."""

    name: str
    title: str
    ending: str
    media_type: str
    read: Reader
    count: Counted
    remains: Remains
    write: Writer
    has_language: bool = True
    """Whether a file holds one language only."""

    @property
    def family(self) -> str:
        """The title without its version: files of all versions are read alike."""
        return self.title.partition(" 2.")[0].partition(" 3.")[0]


def is_texts(value: object, languages: Sequence[str]) -> bool:
    """Whether this is something said in several languages."""
    return isinstance(value, Mapping) and bool(value) and all(key in languages for key in value)

"""Reading the files of a pack: plain data with line numbers, and every fault of a file as such."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from lms.packs.faults import PackFault

LARGEST = 2_000_000
"""Bytes of one file."""
DEEPEST = 20
"""Levels of lists and mappings inside each other."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]")
_MIXED = re.compile(r"[^\W\d_]*(?:(?<!\\)[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z])[^\W\d_]*")
"""Words of both alphabets; the letter of an escape such as backslash-n is none of a word."""


@dataclass(frozen=True)
class Document:
    """A YAML file that could be read: plain data, and where each part of it stands."""

    path: Path
    data: Any
    node: Any
    """The same data as ruamel.yaml gives it, with positions."""

    def line_of(self, where: Sequence[str | int]) -> int:
        """The line (from 1) of the deepest part of `where` that is there."""
        line = 1
        node: Any = self.node
        for step in where:
            try:
                place = node.lc
                position = place.item(step) if isinstance(node, list) else place.key(step)
                line, node = position[0] + 1, node[step]
            except (AttributeError, KeyError, IndexError, TypeError):
                break
        return line

    def fault(self, where: Sequence[str | int], sentence: str) -> PackFault:
        """A fault of this file at that place."""
        return PackFault(self.path, self.line_of(where), sentence)


def read_text(path: Path, faults: list[PackFault]) -> str | None:
    """The text of a file with plain line ends; None when it cannot be used. Odd characters are faults."""
    if path.is_symlink() or not path.is_file():
        faults.append(PackFault(path, 1, "this file is missing; add it"))
        return None
    if path.stat().st_size > LARGEST:
        faults.append(PackFault(path, 1, f"this file is larger than {LARGEST // 1_000_000} MB; split it"))
        return None
    content = path.read_bytes()
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.append(PackFault(path, line, f"byte {content[error.start]:#04x} is not UTF-8; save the file as UTF-8"))
        return None
    odd = [PackFault(path, *found) for found in _odd_characters(text)]
    faults += odd
    return None if any("control" in fault.sentence for fault in odd) else text


def _odd_characters(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if control := _CONTROL.search(line):
            found.append((number, f"the control character U+{ord(control[0]):04X} must not be in a text; remove it"))
        for mixed in _MIXED.finditer(line):
            found.append((number, f"the word '{mixed[0]}' mixes Latin and Cyrillic letters; type it again"))
    return found


def read_yaml(path: Path, faults: list[PackFault]) -> Document | None:
    """The YAML file as plain data with lines; None, with its faults added, when it cannot be read."""
    text = read_text(path, faults)
    if text is None:
        return None
    yaml = YAML(typ="rt", pure=True)
    try:
        if trap := _find_trap(yaml.parse(text)):
            faults.append(PackFault(path, *trap))
            return None
        node = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(error.problem or error).split())
        faults.append(PackFault(path, mark.line + 1 if mark else 1, f"this is not YAML: {said}"))
        return None
    except (YAMLError, RecursionError, ValueError) as error:
        faults.append(PackFault(path, 1, f"this is not YAML: {' '.join(str(error).split())[:200]}"))
        return None
    return Document(path, _plain(node), node)


def _find_trap(events: Iterable[Any]) -> tuple[int, str] | None:
    """Line and sentence of something that a small file can blow up with: aliases, endless nesting."""
    depth = 0
    for event in events:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent):
            return event.start_mark.line + 1, "anchors and aliases (& and *) are not allowed; write it out"
        if depth > DEEPEST:
            return event.start_mark.line + 1, f"this is nested deeper than {DEEPEST} levels; no pack needs that"
    return None


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if node is None or isinstance(node, bool | date):
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else str(node)

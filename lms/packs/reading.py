"""Reading the files of a pack: plain data with line numbers, and every fault of a file as such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, SequenceNode

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
    """The same data as nodes with positions."""

    def line_of(self, where: Sequence[str | int]) -> int:
        """The line (from 1) of the deepest part of `where` that is there."""
        line, node = 1, self.node
        for step in where:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
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
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    try:
        node = yaml.compose(text)
        return Document(path, _plain(node, yaml.constructor), node)
    except _Trap as trap:
        faults.append(PackFault(path, trap.line, trap.sentence))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(error.problem or error).split())
        faults.append(PackFault(path, mark.line + 1 if mark else 1, f"this is not YAML: {said}"))
    except (YAMLError, RecursionError, ValueError) as error:
        faults.append(PackFault(path, 1, f"this is not YAML: {' '.join(str(error).split())[:200]}"))
    return None


class _Trap(Exception):
    """Something that must not be in a file of a pack, though it is YAML."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


class _Composer(Composer):
    """Refuses what a small file can blow up with: aliases, endless nesting."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            line = event.start_mark.line + 1
            raise _Trap(line, "anchors and aliases (& and *) are not allowed; write it out")
        if self.depth > DEEPEST:
            line = event.start_mark.line + 1
            raise _Trap(line, f"this is nested deeper than {DEEPEST} levels; no pack needs that")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _step(node: Any, step: str | int) -> tuple[int, Any] | None:
    """Line and node of a part; None when it is not there."""
    if isinstance(node, MappingNode):
        return next(((key.start_mark.line + 1, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


def _plain(node: Any, constructor: Any) -> Any:
    if isinstance(node, MappingNode):
        return _plain_mapping(node, constructor)
    if isinstance(node, SequenceNode):
        return [_plain(item, constructor) for item in node.value]
    if node is None:
        return None
    value = constructor.construct_object(node)
    return value if value is None or isinstance(value, bool | int | float | date) else str(value)


def _plain_mapping(node: MappingNode, constructor: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            raise _Trap(key.start_mark.line + 1, f"this is not YAML: the key '{name}' stands twice")
        found[name] = _plain(value, constructor)
    return found

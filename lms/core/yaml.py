"""YAML as plain data with lines: no aliases, no endless nesting, no key twice; and plain data as YAML."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, SequenceNode

WIDEST = 1_000_000
"""Letters of a line: none is folded, for quoted text that is folded behind a backslash reads back otherwise."""
DEEPEST = 20
"""Levels of lists and mappings inside each other."""


class BadYaml(ValueError):
    """A text that is no YAML for us; `line` from 1."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


def read_yaml(text: str) -> tuple[Any, Any]:
    """The plain data of a text, and the same as nodes with positions. Raises BadYaml."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    try:
        node = yaml.compose(text)
        return _plain(node, yaml.constructor), node
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(error.problem or error).split())
        raise BadYaml(mark.line + 1 if mark else 1, f"this is not YAML: {said}") from error
    except BadYaml:
        raise
    except (YAMLError, RecursionError, ValueError) as error:
        raise BadYaml(1, f"this is not YAML: {' '.join(str(error).split())[:200]}") from error


def line_of(node: Any, where: Sequence[str | int]) -> int:
    """The line (from 1) of the deepest part of `where` that is in the nodes of a text."""
    line = 1
    for step in where:
        found = _step(node, step)
        if found is None:
            break
        line, node = found
    return line


def write_yaml(data: Any) -> str:
    """Plain data as YAML that reads back the same: keys in their order, letters as they are."""
    yaml = YAML()
    yaml.width = WIDEST
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    buffer = io.StringIO()
    yaml.dump(data, buffer)
    return buffer.getvalue()


class _Composer(Composer):
    """Refuses what a small file can blow up with: aliases, endless nesting."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            line = event.start_mark.line + 1
            raise BadYaml(line, "anchors and aliases (& and *) are not allowed; write it out")
        if self.depth > DEEPEST:
            line = event.start_mark.line + 1
            raise BadYaml(line, f"this is nested deeper than {DEEPEST} levels; no pack needs that")
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
            raise BadYaml(key.start_mark.line + 1, f"this is not YAML: the key '{name}' stands twice")
        found[name] = _plain(value, constructor)
    return found

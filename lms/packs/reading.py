"""Reading the files of a pack: plain data with line numbers, and every fault of a file as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.core import yaml
from lms.core.text import list_odd_signs
from lms.packs.faults import PackFault

LARGEST = 2_000_000
"""Bytes of one file."""


@dataclass(frozen=True)
class Document:
    """A YAML file that could be read: plain data, and where each part of it stands."""

    path: Path
    data: Any
    node: Any
    """The same data as nodes with positions."""

    def line_of(self, where: Sequence[str | int]) -> int:
        """The line (from 1) of the deepest part of `where` that is there."""
        return yaml.line_of(self.node, where)

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
    return [(number, said) for number, line in enumerate(text.split("\n"), start=1) for said in list_odd_signs(line)]


def read_yaml(path: Path, faults: list[PackFault]) -> Document | None:
    """The YAML file as plain data with lines; None, with its faults added, when it cannot be read."""
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        data, node = yaml.read_yaml(text)
    except yaml.BadYaml as bad:
        faults.append(PackFault(path, bad.line, bad.sentence))
        return None
    return Document(path, data, node)

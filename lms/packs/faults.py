"""A fault of a pack: where it is and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class PackFault:
    """One thing wrong: the file, the line (from 1), and a sentence."""

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        """As compilers write it, so that editors can jump there."""
        return f"{self.file}:{self.line}: {self.sentence}"

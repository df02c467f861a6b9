"""Write our own YAML: a file of questions as a pack has it."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.yaml import write_yaml
from lms.exchange.formats.shapes import Raw


def write(questions: Sequence[Raw], _language: str) -> bytes:
    """The file, with all languages."""
    return write_yaml(list(questions)).encode()

"""Write Aiken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from lms.exchange.formats.shapes import Raw


def write(questions: Sequence[Raw], language: str) -> bytes:
    """The file: a text, its answers A) B) C), and which is right."""
    return "\n".join(line for raw in questions for line in _lines(raw, language)).encode()


def _lines(raw: Raw, language: str) -> Iterator[str]:
    yield raw["text"][language]
    right = ""
    for letter, option in zip(ascii_uppercase, raw["options"], strict=False):
        yield f"{letter}) {option['text'][language]}"
        right = letter if option.get("right") else right
    yield f"ANSWER: {right}"
    yield ""

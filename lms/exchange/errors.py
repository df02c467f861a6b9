"""What this room refuses."""

from __future__ import annotations

from lms.core.errors import Refused


class UnreadableFile(Refused):
    """A file that is not taken at all, with a sentence that says where and why."""


class Skipped(Exception):
    """A question that cannot be taken from a file; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CannotCarry(Exception):
    """A question that a format has no place for; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

"""Pairs to match: the shape of the question."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lms.questions.kinds.shapes import InParts, Key, Part, Texts


class Pair(Part):
    """A left side and the right side that belongs to it."""

    id: Key
    left: Texts
    right: Texts


class MatchingBody(InParts):
    """Pairs that are shown apart."""

    pairs: Annotated[list[Pair], Field(min_length=3, max_length=6)]

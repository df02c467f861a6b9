"""Steps to put in order: the shape of the question."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lms.questions.kinds.shapes import InParts, Key, Part, Texts


class Item(Part):
    """One step."""

    id: Key
    text: Texts


class OrderingBody(InParts):
    """Steps, listed in the right order."""

    items: Annotated[list[Item], Field(min_length=3, max_length=6)]

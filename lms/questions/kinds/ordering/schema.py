"""Steps to put in order: the shape of the question."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lms.questions.kinds.shapes import Key, Part, QuestionBody, Texts


class Item(Part):
    """One step."""

    id: Key
    text: Texts


class OrderingBody(QuestionBody):
    """Steps, listed in the right order."""

    items: Annotated[list[Item], Field(min_length=3, max_length=6)]

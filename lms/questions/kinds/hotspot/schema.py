"""A place on a picture: the shape of the question."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lms.questions.kinds.number.schema import Figure, Positive
from lms.questions.kinds.shapes import InParts, Key, Part, Texts

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,48}$")]


class Picture(Part):
    """A drawing (`svg`, by the rules of figures, its words in `labels`) or a photograph (`png` in base64, with its
    `width` and `height` in pixels); `alt` says what one would see."""

    alt: Texts
    svg: str | None = None
    labels: dict[Name, Texts] = {}  # noqa: RUF012 - pydantic copies it
    png: str | None = None
    width: Annotated[int, Field(ge=1, le=4000)] | None = None
    height: Annotated[int, Field(ge=1, le=4000)] | None = None


class Area(Part):
    """A place on the picture, in its units, and what a screen reader says of it."""

    id: Key
    label: Texts
    x: Figure
    y: Figure
    width: Positive
    height: Positive
    right: bool = False


class HotspotBody(InParts):
    """A picture with places of which one or several are right."""

    picture: Picture
    areas: Annotated[list[Area], Field(min_length=2, max_length=8)]

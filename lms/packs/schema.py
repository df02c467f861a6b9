"""The shape of `pack.yaml`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lms.curriculum.settings import TestSettings
from lms.questions.kinds.shapes import Key, Part, Texts

FORMAT = 1


class TopicPart(Part):
    """What questions are about, and the module to read again after a wrong answer."""

    id: Key
    module: Key
    title: Texts


class ModulePart(Part):
    """One thing to read; its text stands in `modules/<id>/<language>.md`."""

    id: Key
    minutes: Annotated[int, Field(ge=1, le=60)]
    title: Texts
    self_check: Annotated[list[Key], Field(min_length=2, max_length=2)]


class PackFile(Part):
    """A course as `pack.yaml` tells it."""

    format: Literal[1]
    id: Key
    level: Literal["precinct", "territorial"]
    languages: Annotated[
        list[Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]], Field(min_length=1, max_length=10)
    ]
    law_date: date
    change: Literal["material", "editorial"]
    note: Texts
    title: Texts
    summary: Texts
    workshop: bool
    topics: Annotated[list[TopicPart], Field(min_length=1)]
    modules: Annotated[list[ModulePart], Field(min_length=1)]
    test: TestSettings

"""What a module text points to, for those who read it: addresses of modules, forms and figures."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Sequence
from enum import StrEnum

from flask import url_for

from lms.core.figures import draw, size_of
from lms.core.web.languages import current_language, pick
from lms.curriculum import queries
from lms.curriculum.models import CourseVersion, Figure
from lms.curriculum.rendering import Picture, Surroundings
from lms.curriculum.shelf import get_published


class Place(StrEnum):
    """For whom a text is shown: it decides where its links lead."""

    LEARNER = "learner"
    MAKER = "maker"
    """The pages of those who publish."""
    PRINT = "print"
    """A printed manual: figures are inside it, links lead to chapters (`#<module>`)."""


def surroundings(version_id: int, place: Place, say_source: Callable[[str, Sequence[str]], str]) -> Surroundings:
    """What a text of this version points to."""
    version = get_published(version_id)
    pictures = {figure.code: picture_of(version, figure, place) for figure in queries.list_figures(version_id)}
    return Surroundings(say_source, pictures, functools.partial(find_address, version, place))


def picture_of(version: CourseVersion, figure: Figure, place: Place = Place.LEARNER) -> Picture:
    """A figure in the reader's language; in print it carries its drawing with it."""
    width, height = size_of(figure.svg)
    address = as_data(figure) if place is Place.PRINT else figure_address(version, figure)
    return Picture(address, width, height, pick(figure.alts), pick(figure.titles))


def drawing_of(figure: Figure, language: str) -> str:
    """The SVG of a figure in one language."""
    labels = {name: words.get(language) or pick(words) for name, words in figure.labels.items()}
    return draw(figure.svg, labels)


def figure_address(version: CourseVersion, figure: Figure) -> str:
    """The address of a figure's picture in the reader's language; what it gives never changes."""
    return url_for(
        "curriculum.figure",
        course=version.course.code,
        number=version.number,
        language=current_language(),
        figure=figure.code,
    )


def as_data(figure: Figure) -> str:
    """A figure's picture in the reader's language as an address that holds it whole."""
    content = base64.b64encode(drawing_of(figure, current_language()).encode()).decode()
    return f"data:image/svg+xml;base64,{content}"


def find_address(version: CourseVersion, place: Place, kind: str, code: str) -> str:
    """Where a link to a module or a form leads; empty when it leads nowhere in this place."""
    course = version.course.code
    if kind == "module":
        return {
            Place.LEARNER: lambda: url_for("learning.module", course=course, module=code),
            Place.MAKER: lambda: url_for("curriculum.module", course=course, number=version.number, module=code),
            Place.PRINT: lambda: f"#{code}",
        }[place]()
    return "" if place is Place.PRINT else url_for("learning.form", course=course, form=code)

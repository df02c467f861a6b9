"""What a course says, in the reader's language."""

from __future__ import annotations

import functools

from lms.core.web.languages import _, current_language, pick
from lms.curriculum.models import CourseVersion, Module, Topic
from lms.curriculum.outline import Heading, read_outline
from lms.curriculum.rendering import render

SECTION = 2
"""The level of a section's heading."""


def title_of(part: CourseVersion | Module | Topic) -> str:
    """The title of a course version, a module or a topic."""
    texts = part.titles if isinstance(part, Topic) else part.texts
    return pick({text.language: text.title for text in texts})


def summary_of(version: CourseVersion) -> str:
    """What a course is about, in one or two sentences."""
    return pick({text.language: text.summary for text in version.texts})


def note_of(version: CourseVersion) -> str:
    """What is new in a version."""
    return pick({text.language: text.note for text in version.texts})


def html_of(module: Module, *, id_prefix: str = "", folded: bool = False) -> str:
    """The text of a module as an HTML fragment without the title, safe to show as it is; `folded`: sources closed."""
    return _render(_body_of(module), current_language(), id_prefix, folded)


def sections_of(module: Module) -> list[Heading]:
    """The headings of a module's sections, in the reader's language."""
    return [heading for heading in read_outline(_body_of(module)).headings if heading.level == SECTION]


def _body_of(module: Module) -> str:
    return pick({text.language: text.body for text in module.texts})


def block_labels() -> dict[str, str]:
    """The words over the blocks of a module text, and for a table."""
    return {
        "aim": _("Aim"),
        "remember": _("Remember"),
        "mistake": _("Typical mistake"),
        "checklist": _("Checklist"),
        "sources": _("Sources"),
        "table": _("Table"),
    }


@functools.lru_cache(maxsize=256)
def _render(body: str, _language: str, id_prefix: str, folded: bool) -> str:
    """Published texts never change, so what was rendered once is kept, for each language of the labels."""
    return render(body, block_labels(), id_prefix=id_prefix, folded=folded)

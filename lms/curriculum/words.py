"""What a course says, in the reader's language."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from lms.core.web.languages import _, _n, current_language, pick
from lms.curriculum import queries
from lms.curriculum.models import CourseVersion, Form, Module, Topic
from lms.curriculum.outline import Heading, read_outline
from lms.curriculum.pointing import Place, surroundings
from lms.curriculum.rendering import render
from lms.curriculum.rules import SourceKind
from lms.curriculum.shelf import get_published
from lms.questions.marks import find_mark, in_order

SECTION = 2
"""The level of a section's heading."""


def title_of(part: CourseVersion | Module | Topic | Form) -> str:
    """The title of a course version, a module, a topic or a form."""
    if isinstance(part, Form):
        return pick(part.titles)
    texts = part.titles if isinstance(part, Topic) else part.texts
    return pick({text.language: text.title for text in texts})


def summary_of(version: CourseVersion) -> str:
    """What a course is about, in one or two sentences."""
    return pick({text.language: text.summary for text in version.texts})


def note_of(version: CourseVersion) -> str:
    """What is new in a version."""
    return pick({text.language: text.note for text in version.texts})


def html_of(module: Module, *, id_prefix: str = "", place: str = Place.LEARNER) -> str:
    """The text of a module as an HTML fragment without the title, safe to show as it is, with its sources at the end.
    `place`: for whom, which decides where links lead."""
    version = get_published(module.version_id)
    return _render(version.id, version.checksum, _body_of(module), current_language(), id_prefix, Place(place))


def form_html_of(form: Form) -> str:
    """A training form as an HTML fragment without the title, safe to show as it is."""
    return render(pick(form.bodies), block_labels(), stacked=False)


def sections_of(module: Module) -> list[Heading]:
    """The headings of a module's sections, in the reader's language."""
    return [heading for heading in read_outline(_body_of(module)).headings if heading.level == SECTION]


def source_lines(version_id: int, marks: Sequence[str]) -> list[str]:
    """What these source marks name, a line for each source; words kept before there were marks stay as they are."""
    named: dict[str, set[str]] = {}
    for text in marks:
        mark = find_mark(text)
        named.setdefault(mark.source if mark else text, set()).update(mark.articles if mark else ())
    say = source_words(version_id)
    return [say(source, in_order(articles)) for source, articles in named.items()]


def source_words(version_id: int) -> Any:
    """A function that says a source in the reader's language, by its code and the articles named: title, articles,
    edition; of usual practice that it has to be checked."""
    sources = {source.code: source for source in queries.list_sources(version_id)}

    def say(code: str, articles: Sequence[str]) -> str:
        source = sources.get(code)
        if source is None:
            return code
        if source.mark == SourceKind.KNOWN:
            return _("To be checked: %(title)s", title=pick(source.titles))
        said = [pick(source.titles)]
        if articles:
            said.append(_n("article %(list)s", "articles %(list)s", len(articles), list=", ".join(articles)))
        return f"{', '.join(said)} ({pick(source.editions)})"

    return say


def block_labels() -> dict[str, str]:
    """The words over the blocks of a module text, and for a table and a source mark."""
    return {
        "aim": _("Aim"),
        "remember": _("Remember"),
        "mistake": _("Typical mistake"),
        "checklist": _("Checklist"),
        "sources": _("Sources"),
        "table": _("Table"),
        "source": _("Source"),
    }


def _body_of(module: Module) -> str:
    return pick({text.language: text.body for text in module.texts})


@functools.lru_cache(maxsize=256)
def _render(version_id: int, _checksum: str, body: str, _language: str, id_prefix: str, place: Place) -> str:
    """Published texts never change, so what was rendered once is kept, for each language of the labels."""
    around = surroundings(version_id, place, source_words(version_id))
    return render(body, block_labels(), around, id_prefix=id_prefix)

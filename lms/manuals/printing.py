"""The manual of a course as a PDF: the module texts of the web pages, with cover, contents and running heads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

from flask import render_template
from markupsafe import Markup
from pypdf import PdfReader

from lms.campaigns.queries import is_demo
from lms.core.documents.pdf import render_pdf
from lms.core.web.languages import _, date_in_full, pick, speaking
from lms.curriculum import words
from lms.curriculum.models import CourseVersion, Module
from lms.curriculum.outline import Heading, read_outline
from lms.curriculum.pointing import Place
from lms.curriculum.queries import list_modules, list_self_check
from lms.questions.models import QuestionVersion
from lms.questions.showing import Explained, Shown, explain, show, steady_order

IN_PRINT = str.maketrans({"\u202f": "\u00a0", "→": "–", "✓": "V"})
"""Signs that the print fonts lack, and what stands for them."""


@dataclass(frozen=True)
class Chapter:
    """A module as the manual prints it."""

    id: str
    title: str
    minutes: int
    headings: list[Heading]
    html: Markup
    questions: list[Shown]
    answers: list[Explained]


@dataclass(frozen=True)
class Pages:
    """A manual before it is printed: everything is read, nothing more is asked of the database."""

    html: str
    css: str


def prepare_manual(version: CourseVersion, language: str) -> Pages:
    """The manual's pages as HTML and CSS, in one language."""
    with speaking(language):
        chapters = [_chapter(version, module, language) for module in list_modules(version.id)]
        html = render_template(
            "manuals/manual.html", version=version, language=language, chapters=chapters, demo=is_demo()
        )
        css = render_template("manuals/manual.css", **_running_words(version))
    return Pages(html.translate(IN_PRINT), css)


def print_manual(pages: Pages) -> bytes:
    """The PDF. Takes seconds, so it is done as later work."""
    return render_pdf(pages.html, pages.css)


def count_pages(content: bytes) -> int:
    """The number of pages of a PDF."""
    return len(PdfReader(BytesIO(content)).pages)


def file_name(version: CourseVersion, language: str) -> str:
    """The name under which people keep the file."""
    return f"{version.course.code}-v{version.number}-{language}.pdf"


def _chapter(version: CourseVersion, module: Module, language: str) -> Chapter:
    body = pick({text.language: text.body for text in module.texts})
    questions = list_self_check(version.course.code, module)
    return Chapter(
        id=module.code,
        title=words.title_of(module),
        minutes=module.minutes,
        headings=[heading for heading in read_outline(body).headings if heading.level == 2],
        html=Markup(words.html_of(module, id_prefix=f"{module.code}-", place=Place.PRINT)),  # noqa: S704 - cleaned by curriculum.rendering
        questions=[_show(key, question, language) for key, question in questions],
        answers=[_explain(version, question, language) for _key, question in questions],
    )


def _show(key: str, question: QuestionVersion, language: str) -> Shown:
    order = steady_order(question.kind, question.body, seed=key)
    return show(question.kind, question.body, language=language, order=order, heading="h3")


def _explain(version: CourseVersion, question: QuestionVersion, language: str) -> Explained:
    sources = words.source_lines(version.id, question.source)
    return explain(question.kind, question.body, None, language=language, sources=sources)


def _running_words(version: CourseVersion) -> dict[str, str]:
    """What stands at the foot of each page, for a style sheet; every print of a demo installation says DEMO."""
    foot = _("Version %(n)s · state of the law: %(date)s", n=version.number, date=date_in_full(version.law_date))
    place = re.split(r"\{(pages?)\}", _("Page {page} of {pages}"))
    parts = [f"counter({part})" if part in ("page", "pages") else _css_string(part) for part in place if part]
    said = f"DEMO · {foot}" if is_demo() else foot
    return {"foot": _css_string(said.translate(IN_PRINT)), "place": " ".join(parts)}


def _css_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("<", "\\3c ") + '"'

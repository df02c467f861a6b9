"""Read a course as a book: once, in one language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from markupsafe import Markup

from lms.campaigns.queries import is_demo
from lms.core.documents.xhtml import Tree, read_fragment, write_fragment
from lms.core.figures import size_of
from lms.core.web.languages import LANGUAGES, current_language, pick, speaking
from lms.curriculum import queries, words
from lms.curriculum.models import Case, CourseVersion, Figure, Form, Module, Term
from lms.curriculum.outline import read_outline
from lms.curriculum.pointing import drawing_of
from lms.curriculum.rendering import Picture, Surroundings, render
from lms.manuals.book import Book, Chapter, Choice, FormPage, Scene, SourceLine, Word
from lms.manuals.indexing import Finder, Stretch
from lms.manuals.rules import alphabetical
from lms.questions.kinds.shapes import Order, paragraphs
from lms.questions.marks import find_mark
from lms.questions.models import QuestionVersion
from lms.questions.showing import Explained, Shown, explain, show, steady_order

WIDE = 6
"""From so many columns a table is set smaller."""
SHORT = 9
"""A table of so few rows, its head with them, is kept on one page."""


def read_book(version: CourseVersion, language: str) -> Book:
    """The manual of a course version in one language."""
    with speaking(language):
        terms = queries.list_terms(version.id)
        finder = Finder(_stems(terms))
        figures = queries.list_figures(version.id)
        around = _surroundings(version, figures)
        modules = queries.list_modules(version.id)
        chapters = [_chapter(version, module, number, around, finder) for number, module in enumerate(modules, start=1)]
        written = {text.language for text in version.texts}
        return Book(
            code=version.course.code,
            language=language,
            languages=[language, *(other for other in LANGUAGES if other in written - {language})],
            number=version.number,
            level=version.level,
            title=words.title_of(version),
            summary=words.summary_of(version),
            note=words.note_of(version),
            law_date=version.law_date,
            published_at=version.published_at,
            checksum=version.checksum,
            demo=is_demo(),
            chapters=chapters,
            forms=[_form(form, around) for form in queries.list_forms(version.id)],
            words=_words(terms, finder),
            sources=_sources(version, chapters, modules),
            figures={address_of(figure.code): drawing_of(figure, language) for figure in figures},
        )


def address_of(figure: str) -> str:
    """Where the drawing of a figure lies beside the book's text."""
    return f"figures/{figure}.svg"


def _surroundings(version: CourseVersion, figures: Sequence[Figure]) -> Surroundings:
    pictures = {
        figure.code: Picture(address_of(figure.code), *size_of(figure.svg), pick(figure.alts), pick(figure.titles))
        for figure in figures
    }
    leads = {"module": "chapter", "form": "form"}
    return Surroundings(words.source_words(version.id), pictures, lambda kind, code: f"#{leads[kind]}-{code}")


def _chapter(version: CourseVersion, module: Module, number: int, around: Surroundings, finder: Finder) -> Chapter:
    code, title = f"chapter-{module.code}", words.title_of(module)
    body = pick({text.language: text.body for text in module.texts})
    html = render(body, words.block_labels(), around, id_prefix=f"{code}-", stacked=False)
    tree = _plain(html)
    finder.read(tree, Stretch(code, title))
    questions = queries.list_self_check(version.course.code, module)
    return Chapter(
        id=code,
        number=number,
        title=title,
        minutes=module.minutes,
        sections=[
            Stretch(f"{code}-{heading.id}", heading.words)
            for heading in read_outline(body).headings
            if heading.level == words.SECTION
        ],
        html=_safe(tree),
        cases=[_scene(case) for case in queries.list_cases(version.id, module.code)],
        questions=[_show(key, question) for key, question in questions],
        answers=[_explain(version, key, question) for key, question in questions],
    )


def _form(form: Form, around: Surroundings) -> FormPage:
    id_ = f"form-{form.code}"
    html = render(pick(form.bodies), words.block_labels(), around, id_prefix=f"{id_}-", stacked=False)
    return FormPage(id_, words.title_of(form), _safe(_plain(html)))


def _plain(html: str) -> Tree:
    """The text without what only a screen needs, its tables marked by their shape."""
    tree = read_fragment(html)
    for part in list(tree.iter()):
        _glue(part)
        for name in ("tabindex", "role", "loading", "data-label"):
            part.attrib.pop(name, None)
        if part.tag == "div" and part.get("class") == "table-wrap":
            part.attrib.pop("aria-label", None)
        if part.tag == "table":
            kinds = {"wide": len(part.findall("thead/tr/th")) >= WIDE, "short": len(part.findall(".//tr")) <= SHORT}
            part.set("class", " ".join(kind for kind, is_so in kinds.items() if is_so) or "long")
    return tree


def _glue(parent: Tree) -> None:
    """Keep each source mark on the line of the word before it."""
    for mark in parent.findall("sup"):
        at = list(parent).index(mark)
        before = parent[at - 1] if at else None
        text = (parent.text if before is None else before.tail) or ""
        rest, space, word = text.rpartition(" ")
        if not word:
            continue
        if before is None:
            parent.text = rest + space
        else:
            before.tail = rest + space
        glued = parent.makeelement("span", {"class": "glued"})
        glued.text, glued.tail, mark.tail = word, mark.tail, None
        parent[at] = glued
        glued.append(mark)


def _safe(tree: Tree) -> Markup:
    return Markup(write_fragment(tree))  # noqa: S704 - cleaned by curriculum.rendering


def _scene(case: Case) -> Scene:
    return Scene(
        id=f"case-{case.code}",
        title=pick(case.body["title"]),
        situation=paragraphs(pick(case.body["situation"])),
        question=pick(case.body["question"]),
        choices=[
            Choice(letter, pick(option["text"]), pick(option["reply"]), bool(option.get("right")))
            for letter, option in zip(ascii_uppercase, case.body["options"], strict=False)
        ],
        lesson=pick(case.body["lesson"]),
        sources=words.source_lines(case.version_id, case.source),
    )


def _show(key: str, question: QuestionVersion) -> Shown:
    order = _order(key, question)
    return show(question.kind, question.body, language=current_language(), order=order, heading="h3")


def _order(key: str, question: QuestionVersion) -> Order:
    """The order, and the figures, of the print: always the same."""
    return steady_order(question.kind, question.body, seed=key)


def _explain(version: CourseVersion, key: str, question: QuestionVersion) -> Explained:
    order, sources = _order(key, question), words.source_lines(version.id, question.source)
    return explain(question.kind, question.body, None, language=current_language(), order=order, sources=sources)


def _stems(terms: Sequence[Term]) -> dict[str, re.Pattern[str]]:
    """term -> pattern of its forms, in the reader's language."""
    stems = {term.code: (term.wording.get("stem") or {}).get(current_language()) for term in terms}
    return {code: re.compile(stem, re.IGNORECASE) for code, stem in stems.items() if stem}


def _words(terms: Sequence[Term], finder: Finder) -> list[Word]:
    found = [
        Word(f"term-{term.code}", dict(term.terms), pick(term.meanings), finder.places(term.code)) for term in terms
    ]
    language = current_language()
    return sorted(found, key=lambda word: alphabetical(word.terms.get(language, ""), language))


def _sources(version: CourseVersion, chapters: Sequence[Chapter], modules: Sequence[Module]) -> list[SourceLine]:
    """Every source that a chapter names, in the pack's order."""
    named = {chapter.id: _named_in(module) for chapter, module in zip(chapters, modules, strict=True)}
    say = words.source_words(version.id)
    lines = [
        SourceLine(say(source.code, ()), [chapter for chapter in chapters if source.code in named[chapter.id]])
        for source in queries.list_sources(version.id)
    ]
    return [line for line in lines if line.chapters]


def _named_in(module: Module) -> set[str]:
    body = pick({text.language: text.body for text in module.texts})
    marks = (find_mark(said.what) for said in read_outline(body).marks)
    return {mark.source for mark in marks if mark}

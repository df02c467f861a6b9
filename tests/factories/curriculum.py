"""A published course for tests, without a pack on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lms.commissions.permissions import SYSTEM
from lms.curriculum.models import CourseVersion
from lms.packs.actions import publish_pack
from lms.packs.content import Pack
from lms.packs.schema import CasePart, FigurePart, PackFile, SourcePart, TermPart
from lms.questions.rules import load_question
from tests.factories.packs import (
    ENTRY,
    FIGURE,
    FORM_TEXT,
    FORMS,
    MODULE_TEXT,
    SOURCES,
    SVG,
    TERMS,
    bank,
    case_dict,
    entry_questions,
    full_text,
    pack_dict,
)


def make_pack(**changes: Any) -> Pack:
    """The small pack of `tests.factories.packs`, with `changes` laid over its `pack.yaml`."""
    file = PackFile.model_validate({**pack_dict(), "law_date": date(2022, 11, 20), **changes})
    texts = {
        (module.id, language): MODULE_TEXT.replace("{language}", language)
        for module in file.modules
        for language in file.languages
    }
    topics = [topic.id for topic in file.topics]
    questions = tuple(load_question(raw) for topic in topics for raw in bank(topic))
    sources = tuple(SourcePart.model_validate({**source, "date": None}) for source in SOURCES)
    return Pack(file, texts, questions, sources)


def make_full_pack(**changes: Any) -> Pack:
    """The small pack with everything beside: a figure, a form, a case in each module, a glossary, entry questions."""
    pack = make_pack(forms=FORMS, entry=ENTRY, **changes)
    entries = tuple(load_question(raw) for topic in ("opening", "count") for raw in entry_questions(topic))
    return replace(
        pack,
        texts={**pack.texts, **{("opening", language): full_text(language) for language in pack.file.languages}},
        questions=pack.questions + entries,
        cases=tuple(CasePart.model_validate(case_dict(module)) for module in ("opening", "count")),
        figures={"room": (SVG, FigurePart.model_validate(FIGURE))},
        forms={("opening-form", code): FORM_TEXT.replace("{language}", code) for code in pack.file.languages},
        terms=tuple(TermPart.model_validate(term) for term in TERMS),
    )


def make_full_course(**changes: Any) -> CourseVersion:
    """Such a course, published."""
    return publish_pack(pack=make_full_pack(**changes), by=SYSTEM).version


def make_course(**changes: Any) -> CourseVersion:
    """The small course, published: modules `opening` and `count`, test and workshop. In an open campaign it is required
    of precinct and territorial members, who are enrolled."""
    return publish_pack(pack=make_pack(**changes), by=SYSTEM).version

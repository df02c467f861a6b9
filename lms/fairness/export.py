"""The table of an analysis as a file: no cell of it is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from lms.core.documents.tables import csv_parts, harmless
from lms.core.web.languages import NAMES, _, current_language
from lms.fairness.models import Analysis
from lms.fairness.queries import list_questions
from lms.fairness.words import doubt_name
from lms.questions.kinds.shapes import paragraphs, pick
from lms.questions.models import QuestionVersion

Cells = list[object]
WIDTHS = (26, 8, 14, 60, 9, 9, 9, 14, 10)


def as_text(analysis: Analysis) -> str:
    """The table as CSV."""
    return "".join(csv_parts(_rows(analysis), language=current_language()))


def as_workbook(analysis: Analysis) -> bytes:
    """The table as XLSX: figures are numbers, everything else is text."""
    import xlsxwriter  # only here: few requests and no command need it

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_("Questions"))
        bold = book.add_format({"bold": True})
        for place, width in enumerate(WIDTHS):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(_rows(analysis)):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(number, place, cell)
                else:
                    sheet.write_string(number, place, harmless(cell), None if number else bold)
    return buffer.getvalue()


def _rows(analysis: Analysis) -> Iterator[Cells]:
    languages = sorted({language for one in _questions(analysis) for language in one["languages"]})
    known = list_questions([one["question"] for one in _questions(analysis)])
    yield [
        _("Question"), _("Version"), _("Topic"), _("Text"), _("Answers"), _("Share of papers"), _("Facility"),
        _("Discrimination"), _("Seconds"),
        *(_("Facility: %(language)s", language=NAMES.get(one, one)) for one in languages), _("Doubts"),
    ]  # fmt: skip
    for one in _questions(analysis):
        question, code = known[one["question"]]
        yield [
            code, question.number, question.topic, _text_of(question), one["n"], _rounded(one["exposure"]),
            _rounded(one["facility"]), _rounded(one["discrimination"]), one["seconds"],
            *(_rounded(one["languages"].get(language, {}).get("facility")) for language in languages),
            ", ".join(doubt_name(doubt) for doubt in one["doubts"]),
        ]  # fmt: skip


def _questions(analysis: Analysis) -> list[Mapping[str, Any]]:
    return list(analysis.figures.get("questions", []))


def _text_of(question: QuestionVersion) -> str:
    return " ".join(paragraphs(pick(question.body["text"], current_language())))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

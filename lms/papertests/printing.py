"""Papers as a document to print: a list of all, then each person's, which begins on the front of a sheet of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from lms.assessment.helping import with_extra
from lms.assessment.rules_time import AttemptSettings
from lms.campaigns.queries import is_demo
from lms.certificates.keys import public_url
from lms.certificates.printing import qr_of
from lms.commissions.models import Commission
from lms.commissions.names import name_of
from lms.core.documents.pdf import render_pdf
from lms.core.jobs.queue import Progress, unseen
from lms.core.web.languages import speaking
from lms.curriculum.words import title_of
from lms.papertests import queries
from lms.papertests.keying import list_asked
from lms.papertests.models import PaperPrint, PaperSheet
from lms.papertests.queries import Listed
from lms.papertests.rules import LETTERS
from lms.questions.showing import Shown, show


@dataclass(frozen=True)
class Paper:
    """One paper as plain data, in its own language."""

    number: str
    language: str
    large: bool
    course: str
    name: str
    """Empty on a spare one."""
    place: str
    minutes: int
    questions: Sequence[Shown]
    qr: str
    """The picture, as an address of data; it leads to the page where the paper is keyed in."""
    demo: bool


@dataclass(frozen=True)
class Line:
    """One paper in the list of those printed."""

    number: str
    name: str
    place: str
    large: bool
    language: str


@dataclass(frozen=True)
class Bundle:
    """Everything that a document holds, as plain data."""

    title: str
    """Of the course, in the language of whoever prints."""
    place: str
    language: str
    printed_at: datetime
    zone: str
    lines: Sequence[Line]
    papers: Sequence[Paper]
    demo: bool


def read_bundle(asked: PaperPrint, language: str) -> Bundle:
    """What a document holds; nothing of the database is needed afterwards."""
    listed = queries.list_of_print(asked)
    with speaking(language):
        return Bundle(
            title=title_of(listed[0].sheet.version),
            place=name_of(asked.commission),
            language=language,
            printed_at=asked.asked_at,
            zone=asked.commission.time_zone,
            lines=[_line(one) for one in listed],
            papers=[read_paper(one) for one in listed],
            demo=is_demo(),
        )


def _line(one: Listed) -> Line:
    name = one.person.full_name if one.person else ""
    return Line(one.sheet.shown, name, _place(one.commission), one.sheet.large, one.sheet.language)


def _place(commission: Commission | None) -> str:
    return name_of(commission) if commission else ""


def read_paper(one: Listed) -> Paper:
    """One paper as plain data."""
    sheet = one.sheet
    with speaking(sheet.language):
        return Paper(
            number=sheet.shown,
            language=sheet.language,
            large=sheet.large,
            course=title_of(sheet.version),
            name=one.person.full_name if one.person else "",
            place=_place(one.commission),
            minutes=_minutes(sheet),
            questions=[
                _show(sheet, asked.question.kind, asked.question.body, asked.order) for asked in list_asked(sheet)
            ],
            qr=qr_of(f"{public_url()}/papers/find?number={sheet.number}"),
            demo=is_demo(),
        )


def _show(sheet: PaperSheet, kind: str, body: dict[str, object], order: dict[str, list[str]]) -> Shown:
    return show(kind, body, language=sheet.language, order=order, heading="h2")


def _minutes(sheet: PaperSheet) -> int:
    """How long the person has, with the help that is in force."""
    if sheet.enrolment is None:
        return AttemptSettings.model_validate(sheet.version.test).minutes
    settings = with_extra(sheet.enrolment, sheet.version)
    return settings.minutes + (settings.extra.adds if settings.extra else 0)


def render_bundle(bundle: Bundle, progress: Progress = unseen) -> bytes:
    """The PDF: the list, then each paper from the front of a sheet on. Each is laid out by itself, so that its pages
    are counted by themselves."""
    from pypdf import PdfReader, PdfWriter  # only here: commands and pages start without it

    writer = PdfWriter()
    for done, part in enumerate(_parts(bundle)):
        pages = PdfReader(io.BytesIO(part)).pages
        for page in pages:
            writer.add_page(page)
        if len(pages) % 2:
            writer.add_blank_page()
        progress(done, len(bundle.papers))
    writer.add_metadata({"/Title": bundle.title})
    writer.compress_identical_objects()
    joined = io.BytesIO()
    writer.write(joined)
    return joined.getvalue()


def _parts(bundle: Bundle) -> Iterator[bytes]:
    yield render_list(bundle)
    for paper in bundle.papers:
        yield render_paper(paper)


def render_list(bundle: Bundle) -> bytes:
    """The list for the trainer: who got which number, and a column for what comes back."""
    with speaking(bundle.language):
        html = render_template("papertests/print_list.html", bundle=bundle)
        css = render_template("papertests/print.css", large=False)
    return render_pdf(html, css, accessible=False)


def render_paper(paper: Paper) -> bytes:
    """One paper."""
    return render_pdf(html_of(paper), css_of(paper), accessible=False)


def html_of(paper: Paper) -> str:
    """What stands on a paper."""
    with speaking(paper.language):
        return render_template("papertests/print.html", paper=paper, letters=LETTERS)


def css_of(paper: Paper) -> str:
    """How it looks."""
    with speaking(paper.language):
        return render_template("papertests/print.css", large=paper.large)

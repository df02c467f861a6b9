"""A manual on paper: tagged, with bookmarks, page references that lead where they say, and letters that are there."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from lms.core.config import ROOT
from lms.core.documents.weasy import font_files
from lms.core.web.languages import speaking
from lms.manuals import printing
from lms.manuals.book import Book
from lms.manuals.contents import contents_of
from lms.manuals.reading import read_book
from lms.manuals.rules import Format
from tests.factories.commissions import make_country
from tests.factories.curriculum import make_course
from tests.factories.manuals import LETTERS, make_book
from tests.factories.questions import texts

_printed: dict[Format, tuple[bytes, PdfReader]] = {}


@pytest.fixture
def book(db_session: Any) -> Book:
    make_country()
    return make_book("kk")


def read(app: Flask, format: Format = Format.A4) -> PdfReader:
    """The manual, printed once for all tests."""
    if format not in _printed:
        make_country()
        printed = printing.print_manual(make_book("kk"), format)
        _printed[format] = printed.content, PdfReader(BytesIO(printed.content))
        assert len(_printed[format][1].pages) == printed.pages
    return _printed[format][1]


@functools.cache
def words_of(reader: PdfReader) -> list[str]:
    """What each page says."""
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def structure(node: Any) -> Iterator[Any]:
    """Every element of the tags, in their order."""
    node = node.get_object()
    if isinstance(node, list):
        for kid in node:
            yield from structure(kid)
    elif isinstance(node, dict) and "/S" in node:
        yield node
        yield from structure(node.get("/K", []))


def bookmarks(reader: PdfReader, marks: Any = None) -> list[tuple[str, int]]:
    """(title, page from 1) of every bookmark."""
    found: list[tuple[str, int]] = []
    for mark in reader.outline if marks is None else marks:
        if isinstance(mark, list):
            found += bookmarks(reader, mark)
        else:
            found.append((str(mark.title), (reader.get_destination_page_number(mark) or 0) + 1))
    return found


def links(reader: PdfReader) -> list[tuple[int, str]]:
    """(page from 1, name of the place) of every link inside the book."""
    return [
        (number, str(note.get_object()["/Dest"]))
        for number, page in enumerate(reader.pages, start=1)
        for note in page.get("/Annots", [])
        if "/Dest" in note.get_object()
    ]


def test_every_page_but_the_cover_says_version_and_date_of_the_law(app: Flask) -> None:
    cover, *pages = words_of(read(app))
    assert "Оқу материалы, ресми мәтін емес 1-нұсқа · ережелер күні: 2022 ж. 20 қараша" in cover
    assert "DEMO" in cover
    for number, page in enumerate(pages, start=2):
        assert "DEMO · Small course (kk) · 1-нұсқа, ережелер күні: 2022 ж. 20 қараша" in page
        assert re.search(rf"\b{number}\b", page), page
    assert sum("1. Opening (kk)" in page for page in pages) >= 3


def test_bookmarks_are_the_contents_and_lead_to_the_pages_named_there(app: Flask, book: Book) -> None:
    reader = read(app)
    with speaking("kk"):
        entries = contents_of(book)
    titles = [title for entry in entries for title in (entry.title, *(part.title for part in entry.parts))]
    marks = bookmarks(reader)
    assert [title for title, _page in marks] == titles
    pages = words_of(reader)
    contents = pages[2]
    for title, number in marks:
        assert title in pages[number - 1]
        assert re.search(rf"{re.escape(title)} ?[. ]*\s*{number}\b", contents), (title, number)


def test_every_link_leads_to_a_place_that_is_there(app: Flask) -> None:
    reader = read(app)
    places = set(reader.named_destinations)
    found = links(reader)
    assert len(found) > 30
    assert {name for _page, name in found} <= places


@pytest.mark.parametrize(("words", "place"), [("form", "form-opening-form"), ("count", "chapter-count")])
def test_a_link_says_the_page_to_which_it_leads(app: Flask, words: str, place: str) -> None:
    reader = read(app)
    found = re.search(rf"{words} \((\d+)-бет\)", " ".join(words_of(reader)))
    assert found is not None
    assert int(found[1]) == (reader.get_destination_page_number(reader.named_destinations[place]) or 0) + 1


def test_the_index_names_the_pages_of_a_word(app: Flask) -> None:
    pages = words_of(read(app))
    index = pages[-1]
    said = [number for number, page in enumerate(pages[:-1], start=1) if "Жәшіктер осында." in page]
    assert len(said) == 2
    assert re.search(rf"жәшік {said[0]}[–,] ?{said[1]}\b", index), index


def test_it_is_tagged_and_every_figure_is_described(app: Flask) -> None:
    reader = read(app)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "kk"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Small course (kk)"
    tags = list(structure(root["/StructTreeRoot"]["/K"]))
    kinds = {tag["/S"] for tag in tags}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI", "/Link", "/Figure", "/Caption"} <= kinds
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert [tag["/Alt"] for tag in figures] == ["A box and an arrow (kk)"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.parametrize("format", [Format.A4, Format.A5])
def test_every_letter_is_there(app: Flask, format: Format) -> None:
    said = "".join(words_of(read(app, format)))
    assert set(LETTERS) <= set(said)
    assert "\ufffd" not in said


def test_the_print_fonts_have_every_sign_of_our_courses() -> None:
    known = set.intersection(*(set(TTFont(path).getBestCmap()) for path in font_files()))
    for path in sorted((ROOT / "courses").rglob("*.*")):
        said = set(path.read_text(encoding="utf-8").translate(printing.IN_PRINT)) - {"\n"}
        assert {sign for sign in said if ord(sign) not in known} == set(), path


def test_each_form_begins_on_a_page_of_its_own(app: Flask) -> None:
    reader = read(app)
    place = reader.named_destinations["form-opening-form"]
    page = words_of(reader)[reader.get_destination_page_number(place) or 0]
    assert "Training form, not an official one (kk)." in page
    assert "A locked door" not in page


def test_cases_stand_in_their_chapter_and_their_answers_behind(app: Flask) -> None:
    pages = words_of(read(app))
    scene = next(number for number, page in enumerate(pages) if "A locked door (kk)" in page)
    answer = next(number for number, page in enumerate(pages) if "The doors open (kk)" in page)
    assert "A. Wait (kk)" in pages[scene]
    assert scene < answer
    assert "B. Open (kk) — The doors open (kk)" in pages[answer]


def test_it_says_the_same_as_the_web_page(app: Flask) -> None:
    said = " ".join(words_of(read(app)))
    for words in ("After this module you can do it (kk)", "Жиі кететін қате", "Тексеру парағы", "What is right? (kk)"):
        assert words in said
    assert "in time (kk)" in said
    assert "Because the act says so. (kk)" in said
    assert "The way of the voter (kk)" in said
    assert "Жәшік осында" in said  # words inside the drawing
    assert "Act on Elections (kk), 40-бап" in said
    assert "Дереккөз: Act on Elections" in said
    assert "ballot box" in said  # the glossary, in the other languages too


def test_qpdf_finds_nothing_wrong(app: Flask, tmp_path: Path) -> None:
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not there")
    read(app, Format.A5)
    content = _printed[Format.A5][0]
    booklet = printing.fold_manual(make_book("kk"), content)
    for name, pdf in (("a5", content), ("booklet", booklet.content)):
        (tmp_path / name).write_bytes(pdf)
        done = subprocess.run(["qpdf", "--check", str(tmp_path / name)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_titles_cannot_act_in_the_page_or_its_style(db_session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_country()
    evil = make_course(title=texts('"; } </style><script>x</script>'), id="evil")
    printed: list[Any] = []
    monkeypatch.setattr(printing, "render_book", lambda *told, **_more: printed.extend(told))
    printing.print_manual(read_book(evil, "en"))
    html, css, behind = printed
    assert "<script" not in html
    assert "<" not in css
    assert behind is None  # no words, no index


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "</style>"])
def test_words_in_the_style_sheet_are_quoted(text: str) -> None:
    quoted = printing._css_string(text)
    assert quoted.startswith('"')
    assert quoted.endswith('"')
    assert "\n" not in quoted
    assert "<" not in quoted
    assert quoted[1:-1].replace("\\\\", "").replace('\\"', "").count('"') == 0

"""A manual as an electronic book: a whole container, well-formed pages, links that lead somewhere."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from lms.core.web.languages import speaking
from lms.manuals import apart
from lms.manuals.apart import build_apart
from lms.manuals.building import Built
from lms.manuals.contents import contents_of
from lms.manuals.ebook import bind
from lms.manuals.rules import Format
from tests.factories.commissions import make_country
from tests.factories.manuals import LETTERS, make_book

HTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture
def files(db_session: Any) -> dict[str, bytes]:
    """name -> content, in the order of the container."""
    make_country()
    with zipfile.ZipFile(BytesIO(bind(make_book("kk")))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        return {name: archive.read(name) for name in archive.namelist()}


def pages_of(files: dict[str, bytes]) -> dict[str, ET.Element]:
    return {name: ET.fromstring(files[name]) for name in files if name.endswith(".xhtml")}  # noqa: S314 - our own


def test_the_container_is_whole(files: dict[str, bytes]) -> None:
    assert files["mimetype"] == b"application/epub+zip"
    assert b'full-path="book/package.opf"' in files["META-INF/container.xml"]
    package = ET.fromstring(files["book/package.opf"])  # noqa: S314 - our own
    items = {item.get("id"): item for item in package.iter(f"{OPF}item")}
    assert {f"book/{item.get('href')}" for item in items.values()} == set(files) - {
        *("mimetype", "META-INF/container.xml", "book/package.opf")
    }
    line = [str(items[ref.get("idref")].get("href")) for ref in package.iter(f"{OPF}itemref")]
    assert line[:3] == ["cover.xhtml", "about.xhtml", "contents.xhtml"]
    assert line[-1] == "index.xhtml"
    assert {item.get("properties") for item in items.values()} == {"nav", "cover-image", None}


def test_it_says_what_it_is_and_who_can_read_it(files: dict[str, bytes]) -> None:
    package = files["book/package.opf"].decode()
    assert "<dc:language>kk</dc:language>" in package
    assert "<dc:title>Small course (kk)</dc:title>" in package
    assert "DEMO. " in package
    for said in ("accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard"):
        assert f'property="schema:{said}"' in package
    assert '<meta property="schema:accessibilityFeature">alternativeText</meta>' in package


def test_every_file_is_well_formed_and_in_its_language(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith((".xml", ".opf", ".svg")):
            ET.fromstring(content)  # noqa: S314 - our own
    for page in pages_of(files).values():
        assert page.get("lang") == "kk"
        assert page.get("{http://www.w3.org/XML/1998/namespace}lang") == "kk"
        assert page.findtext(f"{HTML}head/{HTML}title")


def test_every_link_leads_to_a_place_that_is_there(files: dict[str, bytes]) -> None:
    pages = pages_of(files)
    ids = {f"{name[5:]}#{part.get('id')}" for name, page in pages.items() for part in page.iter() if part.get("id")}
    found = {str(link.get("href")) for page in pages.values() for link in page.iter(f"{HTML}a")}
    assert len(found) > 15
    assert found <= ids


def test_the_way_through_it_is_the_contents(files: dict[str, bytes]) -> None:
    with speaking("kk"):
        entries = contents_of(make_book("kk"))
    wanted = [title for entry in entries for title in (entry.title, *(part.title for part in entry.parts))]
    nav = pages_of(files)["book/contents.xhtml"].find(f"{HTML}body/{HTML}nav")
    assert nav is not None
    assert [link.text for link in nav.iter(f"{HTML}a")] == wanted


def test_figures_are_drawings_and_described(files: dict[str, bytes]) -> None:
    images = [image for page in pages_of(files).values() for image in page.iter(f"{HTML}img")]
    assert {image.get("src") for image in images} == {"cover.svg", "figures/room.svg"}
    assert all(image.get("alt") for image in images)
    assert "осында" in files["book/figures/room.svg"].decode()


def test_the_letters_and_the_word_of_the_glossary_are_there(files: dict[str, bytes]) -> None:
    chapter = files["book/chapter-opening.xhtml"].decode()
    assert LETTERS in chapter
    assert '<span id="word-ballot-box-' in chapter
    assert "chapter-opening.xhtml#word-ballot-box-" in files["book/index.xhtml"].decode()


def test_a_process_of_its_own_makes_the_same_file(db_session: Any) -> None:
    make_country()
    book = make_book("kk")
    assert build_apart(book, Format.EPUB, a5=None, laid_out=lambda _page: None) == Built(bind(book), None)


def test_a_process_that_dies_is_told(db_session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_country()
    monkeypatch.setattr(apart, "__name__", "lms.nowhere")
    with pytest.raises(RuntimeError, match="small, kk, epub"):
        build_apart(make_book("kk"), Format.EPUB, a5=None, laid_out=lambda _page: None)

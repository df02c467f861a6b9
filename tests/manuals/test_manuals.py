"""Manuals: a course as a PDF in each language, kept for everyone to take."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from pypdf import PdfReader
from sqlalchemy import func, select

from lms.cli import main
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.jobs import queue
from lms.core.jobs.models import Job
from lms.curriculum.models import CourseVersion
from lms.manuals import actions, printing, queries, tasks
from lms.manuals.models import ManualFile
from tests.factories.commissions import make_country
from tests.factories.curriculum import make_course, make_full_course
from tests.factories.questions import texts

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def version() -> CourseVersion:
    make_country()
    return make_course()


def pages_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_a_manual_has_cover_contents_running_heads_and_page_numbers(version: CourseVersion) -> None:
    content = printing.print_manual(printing.prepare_manual(version, "en"))
    pages = pages_of(content)
    last = len(pages)
    assert "Small course (en)" in pages[0]
    assert "state of the law: 20 November 2022" in pages[0]
    assert pages[1].count("Opening (en)") == 1
    for number, page in enumerate(pages[1:], start=2):
        assert f"Page {number} of {last}" in page
        assert "Version 1 · state of the law: 20 November 2022" in page
        assert "Small course (en)" in page
    opening = next(number for number, page in enumerate(pages, start=1) if "Module 1 of 2" in page)
    assert "1. Opening (en)" in pages[1]
    assert f" {opening} " in pages[1] + " "


def test_the_contents_name_the_page_of_each_module(version: CourseVersion) -> None:
    content = printing.print_manual(printing.prepare_manual(version, "en"))
    reader = PdfReader(BytesIO(content))
    marks = {
        str(mark.title): reader.get_destination_page_number(mark)
        for mark in reader.outline
        if not isinstance(mark, list)
    }  # type: ignore[union-attr,arg-type]
    pages = pages_of(content)
    for title in ("Opening (en)", "Count (en)"):
        number = marks[title]
        assert number is not None
        assert title in pages[number]


def test_a_manual_says_the_same_as_the_web_page(version: CourseVersion) -> None:
    said = " ".join(pages_of(printing.print_manual(printing.prepare_manual(version, "ru"))))
    for words in ("After this module you can do it (ru)", "Частая ошибка", "Контрольный лист", "What is right? (ru)"):
        assert words in said
    assert "in time (ru)" in said
    assert "Because the act says so. (ru)" in said


def test_a_manual_carries_its_figures_and_names_its_sources() -> None:
    make_country()
    pages = printing.prepare_manual(make_full_course(), "ru")
    assert 'src="data:image/svg+xml;base64,' in pages.html
    assert 'href="#count"' in pages.html
    content = printing.print_manual(pages)
    said = " ".join(pages_of(content))
    for words in (
        "The way of the voter (ru)",
        "Урна",
        "Act on Elections (ru), статья 40",
        "Источник: Act on Elections",
    ):
        assert words in said


def test_a_manual_is_tagged_in_its_language(version: CourseVersion) -> None:
    reader = PdfReader(BytesIO(printing.print_manual(printing.prepare_manual(version, "kk"))))
    assert reader.trailer["/Root"]["/Lang"] == "kk"
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Small course (kk)"


def test_every_print_of_a_demo_says_so(version: CourseVersion) -> None:
    assert all("DEMO" in page for page in pages_of(printing.print_manual(printing.prepare_manual(version, "kk"))))


def test_titles_cannot_act_in_the_page_or_its_style(version: CourseVersion) -> None:
    evil = make_course(title=texts('"; } </style><script>x</script>'), id="evil")
    pages = printing.prepare_manual(evil, "en")
    assert "<script>" not in pages.html
    assert printing.count_pages(printing.print_manual(pages)) > 3


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "</style>"])
def test_words_in_the_style_sheet_are_quoted(text: str) -> None:
    quoted = printing._css_string(text)
    assert quoted.startswith('"')
    assert quoted.endswith('"')
    assert "\n" not in quoted
    assert "<" not in quoted
    assert quoted[1:-1].replace("\\\\", "").replace('\\"', "").count('"') == 0


def test_what_is_missing_is_asked_for_once(version: CourseVersion) -> None:
    assert actions.ask_for_missing(by=SYSTEM) == 3
    assert actions.ask_for_missing(by=SYSTEM) == 0
    assert db.session.scalar(select(func.count(Job.id)).where(Job.kind == queries.JOB)) == 3


def test_the_worker_prints_what_was_asked_for(version: CourseVersion, client: FlaskClient) -> None:
    tasks.ask_for_missing()
    db.session.commit()
    queue.call_worker()
    rows = db.session.scalars(select(ManualFile)).all()
    assert {row.language for row in rows} == {"kk", "ru", "en"}
    assert all(row.pages >= 4 for row in rows)
    assert set(db.session.scalars(select(Job.state))) == {"done"}
    answer = client.get("/en/manuals/small/ru")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert "small-v1-ru.pdf" in answer.headers["Content-Disposition"]
    page = client.get("/en/manuals").text
    assert page.count('class="mins"') == 3
    assert "being prepared" not in page


def test_printing_again_replaces_the_file(version: CourseVersion) -> None:
    for content in (b"%PDF-1", b"%PDF-2"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(printing, "count_pages", lambda _content: 1)
            actions.keep_manual(version=version, language="kk", content=content, by=SYSTEM)
    assert db.session.scalar(select(func.count()).select_from(ManualFile)) == 1
    assert queries.get_file("small", "kk").file.size == 6


def test_strangers_see_the_list_and_what_is_not_ready(version: CourseVersion, client: FlaskClient) -> None:
    page = client.get("/en/manuals")
    assert page.status_code == 200
    assert page.text.count("being prepared") == 3
    for address in ("/en/manuals/small/kk", "/en/manuals/moon/kk", "/en/manuals/small/xx"):
        assert client.get(address).status_code == 404


def test_without_a_course_the_list_says_when_a_manual_appears(client: FlaskClient) -> None:
    assert "A manual appears when a course is published." in client.get("/en/manuals").text


def test_the_command_writes_a_manual(version: CourseVersion, app: object, tmp_path: Path) -> None:
    lms: FlaskCliRunner = app.test_cli_runner()  # type: ignore[attr-defined]
    out = tmp_path / "new" / "manual.pdf"
    result = lms.invoke(main, ["manuals", "build", "small", "--language", "kk", "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert (data["version"], data["language"], data["bytes"]) == (1, "kk", out.stat().st_size)
    for arguments, said in (
        (["moon", "--language", "kk", "--out", str(out)], "no manual 'moon'"),
        (["small", "--language", "fr", "--out", str(out)], "not written in 'fr'"),
        (["small", "--language", "kk", "--out", str(tmp_path / "x.epub")], "written as .pdf"),
    ):
        refused = lms.invoke(main, ["manuals", "build", *arguments])
        assert (refused.exit_code, said in refused.stderr) == (1, True), refused.output


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(NotFound, match="moon"):
        queries.get_newest("moon")

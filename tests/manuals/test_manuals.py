"""Manuals: asked for once, built one format after another, kept for everyone to take."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.cli import main
from lms.commissions.permissions import SYSTEM
from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.jobs import queue
from lms.core.jobs.models import Job
from lms.curriculum.models import CourseVersion
from lms.manuals import actions, cli, queries, tasks
from lms.manuals.book import Book
from lms.manuals.building import Built
from lms.manuals.models import ManualFile
from lms.manuals.rules import Format
from tests.factories.commissions import make_country
from tests.factories.curriculum import make_course

pytestmark = pytest.mark.usefixtures("db_session")
OF_EACH = len(Format)


@pytest.fixture
def version(db_session: Any) -> CourseVersion:
    make_country()
    return make_course()


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was built, as language and format; nothing is laid out. The A5 pages make the booklet."""
    made: list[str] = []

    def build(book: Book, format: Format, *, a5: bytes | None, laid_out: object) -> Built:
        made.append(f"{book.language} {format}")
        assert (a5 is not None) is (format is Format.BOOKLET)
        said = f"{book.language} {format} {book.number}"
        return Built(said.encode(), None if format is Format.EPUB else 8)

    monkeypatch.setattr(tasks, "build_apart", build)
    return made


def work() -> None:
    """The worker looks once what there is to do, and does it."""
    tasks.ask_for_missing()
    db.session.commit()
    queue.call_worker()


def test_what_is_missing_is_asked_for_once(version: CourseVersion) -> None:
    assert actions.ask_for_missing(by=SYSTEM) == 3
    assert actions.ask_for_missing(by=SYSTEM) == 0
    assert db.session.scalar(select(func.count(Job.id)).where(Job.kind == queries.JOB)) == 3


def test_the_worker_builds_every_format_in_every_language(version: CourseVersion, built: list[str]) -> None:
    work()
    rows = db.session.scalars(select(ManualFile)).all()
    assert {(row.language, row.format) for row in rows} == {
        (one, form) for one in ("kk", "ru", "en") for form in Format
    }
    assert {row.pages for row in rows if row.format != Format.EPUB} == {8}
    jobs = db.session.scalars(select(Job)).all()
    assert {job.state for job in jobs} == {"done"}
    assert all(job.done == job.total == OF_EACH * 100 for job in jobs)
    work()
    assert len(built) == 3 * OF_EACH


def test_a_work_that_broke_off_goes_on_where_it_stopped(
    version: CourseVersion, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tasks.build_apart

    def breaks(book: Book, format: Format, **more: object) -> Built:
        if format is Format.BOOKLET:
            raise OSError("the power went")
        return whole(book, format, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "build_apart", breaks)
    work()
    assert {row.format for row in db.session.scalars(select(ManualFile))} == {Format.A4, Format.A5}
    assert set(db.session.scalars(select(Job.state))) == {"queued"}
    monkeypatch.setattr(tasks, "build_apart", whole)
    built.clear()
    for job in queue.sweep():
        queue.run(job)
    assert set(db.session.scalars(select(Job.state))) == {"done"}
    assert sorted(built) == sorted(f"{one} {form}" for one in ("kk", "ru", "en") for form in ("booklet", "epub"))


def test_everyone_may_take_each_file(version: CourseVersion, built: list[str], client: FlaskClient) -> None:
    work()
    page = client.get("/en/manuals").text
    assert page.count('href="/en/manuals/small/1/') == 3 * OF_EACH
    assert "being prepared" not in page
    assert "for the rules of 20 November 2022" in page
    for form, kind in (("a4", "application/pdf"), ("booklet", "application/pdf"), ("epub", "application/epub+zip")):
        answer = client.get(f"/en/manuals/small/1/ru/{form}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.data == f"ru {form} 1".encode()
    assert "small-v1-ru.epub" in answer.headers["Content-Disposition"]
    assert client.get("/en/manuals/small/ru").data == b"ru a4 1"


def test_earlier_versions_stay_where_they_were(version: CourseVersion, built: list[str], client: FlaskClient) -> None:
    work()
    make_course(change="editorial", law_date=date(2023, 1, 1))
    work()
    assert client.get("/en/manuals/small/1/kk/a4").data == b"kk a4 1"
    assert client.get("/en/manuals/small/2/kk/a4").data == b"kk a4 2"
    assert client.get("/en/manuals/small/kk").data == b"kk a4 2"
    assert 'href="/en/manuals/small"' in client.get("/en/manuals").text
    page = client.get("/en/manuals/small")
    assert page.status_code == 200
    assert 'href="/en/manuals/small/1/kk/booklet"' in page.text
    assert "/en/manuals/small/2/" not in page.text


def test_strangers_see_the_list_and_what_is_not_ready(version: CourseVersion, client: FlaskClient) -> None:
    page = client.get("/en/manuals")
    assert page.status_code == 200
    assert page.text.count("being prepared") == 3
    for address in ("small/kk", "moon/kk", "small/xx", "moon", "small/1/kk/a4", "small/9/kk/a4", "small/1/kk/docx"):
        assert client.get(f"/en/manuals/{address}").status_code == 404
    assert "There is no earlier version" in client.get("/en/manuals/small").text


def test_it_says_how_far_the_building_is(version: CourseVersion, client: FlaskClient) -> None:
    tasks.ask_for_missing()
    for job in db.session.scalars(select(Job)):
        job.state, job.done, job.total = "running", 150, 400
    db.session.commit()
    assert client.get("/en/manuals").text.count("being prepared: 37") == 3


def test_building_again_replaces_the_file(version: CourseVersion) -> None:
    for content in (b"%PDF-1", b"%PDF-22"):
        actions.keep_manual(version=version, language="kk", format=Format.A4, built=Built(content, 1), by=SYSTEM)
    assert db.session.scalar(select(func.count()).select_from(ManualFile)) == 1
    assert queries.get_file("small", "kk").file.size == 7


def test_without_a_course_the_list_says_when_a_manual_appears(client: FlaskClient) -> None:
    assert "A manual appears when a course is published." in client.get("/en/manuals").text


@pytest.mark.parametrize(
    ("name", "more", "form"),
    [("a.pdf", ["--format", "booklet"], "booklet"), ("a.pdf", [], "a4"), ("b.epub", [], "epub")],
)
@pytest.mark.usefixtures("version")
def test_the_command_writes_a_manual(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, more: list[str], form: str
) -> None:
    monkeypatch.setattr(cli, "build_file", lambda book, format, **_more: Built(f"{book.title} {format}".encode(), 8))
    out = tmp_path / "new" / name
    arguments = ["manuals", "build", "small", "--language", "kk", "--out", str(out), *more, "--json"]
    result = app.test_cli_runner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == f"Small course (kk) {form}".encode()
    said = {"name": "small", "version": 1, "language": "kk", "format": form, "pages": 8, "bytes": out.stat().st_size}
    assert json.loads(result.stdout) == said


def test_the_command_says_what_it_cannot_do(version: CourseVersion, app: Flask, tmp_path: Path) -> None:
    db.session.commit()  # a refusal takes back what was not kept
    pdf, epub, word = (str(tmp_path / f"manual.{suffix}") for suffix in ("pdf", "epub", "docx"))
    for arguments, said in (
        (["moon", "--language", "kk", "--out", pdf], "no manual 'moon'"),
        (["small", "--language", "fr", "--out", pdf], "not written in 'fr'"),
        (["small", "--language", "kk", "--out", word], "written as .pdf or .epub"),
        (["small", "--language", "kk", "--out", epub, "--format", "a5"], "cannot be 'a5'"),
    ):
        refused = app.test_cli_runner().invoke(main, ["manuals", "build", *arguments])
        assert (refused.exit_code, said in refused.stderr) == (1, True), refused.output
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(NotFound, match="moon"):
        queries.get_newest("moon")

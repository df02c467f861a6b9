"""Commands about questions in other people's formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lms.commissions.cli import scope_named
from lms.core.command import answer, in_app
from lms.core.errors import Refused
from lms.core.web.languages import LANGUAGES
from lms.curriculum.queries import find_course, find_newest_version, list_topics
from lms.exchange import actions, queries
from lms.exchange.formats.registry import FORMATS, get_format
from lms.exchange.formats.shapes import Reading
from lms.exchange.giving_out import Weighed, export, weigh_all
from lms.exchange.taking_in import read_questions

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("questions")
def questions() -> None:
    """Questions from and to GIFT, Moodle XML, Aiken, QTI and our own YAML."""


@questions.command("import")
@click.argument("file", type=FILE)
@click.option("--language", type=click.Choice(LANGUAGES), required=True, help="Language of the texts.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default=None, help="Guessed when not given.")
@click.option("--course", default=None, help="Make drafts for this course; without it the file is only read.")
@click.option("--topic", default=None, help="For questions of which the file names no topic of the course.")
@click.option("--by", default=None, help="Login of the methodologist who becomes the author of the drafts.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def import_(
    file: Path, language: str, form: str | None, course: str | None, topic: str | None, by: str | None, as_json: bool
) -> None:
    """Tell what becomes of each question of a file, with its line; with --course and --by make drafts of them."""
    content = file.read_bytes()
    reading = read_questions(content, language=language, form=form or "")
    data: dict[str, Any] = {**reading.count(), "notes": reading.notes, "items": _rows(reading)}
    words = _in_words(reading)
    if course is not None:
        data["import"] = _apply(content, file.name, form or "", language, course, topic, by)
        words += f"\nDrafts are made: import {data['import']}."
    answer(data, as_json=as_json, words=words)


def _apply(content: bytes, name: str, form: str, language: str, course: str, topic: str | None, by: str | None) -> int:
    found = find_course(course)
    version = find_newest_version(found.id) if found else None
    if found is None or version is None or by is None:
        raise Refused("Name a course that is published, and with --by who becomes the author of the drafts.")
    scope = scope_named(by)
    first = topic or next(iter(one.code for one in list_topics(version.id)), "")
    made = actions.upload(
        content=content, file_name=name, form=form, language=language, course=found, topic=first, by=scope
    )
    actions.apply_import(one=made, by=scope, progress=lambda _done, _total: None)
    return made.id


@questions.command("export")
@click.argument("course")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True)
@click.option("--language", type=click.Choice([*LANGUAGES, "all"]), default="all", help="All: a file for each, zipped.")
@click.option("--topic", default="", help="Only questions on this topic.")
@click.option("--kind", default="", help="Only questions of this kind.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file.")
@click.option("--by", required=True, help="Login of the methodologist who takes them out.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def export_(course: str, form: str, language: str, topic: str, kind: str, out: Path, by: str, as_json: bool) -> None:
    """Write the questions of a course to a file, and tell what the format cannot carry."""
    scope, chosen = scope_named(by), get_format(form)
    if out.exists():
        raise Refused(f"{out} is there already. Name a new file.")
    raws = queries.list_questions(course, topic=topic, kind=kind)
    wanted = LANGUAGES if language == "all" and chosen.has_language else [language if language != "all" else "en"]
    weighed = [weigh_all(raws, form=chosen, language=one) for one in wanted]
    written = sum(len(one.written) for one in weighed)
    if not written:
        raise Refused(f"There is no question of '{course}' that this format could carry.")
    actions.note_export(course=course, form=form, count=written, by=scope)
    out.write_bytes(export(f"{course}-{form}", weighed).content)
    lost = _lost(weighed)
    answer({"written": written, "lost": lost}, as_json=as_json, words=_losses_in_words(written, out, lost))


def _rows(reading: Reading) -> list[dict[str, Any]]:
    return [
        {"file": one.file, "line": one.line, "name": one.name, "status": one.status.value, "sentences": one.sentences}
        for one in reading.items
    ]


def _in_words(reading: Reading) -> str:
    counts = reading.count()
    lines = [f"{one.file or 'line'} {one.line}: {one.status.value}: {one.name}" for one in reading.items]
    told = [f"{line}. {' '.join(one.sentences)}".rstrip(". ") for line, one in zip(lines, reading.items, strict=True)]
    figures = ", ".join(f"{counts[name]} {name}" for name in ("imported", "changed", "skipped"))
    return "\n".join([*told, *reading.notes, f"{counts['questions']} questions: {figures}."])


def _lost(weighed: list[Weighed]) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "language": each.language, "written": one.remains is not None, "losses": one.losses}
        for each in weighed
        for one in each.carried
        if one.losses
    ]


def _losses_in_words(written: int, out: Path, lost: list[dict[str, Any]]) -> str:
    lines = [
        f"{one['id']} ({one['language']}): {'' if one['written'] else 'not written: '}{' '.join(one['losses'])}"
        for one in lost
    ]
    return "\n".join([*lines, f"{written} questions are in {out}."])


COMMANDS = [questions]

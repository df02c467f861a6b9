"""Commands about manuals."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, TextColumn

from lms.core.command import answer, in_app
from lms.core.documents.pdf import LaidOut
from lms.core.errors import Refused
from lms.manuals import queries
from lms.manuals.building import build as build_file
from lms.manuals.reading import read_book
from lms.manuals.rules import Format

ON_PAPER = [format.value for format in Format if format is not Format.EPUB]


@click.group("manuals")
def manuals() -> None:
    """Manuals to print and to read."""


@manuals.command("build")
@click.argument("name")
@click.option("--language", required=True, help="kk, ru or en.")
@click.option(
    *("--out", "out"),
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write: .pdf to print, .epub for a reading app.",
)
@click.option(
    *("--format", "form"),
    type=click.Choice(ON_PAPER),
    default=None,
    help="Of a .pdf: a4 (the usual), a5, or booklet: A5 pages two on a sheet of A4, to print on both sides and fold.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def build(name: str, language: str, out: Path, form: str | None, as_json: bool) -> None:
    """Write the manual of the course NAME, newest version, in one language."""
    format = _format_of(out, form)
    version = queries.get_newest(name)
    if language not in queries.languages_of(version):
        known = ", ".join(queries.languages_of(version))
        raise Refused(f"The course '{name}' is not written in '{language}'. Choose one of: {known}.")
    book = read_book(version, language)
    with _counted() as laid_out:
        built = build_file(book, format, laid_out=laid_out)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(built.content)
    part.replace(out)
    data = {"name": name, "version": version.number, "language": language, "format": str(format)}
    data |= {"pages": built.pages, "bytes": len(built.content)}
    pages = "" if built.pages is None else f", {built.pages} pages"
    answer(data, as_json=as_json, words=f"{out}: version {version.number}{pages}.")


def _format_of(out: Path, form: str | None) -> Format:
    if out.suffix == ".pdf":
        return Format(form or Format.A4)
    if out.suffix != ".epub":
        raise Refused(f"A manual is written as .pdf or .epub, not as '{out.suffix}'. Name the file so at its end.")
    if form is not None:
        raise Refused(f"An .epub has no pages, so it cannot be '{form}'. Leave --format out, or name a .pdf.")
    return Format.EPUB


@contextmanager
def _counted() -> Iterator[LaidOut]:
    """A count of pages where the output is a terminal; nothing elsewhere."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), console=console, disable=not sys.stderr.isatty(), transient=True
    ) as bar:
        task = bar.add_task("Pages are laid out")
        yield lambda page: bar.update(task, description=f"Page {page} is laid out")


COMMANDS = [manuals]

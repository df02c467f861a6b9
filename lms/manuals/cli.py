"""Commands about manuals."""

from __future__ import annotations

from pathlib import Path

import click

from lms.core.command import answer, in_app
from lms.core.errors import Refused
from lms.manuals import printing, queries


@click.group("manuals")
def manuals() -> None:
    """Manuals to print."""


@manuals.command("build")
@click.argument("name")
@click.option("--language", required=True, help="kk, ru or en.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write, .pdf.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def build(name: str, language: str, out: Path, as_json: bool) -> None:
    """Write the manual of the course NAME, newest version, in one language."""
    if out.suffix != ".pdf":
        raise Refused(f"A manual is written as .pdf, not as '{out.suffix}'. Name the file with .pdf at its end.")
    version = queries.get_newest(name)
    if language not in queries.languages_of(version):
        known = ", ".join(queries.languages_of(version))
        raise Refused(f"The course '{name}' is not written in '{language}'. Choose one of: {known}.")
    content = printing.print_manual(printing.prepare_manual(version, language))
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(content)
    part.replace(out)
    pages = printing.count_pages(content)
    data = {"name": name, "version": version.number, "language": language, "pages": pages, "bytes": len(content)}
    answer(data, as_json=as_json, words=f"{out}: version {version.number}, {pages} pages.")


COMMANDS = [manuals]

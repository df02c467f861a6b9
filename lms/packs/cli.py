"""Commands about packs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from lms.commissions.cli import scope_named
from lms.core.command import answer, in_app
from lms.core.config import ROOT
from lms.core.errors import Refused
from lms.curriculum import queries
from lms.packs import actions
from lms.packs.checking import Checked, check_pack, find_packs
from lms.packs.exporting import export_version
from lms.packs.faults import PackFault
from lms.packs.telling import in_words

FOLDER = click.Path(path_type=Path)


@click.group("packs")
def packs() -> None:
    """Courses as folders of text."""


@packs.command("check")
@click.argument("folder", type=FOLDER, metavar="[DIR]", default=ROOT / "courses")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def check(folder: Path, as_json: bool) -> None:
    """List every fault of a pack, or of all packs in a folder, with file and line. Exit status 1 when there is any."""
    found = [check_pack(path) for path in find_packs(folder)]
    if not found:
        click.echo(f"There is no pack in {folder}: no pack.yaml there or one level below.", err=True)
        sys.exit(1)
    faults = sum(len(checked.faults) for checked in found)
    click.echo(
        json.dumps(_as_data(found), ensure_ascii=False, indent=2) if as_json else "\n".join(map(in_words, found))
    )
    if faults:
        click.echo(f"{faults} faults. Nothing can be published before they are mended.", err=True)
        sys.exit(1)


@packs.command("publish")
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--by", required=True, help="Login of the methodologist or CEC administrator who publishes.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def publish(folder: Path, by: str, as_json: bool) -> None:
    """Make a version of the course that never changes. The same content again makes none."""
    scope = scope_named(by)
    published = actions.publish_pack(pack=actions.load_pack(folder), by=scope)
    version = published.version
    data = {
        "course": version.course.code,
        "version": version.number,
        "new": published.is_new,
        "checksum": version.checksum,
    }
    said = "is published" if published.is_new else "says the same already; nothing was published"
    answer(data, as_json=as_json, words=f"{version.course.code}: version {version.number} {said}.")


@packs.command("export")
@click.argument("course")
@click.option("--out", required=True, type=FOLDER, help="A new folder for the pack.")
@click.option("--version", "number", type=int, default=None, help="Number of the version; the newest when not given.")
@in_app
def export(course: str, out: Path, number: int | None) -> None:
    """Write a published course as a pack that imports back the same."""
    found = queries.find_course(course)
    version = queries.find_newest_version(found.id) if found else None
    if number is not None and found is not None:
        version = next((one for one in queries.list_versions(found.id) if one.number == number), None)
    if version is None:
        raise Refused(f"There is no such version of a course '{course}'. Look at the courses page for what there is.")
    export_version(version, out)
    click.echo(f"{course}: version {version.number} is in {out}.")


def _as_data(found: list[Checked]) -> dict[str, Any]:
    return {
        "packs": [{**checked.pack.summary(), **checked.weak} for checked in found if checked.pack],
        "faults": [_as_row(fault) for checked in found for fault in checked.faults],
        "notes": [_as_row(note) for checked in found for note in checked.notes],
    }


def _as_row(fault: PackFault) -> dict[str, Any]:
    return {"file": str(fault.file), "line": fault.line, "sentence": fault.sentence}


COMMANDS = [packs]

"""Commands that keep an installation safe: backup, restore, and copying the database."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app

from lms.core.command import answer, bar, in_app, in_app_of_any_shape
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.operations.backup.manifest import Manifest
from lms.operations.backup.restoring import Restored, Wanted, check_backup, restore_backup
from lms.operations.backup.taking import Taken, take_backup
from lms.operations.copying import copy_database

if TYPE_CHECKING:
    from lms.retention.again import Again

PASSPHRASE = "CASCADE_PASSPHRASE"  # noqa: S105 - the name of the setting
FILE = click.Path(path_type=Path, dir_okay=False)
passphrase_file = click.option(
    "--passphrase-file",
    type=FILE,
    default=None,
    help="File whose first line is the passphrase; without it CASCADE_PASSPHRASE counts, or it is asked for.",
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--with-secrets", is_flag=True, help="Put the secrets in too, under a passphrase.")
@passphrase_file
@as_json_option
@in_app_of_any_shape
def backup(file: Path, with_secrets: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Write database and files into FILE while everything runs; with a passphrase the secrets too."""
    if passphrase_file is not None and not with_secrets:
        raise Refused("A passphrase is only used with --with-secrets.")
    passphrase = None
    if with_secrets:
        passphrase = read_passphrase(passphrase_file, new=True)
        if passphrase is None:
            raise Refused("Name a passphrase for the secrets: --passphrase-file FILE, or CASCADE_PASSPHRASE.")
    with bar() as progress:
        taken = take_backup(db.engine, _settings(), file, passphrase=passphrase, progress=progress)
    if taken.manifest.missing_files:
        click.echo(_missing(taken.manifest), err=True)
    answer({"file": str(file), "bytes": taken.size, **_told(taken.manifest)}, as_json=as_json, words=_in_words(taken))


@click.command("restore")
@click.argument("file", type=FILE)
@passphrase_file
@click.option("--over", is_flag=True, help="Over an installation that is not empty; what is there is kept beside.")
@click.option("--without-secrets", is_flag=True, help="Although the secrets here are others than the backup's.")
@click.option("--check", is_flag=True, help="Only say whether the file is whole; nothing changes.")
@as_json_option
@in_app_of_any_shape
def restore(
    file: Path, passphrase_file: Path | None, over: bool, without_secrets: bool, check: bool, as_json: bool
) -> None:
    """Bring this installation to what FILE holds: all of it, or on a refusal nothing. Stop the server first."""
    if check:
        with bar() as progress:
            manifest = check_backup(file, read_passphrase(passphrase_file, ask=False), progress)
        answer({"file": str(file), **_told(manifest)}, as_json=as_json, words=f"Whole: {_of(manifest)}")
        return
    wanted = Wanted(over=over, without_secrets=without_secrets)
    with bar() as progress:
        done = restore_backup(
            _settings(), file, wanted=wanted, passphrase=lambda: read_passphrase(passphrase_file), progress=progress
        )
    if done.manifest.missing_files:
        click.echo(_missing(done.manifest), err=True)
    from lms.commissions.permissions import SYSTEM  # only here: other commands start without the rooms
    from lms.retention.again import erase_again

    again = erase_again(by=SYSTEM)
    data = {"file": str(file), "kept": done.kept, "secrets_restored": done.secrets, **_told(done.manifest)}
    erased = {"erased_again": again.erased, "still_to_erase": again.hindered}
    answer({**data, **erased}, as_json=as_json, words=_restored_in_words(done, again))


@click.command("copy")
@click.option("--to", "url", required=True, help="The other database: postgresql://user@host/name or sqlite:////file.")
@as_json_option
@in_app
def copy(url: str, as_json: bool) -> None:
    """Copy every row into another, empty database, and compare. Stop the server first."""
    with bar() as progress:
        done = copy_database(_settings(), url, progress)
    rows = sum(one.rows for one in done.sums.values())
    tables = {name: {"rows": one.rows, "sha256": one.sha256} for name, one in done.sums.items()}
    words = (
        f"Copied and compared: {rows:,} rows of {len(tables)} tables, to {done.to}. This database is as it was. To use "
        "the copy, start everything with DATABASE_URL set to it; INSTANCE stays."
    )
    answer({"to": done.to, "rows": rows, "tables": tables}, as_json=as_json, words=words)


def read_passphrase(file: Path | None, *, new: bool = False, ask: bool = True) -> str | None:
    """The passphrase: of the file, of the environment, or asked for on a terminal (twice for a new one); None when
    there is none."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as fault:
            raise Refused(f"The passphrase cannot be read from {file}.") from fault
        if not lines or not lines[0]:
            raise Refused(f"The first line of {file} is empty: it holds no passphrase.")
        return lines[0]
    if os.environ.get("CASCADE_PASSPHRASE"):
        return os.environ["CASCADE_PASSPHRASE"]
    if ask and sys.stdin.isatty():
        found: str = click.prompt("Passphrase of the secrets", hide_input=True, confirmation_prompt=new, err=True)
        return found
    return None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _told(manifest: Manifest) -> dict[str, Any]:
    return {
        "moment": manifest.moment,
        "version": manifest.version,
        "revision": manifest.revision,
        "database": manifest.database,
        "rows": manifest.rows,
        "tables": {part.table.name: part.sum.rows for part in manifest.tables if part.sum.rows},
        "files": len(manifest.files),
        "missing_files": list(manifest.missing_files),
        "with_secrets": manifest.sealed,
    }


def _of(manifest: Manifest) -> str:
    secrets = "with the secrets" if manifest.sealed else "without the secrets"
    return f"{manifest.rows:,} rows and {len(manifest.files):,} files, {secrets}, as of {_moment(manifest)}."


def _moment(manifest: Manifest) -> str:
    return f"{manifest.moment[:19].replace('T', ' ')} UTC"


def _in_words(taken: Taken) -> str:
    words = f"{taken.path}: {_of(taken.manifest)} {taken.size / 1e6:.1f} MB."
    if not taken.manifest.sealed:
        words += " Keep INSTANCE/secrets apart: without it identity numbers cannot be read."
    return words


def _restored_in_words(done: Restored, again: Again) -> str:
    lines = [f"Restored: {_of(done.manifest)}"]
    if not done.before.is_empty:
        lines.append(f"What was here before: {done.before.in_words()}.")
    if done.kept:
        lines.append(f"It is kept beside: {done.kept}. Remove it when you are sure.")
    if done.secrets:
        lines.append("The secrets were put in place; the ones before lie beside them.")
    lines.append("Everybody is signed out: sessions that were ended since the backup do not live again.")
    if again.erased:
        lines.append(f"Personal data that was erased since the backup is erased again: {_people(again.erased)}.")
    if again.hindered:
        lines.append(
            f"Still to be erased again: {_people(again.hindered)}. They hold a seat or a role as of the backup, or "
            "stand in a roster that waits. End that; then the nightly run, or lms retention run, erases their data."
        )
    return "\n".join([*lines, "Start the server again. What is due by its term is erased tonight: lms retention run."])


def _people(ids: list[int]) -> str:
    return f"person {', '.join(map(str, ids))}" if len(ids) == 1 else f"people {', '.join(map(str, ids))}"


def _missing(manifest: Manifest) -> str:
    return (
        f"{len(manifest.missing_files)} stored files were missing or damaged on disk when the backup was made, and are "
        f"not in it: {', '.join(digest[:12] for digest in manifest.missing_files[:10])}"
    )

"""Take a backup while everything runs: one moment of the database, the files it names, and the secrets if asked for."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text

from lms.core import clock
from lms.core.command import Progress
from lms.core.config import Settings
from lms.core.database.rows.reading import one_moment, read_blocks
from lms.core.database.rows.tables import Table, count_rows, last_id, read_tables
from lms.core.database.shape import revision_of
from lms.core.documents.models import StoredFile
from lms.core.errors import Refused
from lms.core.occupancy import give_to_owner
from lms.core.settling import sync_folder
from lms.core.web.metrics import LAST_BACKUP
from lms.operations.backup.archive import Writer
from lms.operations.backup.manifest import FORMAT, Manifest, TablePart
from lms.operations.backup.sealing import check_passphrase, marks_of, read_secrets, seal


@dataclass(frozen=True)
class Taken:
    """A backup that was made."""

    path: Path
    size: int
    manifest: Manifest


def take_backup(engine: Engine, settings: Settings, path: Path, *, passphrase: str | None, progress: Progress) -> Taken:
    """A backup of the installation in `path`, on disk before this returns; with a passphrase its secrets too. Refused
    when there is such a file, when it cannot be written, or when there is nothing to back up."""
    if passphrase is not None:
        check_passphrase(passphrase)
    moment = clock.machine_time().isoformat()
    with new_file(path) as file:
        writer = Writer(file)
        try:
            with one_moment(engine) as connection:
                manifest = _write_rows_and_files(writer, connection, settings, moment, progress)
            secrets = read_secrets(settings.instance / "secrets")
            manifest = Manifest(**{**vars(manifest), "secrets": marks_of(secrets), "sealed": passphrase is not None})
            content = manifest.as_bytes()
            writer.finish(content, None if passphrase is None else seal(secrets, passphrase, bound=content))
        except BaseException:
            writer.abandon()
            raise
    (settings.instance / LAST_BACKUP).write_text(f"{moment}\n", encoding="utf-8")
    give_to_owner(settings.instance / LAST_BACKUP, settings.instance)
    return Taken(path, path.stat().st_size, manifest)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name only when it is whole and on disk, readable by its owner alone. Refused when there is
    one already or it cannot be written; then nothing is left of it."""
    if path.exists():
        raise Refused(f"{path} is there already. Name a file that is not there yet.")
    part = path.with_name(f"{path.name}.part")
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:  # noqa: PTH123 - with its rights
            _hold(file, path)
            file.truncate()
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                part.rename(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        sync_folder(path.parent)
    except OSError as fault:
        raise Refused(
            f"The backup could not be written to {path} ({fault.strerror or fault}). Nothing was kept of it."
        ) from fault


def _hold(file: IO[bytes], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(f"Another backup to {path} is being written. Name another file.") from None


def _write_rows_and_files(
    writer: Writer, connection: Connection, settings: Settings, moment: str, progress: Progress
) -> Manifest:
    """The rows first, then the files that they name: a stored file is on disk before its row is, and never changes."""
    tables, revision = read_tables(connection), revision_of(connection)
    if revision is None or not tables:
        raise Refused("There is nothing to back up: the database has no tables yet.")
    parts = _write_tables(writer, connection, tables, progress)
    files, missing = _write_files(writer, connection, settings, progress)
    return Manifest(
        format=FORMAT,
        version=version("cascade-lms"),
        revision=revision,
        database=connection.dialect.name,
        moment=moment,
        tables=parts,
        files=files,
        missing_files=missing,
        secrets={},
        sealed=False,
    )


def _write_tables(
    writer: Writer, connection: Connection, tables: list[Table], progress: Progress
) -> tuple[TablePart, ...]:
    total, done, parts = sum(count_rows(connection, table) for table in tables), 0, []
    for table in tables:
        added = writer.add_table(table.name, read_blocks(connection, table))
        parts.append(TablePart(table, added, last_id(connection, table)))
        done += added.rows
        progress("Rows", done, total)
    return tuple(parts)


def _write_files(
    writer: Writer, connection: Connection, settings: Settings, progress: Progress
) -> tuple[dict[str, int], tuple[str, ...]]:
    asked = text(f"SELECT DISTINCT sha256 FROM {StoredFile.__tablename__} ORDER BY 1")  # noqa: S608 - our own name
    digests = list(connection.scalars(asked))
    files, missing = {}, []
    for done, digest in enumerate(digests, start=1):
        size = writer.add_file(digest, settings.files / digest[:2] / digest)
        if size is None:
            missing.append(digest)
        else:
            files[digest] = size
        progress("Files", done, len(digests))
    return files, tuple(missing)

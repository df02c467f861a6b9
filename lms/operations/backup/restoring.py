"""Bring an installation back from a backup: everything is looked at first, made ready beside, then put in place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, Engine, delete, text

from lms.accounts.models import AccountSession
from lms.core import clock, occupancy
from lms.core.command import Progress
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.database.shape import known_revisions, newest_revision
from lms.core.errors import Refused
from lms.core.settling import PLAN, Move, Plan, settle, sync_file, sync_folder, write_plan
from lms.operations.backup.archive import Archive, digest_of
from lms.operations.backup.manifest import Manifest
from lms.operations.backup.sealing import marks_of, read_secrets
from lms.operations.backup.target import Standing, cleared_server, look_at, new_sqlite, remove_sqlite
from lms.operations.filling import Source, fill

READY = "restoring"
"""The folder in which files and secrets are made ready."""
Passphrase = Callable[[], str | None]
"""Asked only when it is needed; None when nobody has one."""


@dataclass(frozen=True)
class Wanted:
    """How a restore is to be done."""

    over: bool = False
    """Over an installation that has rows."""
    without_secrets: bool = False
    """Although the secrets here are others than those of the backup."""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    before: Standing
    kept: str
    """Where the old database is; empty when there was none."""
    secrets: bool
    """Whether the secrets were put in place too."""


def check_backup(path: Path, passphrase: str | None, progress: Progress) -> Manifest:
    """What a backup says of itself, once every part of it is checked, its secrets too when there is a passphrase."""
    with Archive(path) as archive:
        _check_revision(archive.manifest)
        if passphrase is not None and archive.manifest.sealed:
            archive.secrets(passphrase)
        archive.check(progress)
        return archive.manifest


def restore_backup(
    settings: Settings, path: Path, *, wanted: Wanted, passphrase: Passphrase, progress: Progress
) -> Restored:
    """The installation as the backup has it. Refused, and nothing has changed, when anything is not as it should be."""
    leave_database()
    with occupancy.alone(settings.instance), Archive(path) as archive:
        _check_revision(archive.manifest)
        before = look_at(db.engine)
        leave_database()
        if not before.is_empty and not wanted.over:
            raise Refused(
                f"This installation is not empty. It holds {before.in_words()}. The backup is of "
                f"{archive.manifest.moment[:19].replace('T', ' ')} UTC ({archive.manifest.rows:,} rows). To put it in "
                "the place of what is here now (which is kept beside): --over"
            )
        secrets = _secrets_to_place(archive, settings, wanted, passphrase)
        archive.check(progress)
        kept = _put(archive, settings, before, secrets, progress)
    return Restored(archive.manifest, before, kept, secrets is not None)


def leave_database() -> None:
    """Close every connection of this process: to the database, and of the queue."""
    db.session.remove()
    db.engine.dispose()
    close = getattr(current_app.extensions["huey"].storage, "close", None)
    if close:
        close()


def end_every_session(connection: Connection) -> None:
    """Sign everybody out: sessions that were ended since the backup must not live again."""
    connection.execute(delete(AccountSession))


def stamp(instance: Path) -> str:
    """The moment as a part of names; nothing in the folder bears it yet."""
    moment = clock.machine_time()
    while any(instance.glob(f"*.before-{moment:%Y%m%d-%H%M%S}")):
        moment += timedelta(seconds=1)
    return f"{moment:%Y%m%d-%H%M%S}"


def _check_revision(manifest: Manifest) -> None:
    if manifest.revision not in known_revisions():
        raise Refused(
            f"This backup is from newer code (version {manifest.version}, revision {manifest.revision}; this code "
            f"knows up to {newest_revision()}). Install that version, then restore. Nothing has changed."
        )


def _secrets_to_place(
    archive: Archive, settings: Settings, wanted: Wanted, passphrase: Passphrase
) -> dict[str, bytes] | None:
    """The secrets of the backup when they are to replace those here; None when those here stay."""
    here = marks_of(read_secrets(settings.instance / "secrets"))
    if all(here.get(name) == mark for name, mark in archive.manifest.secrets.items()) or wanted.without_secrets:
        return None
    given = passphrase() if archive.manifest.sealed else None
    if given is not None:
        return archive.secrets(given)
    what = "Name the passphrase they are under: --passphrase-file FILE, or CASCADE_PASSPHRASE."
    if not archive.manifest.sealed:
        what = f"Put the right ones into {settings.instance / 'secrets'} first."
    raise Refused(
        "The secrets of this installation are others than those of the backup: identity numbers could not be read, "
        f"nobody's slip or second step would work, and certificates would not match. {what} To restore all the same: "
        "--without-secrets"
    )


def _put(
    archive: Archive, settings: Settings, before: Standing, secrets: dict[str, bytes] | None, progress: Progress
) -> str:
    instance, now = settings.instance, stamp(settings.instance)
    with _ready_folder(instance) as ready:
        _put_files(archive, settings, ready, progress)
        moves = [] if secrets is None else [_ready_secrets(secrets, settings, ready, now)]
        source = _source_of(archive)
        if settings.is_sqlite:
            place = Path(db.engine.url.database or "")
            move = Move(f"{place}.restoring", str(place), f"{place}.before-{now}")
            with new_sqlite(Path(move.new)) as connection:
                fill(connection, source, progress)
                end_every_session(connection)
            write_plan(instance, Plan([move, *moves]))
            kept = move.old
        else:
            kept = _into_server(db.engine, settings, before, source, moves, now, progress)
        settle(instance, settings.database_url)
    if settings.is_sqlite and before.is_empty:
        remove_sqlite(Path(kept))
    return "" if before.is_empty else kept


def _into_server(
    engine: Engine,
    settings: Settings,
    before: Standing,
    source: Source,
    moves: list[Move],
    now: str,
    progress: Progress,
) -> str:
    aside, token = f"before_{now.replace('-', '_')}", f"restored {now}"
    with cleared_server(engine, before, aside=aside) as connection:
        fill(connection, source, progress)
        end_every_session(connection)
        connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{token}'"))
        if moves:
            write_plan(settings.instance, Plan(moves, token))
    leave_database()
    return f"schema {aside}"


def _source_of(archive: Archive) -> Source:
    manifest = archive.manifest
    return Source(
        revision=manifest.revision,
        tables=[part.table for part in manifest.tables],
        blocks=archive.blocks,
        last_ids={part.table.name: part.last_id for part in manifest.tables},
        rows=manifest.rows,
    )


@contextmanager
def _ready_folder(instance: Path) -> Iterator[Path]:
    ready = instance / READY
    shutil.rmtree(ready, ignore_errors=True)
    try:
        ready.mkdir(mode=0o700)
        yield ready
    except OSError as fault:
        raise Refused(f"The restore could not write to {instance} ({fault.strerror}). Nothing has changed.") from fault
    finally:
        if not (instance / PLAN).exists():
            shutil.rmtree(ready, ignore_errors=True)


def _put_files(archive: Archive, settings: Settings, ready: Path, progress: Progress) -> None:
    """Stored files go in first: nobody names them yet, and one that is there already is the same one."""
    made, files = [], archive.manifest.files
    for done, digest in enumerate(files):
        place = settings.files / digest[:2] / digest
        if not place.exists() or digest_of(place) != digest:
            archive.copy_file(digest, ready / digest)
            made.append((ready / digest, place))
        progress("Files", done, len(files))
    with ThreadPoolExecutor(16) as waiting:  # disks take many waits at once
        list(waiting.map(sync_file, (new for new, _place in made)))
    for new, place in made:
        place.parent.mkdir(parents=True, exist_ok=True)
        for folder in (settings.files, place.parent):
            occupancy.give_to_owner(folder, settings.instance)
        new.replace(place)
        occupancy.give_to_owner(place, settings.instance)
    for folder in {place.parent for _new, place in made}:
        sync_folder(folder)


def _ready_secrets(secrets: dict[str, bytes], settings: Settings, ready: Path, now: str) -> Move:
    new, place = ready / "secrets", settings.instance / "secrets"
    new.mkdir(mode=0o700)
    for name, content in secrets.items():
        with open(os.open(new / Path(name).name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(content)
            os.fsync(file.fileno())
        occupancy.give_to_owner(new / name, settings.instance)
    occupancy.give_to_owner(new, settings.instance)
    sync_folder(new)
    return Move(str(new), str(place), f"{place}.before-{now}")

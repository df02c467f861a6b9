"""A backup brings everything back; whatever is wrong with it, nothing is half done."""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lms.core import clock, occupancy
from lms.core.audit.actions import record
from lms.core.database.base import db
from lms.core.database.shape import newest_revision
from lms.core.documents.models import StoredFile
from lms.core.documents.storage import path_of, read, store
from lms.core.errors import Refused
from lms.curriculum.models import CourseVersion
from lms.operations.backup import archive, restoring
from lms.operations.backup.restoring import Wanted, check_backup, restore_backup
from lms.operations.backup.sealing import marks_of, read_secrets
from lms.operations.backup.taking import take_backup
from lms.people.models import Person
from tests.factories.installations import NewInstallation
from tests.operations.conftest import PASSPHRASE, quietly, settings_of, sums_of


def restore(app: Flask, path: Path, *, passphrase: str | None = PASSPHRASE, **wanted: bool) -> restoring.Restored:
    """A restore into an installation."""
    with app.app_context():
        return restore_backup(
            settings_of(app), path, wanted=Wanted(**wanted), passphrase=lambda: passphrase, progress=quietly
        )


def state_of(app: Flask) -> tuple[object, ...]:
    """Everything that must stay when a restore is refused."""
    instance = settings_of(app).instance
    with app.app_context():
        tables = sums_of(app)
        db.session.remove()
        db.engine.dispose()
    return tables, marks_of(read_secrets(instance / "secrets")), sorted(path.name for path in leftovers(instance))


def leftovers(instance: Path) -> list[Path]:
    """What does not belong to an installation at rest."""
    return [path for path in instance.iterdir() if "restor" in path.name or "before" in path.name]


def test_everything_comes_back_in_an_empty_place(source: Flask, backup: Path, new: NewInstallation) -> None:
    target = new()
    done = restore(target, backup)
    assert sums_of(target) == sums_of(source)
    assert done.secrets
    assert done.kept == ""
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    here, there = settings_of(source).instance, settings_of(target).instance
    assert read_secrets(there / "secrets") == read_secrets(here / "secrets")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (there / "secrets").iterdir()} == {0o600}
    with target.app_context():
        stored = list(db.session.scalars(select(StoredFile.id)))
        assert stored
        assert all(read(one)[1] for one in stored)


def test_numbers_go_on_and_published_rows_stay_frozen(backup: Path, new: NewInstallation) -> None:
    target = new()
    restore(target, backup)
    with target.app_context():
        highest = db.session.scalar(select(func.max(Person.id))) or 0
        person = Person(surname="Жаңа", given_name="Адам", created_at=clock.now())
        db.session.add(person)
        db.session.flush()
        assert person.id == highest + 1
        with pytest.raises(DBAPIError, match="never change"):
            db.session.execute(text(f"UPDATE {CourseVersion.__tablename__} SET number = 9"))  # noqa: S608
        db.session.rollback()


def test_a_live_installation_is_replaced_only_when_told_and_kept_beside(backup: Path, new: NewInstallation) -> None:
    target = new()
    restore(target, backup)
    first = sums_of(target)
    with target.app_context():
        record("tests.later", by=nobody(), subject="since:1")
        db.session.commit()
    with pytest.raises(Refused, match=r"not empty.*person \d+.*newest of 20.*--over"):
        restore(target, backup)
    assert sums_of(target) != first
    done = restore(target, backup, over=True)
    assert sums_of(target) == first
    assert done.before.newest is not None
    assert since_in(target, done.kept) == 1
    instance = settings_of(target).instance
    if settings_of(target).is_sqlite:
        Path(done.kept).unlink()
    assert leftovers(instance) == list(instance.glob("secrets.before-*"))


def since_in(app: Flask, kept: str) -> int:
    """How many entries written after the backup stand in the old database."""
    if not kept.startswith("schema"):
        import sqlite3

        connection = sqlite3.connect(kept)
        found = connection.execute("SELECT count(*) FROM audit_entry WHERE subject = 'since:1'").fetchone()[0]
        connection.close()
        return int(found)
    with app.app_context():
        statement = f"SELECT count(*) FROM {kept.removeprefix('schema ')}.audit_entry WHERE subject = 'since:1'"  # noqa: S608
        return int(db.session.scalar(text(statement)) or 0)


def nobody() -> object:
    """The system itself."""
    from lms.commissions.permissions import SYSTEM

    return SYSTEM


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 300)


def cut_short(path: Path) -> None:
    os.truncate(path, 900)


def no_backup(path: Path) -> None:
    path.write_bytes(b"surname;given name\n" * 50)


def flip(path: Path) -> None:
    """One bit of the biggest table's part."""
    with zipfile.ZipFile(path) as opened:
        biggest = max(opened.infolist(), key=lambda info: info.compress_size)
    with path.open("r+b") as file:
        place = biggest.header_offset + 100 + biggest.compress_size // 2
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 4]))


def rewritten(change: Callable[[str, bytes], bytes]) -> Callable[[Path], None]:
    """Every part written anew, as somebody would who knows the format but not its checksums."""

    def rewrite(path: Path) -> None:
        with zipfile.ZipFile(path) as opened:
            parts = [(name, opened.read(name)) for name in opened.namelist()]
        with zipfile.ZipFile(path, "w") as made:
            for name, content in parts:
                made.writestr(zipfile.ZipInfo(name), change(name, content))

    return rewrite


def other_format(name: str, content: bytes) -> bytes:
    return b"2\n" if name == archive.NAME else content


def other_row(name: str, content: bytes) -> bytes:
    return content.replace("Құпиянова".encode(), "Басқаеваа".encode()) if name == "tables/person.copy" else content


def other_manifest(name: str, content: bytes) -> bytes:
    revision = f'"{newest_revision()}"'.encode()
    return content.replace(revision, b'"0000"') if name == archive.MANIFEST else content


def newer(name: str, content: bytes) -> bytes:
    """As a version yet to come would write it, its checksums right."""
    import hashlib

    if name == archive.MANIFEST:
        return newer_manifest(content)
    if name == archive.END:
        return json.dumps({"manifest": hashlib.sha256(newer_manifest(NEWER["manifest"])).hexdigest()}).encode()
    return content


NEWER: dict[str, bytes] = {}


def newer_manifest(content: bytes) -> bytes:
    NEWER["manifest"] = content
    return json.dumps({**json.loads(content), "revision": "9999"}).encode()


BROKEN = {
    "cut off": (cut, "is cut off"),
    "cut off early": (cut_short, "is cut off"),
    "no backup": (no_backup, "is no backup"),
    "a bit flipped": (flip, "is damaged"),
    "another format": (rewritten(other_format), r"another format \(2"),
    "a row changed": (rewritten(other_row), r"is damaged \(part tables/person"),
    "a manifest changed": (rewritten(other_manifest), r"is damaged \(part manifest"),
    "from newer code": (rewritten(newer), "from newer code"),
}


@pytest.mark.parametrize(("broken", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_backup_changes_nothing(
    backup: Path, source: Flask, tmp_path: Path, broken: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / "broken.cascade"
    shutil.copy(backup, path)
    broken(path)
    before = state_of(source)
    with pytest.raises(Refused, match=sentence):
        restore(source, path, over=True)
    assert state_of(source) == before


def test_a_file_that_is_not_there_is_told(source: Flask, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        restore(source, tmp_path / "none")


def test_other_secrets_need_the_passphrase(source: Flask, backup: Path, new: NewInstallation) -> None:
    target = new()
    before = marks_of(read_secrets(settings_of(target).instance / "secrets"))
    with pytest.raises(Refused, match=r"others than those of the backup.*--passphrase-file.*--without-secrets"):
        restore(target, backup, passphrase=None)
    with pytest.raises(Refused, match="not the one of this backup"):
        restore(target, backup, passphrase="another one altogether")
    assert sums_of(target) == {}
    restore(target, backup, passphrase=None, without_secrets=True)
    assert marks_of(read_secrets(settings_of(target).instance / "secrets")) == before
    assert sums_of(target) == sums_of(source)


def test_secrets_never_stand_in_a_backup_openly(source: Flask, backup: Path, tmp_path: Path) -> None:
    secrets = read_secrets(settings_of(source).instance / "secrets")
    with zipfile.ZipFile(backup) as opened:
        content = b"".join(opened.read(name) for name in opened.namelist())
    assert len(secrets) >= 4
    assert [name for name, secret in secrets.items() if secret.strip() in content] == []
    with source.app_context():
        bare = tmp_path / "bare.cascade"
        taken = take_backup(db.engine, settings_of(source), bare, passphrase=None, progress=quietly)
    assert not taken.manifest.sealed
    with zipfile.ZipFile(bare) as opened:
        assert archive.SECRETS not in opened.namelist()


def test_a_short_passphrase_is_refused(source: Flask, tmp_path: Path) -> None:
    with source.app_context(), pytest.raises(Refused, match="too short"):
        take_backup(db.engine, settings_of(source), tmp_path / "x", passphrase="short", progress=quietly)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_never_written_over_another(source: Flask, backup: Path) -> None:
    before = backup.read_bytes()
    with source.app_context(), pytest.raises(Refused, match="there already"):
        take_backup(db.engine, settings_of(source), backup, passphrase=None, progress=quietly)
    assert backup.read_bytes() == before


def test_a_full_disk_leaves_no_backup_behind(source: Flask, tmp_path: Path) -> None:
    """The kernel itself refuses to let the file grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with source.app_context(), pytest.raises(Refused, match="could not be written"):
            take_backup(db.engine, settings_of(source), tmp_path / "full", passphrase=None, progress=quietly)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_a_restore_onto_a_full_disk_changes_nothing(
    source: Flask, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of(source)
    real = restoring.fill

    def full(*words: object) -> object:
        real(*words)  # type: ignore[arg-type]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "fill", full)
    with pytest.raises(Refused, match="No space left on device"):
        restore(source, backup, over=True)
    assert state_of(source) == before


def test_a_running_server_is_seen(source: Flask, backup: Path) -> None:
    import subprocess
    import sys

    instance = settings_of(source).instance
    hold = "import sys; from pathlib import Path; from lms.core.occupancy import enter; enter(Path(sys.argv[1])); "
    command = [sys.executable, "-c", hold + "print('in', flush=True); sys.stdin.read()", str(instance)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"in\n"
        before = sums_of(source)
        with pytest.raises(Refused, match="Stop it first"):
            restore(source, backup, over=True)
        assert sums_of(source) == before
        server.communicate()
    with occupancy.alone(instance):
        pass


def test_a_missing_stored_file_is_told_and_does_not_stop_the_backup(new: NewInstallation, tmp_path: Path) -> None:
    from flask_migrate import upgrade

    app = new()
    with app.app_context():
        upgrade()
        whole = store(b"whole", name="a.txt", media_type="text/plain").sha256
        gone = store(b"gone", name="b.txt", media_type="text/plain").sha256
        db.session.commit()
        path_of(gone).unlink()
        taken = take_backup(db.engine, settings_of(app), tmp_path / "x", passphrase=None, progress=quietly)
    assert list(taken.manifest.files) == [whole]
    assert taken.manifest.missing_files == (gone,)
    assert check_backup(tmp_path / "x", None, quietly).missing_files == (gone,)

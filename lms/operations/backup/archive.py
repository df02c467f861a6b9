"""The file of a backup: a ZIP that any tool opens, with an end mark over all of it.

First comes a name by which the file is known, then a part for each table and each stored file, the manifest with the
checksum of every part, the sealed secrets, and at last the end mark with the checksum of the manifest.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lms.core.command import Progress
from lms.core.database.rows.reading import Sum, Summing
from lms.core.database.rows.tables import Table
from lms.core.errors import Refused
from lms.operations.backup.manifest import FORMAT, Manifest, read_manifest
from lms.operations.backup.sealing import unseal

NAME, MANIFEST, SECRETS, END = "CASCADE-BACKUP", "manifest.json", "secrets.sealed", "END"
CHUNK = 1 << 17
"""Bytes read at once: bigger blocks of rows are slower to take apart."""
LEVEL = 1
"""Of deflate: the quickest; higher ones take thrice the time for a tenth of the size."""


class Writer:
    """Writes the parts in their order."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL)
        self._zip.writestr(ZipInfo(NAME), f"{FORMAT}\n")

    def add_table(self, name: str, blocks: Iterator[bytes]) -> Sum:
        """Write a table's lines; their sum."""
        summing = Summing()
        with self._zip.open(_info(table_part(name), ZIP_DEFLATED), "w", force_zip64=True) as part:
            for block in summing.passing(blocks):
                part.write(block)
        return summing.sum

    def add_file(self, digest: str, path: Path) -> int | None:
        """Write a stored file; its size, or None when it is missing or is not what its checksum says."""
        if not path.exists() or digest_of(path) != digest:
            return None
        self._zip.write(path, file_part(digest), ZIP_STORED)
        return path.stat().st_size

    def finish(self, manifest: bytes, sealed: bytes | None) -> None:
        """Write manifest, secrets and the end mark."""
        self._zip.writestr(_info(MANIFEST, ZIP_DEFLATED), manifest)
        if sealed is not None:
            self._zip.writestr(_info(SECRETS, ZIP_STORED), sealed)
        marks = {"manifest": hashlib.sha256(manifest).hexdigest()}
        self._zip.writestr(_info(END, ZIP_STORED), json.dumps(marks))
        self._zip.close()

    def abandon(self) -> None:
        """Write nothing more, not even what a ZIP ends with."""
        self._zip.fp = None


class Archive:
    """A backup that is read. Raises Refused when the file is none, is cut off, or is of another format."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_name(path)
        try:
            self._zip = ZipFile(path)
            names = self._zip.namelist()
        except (BadZipFile, ValueError, EOFError):
            names = []
        if names[:1] != [NAME] or names[-1] != END:
            raise Refused(
                f"{path} is cut off: it has no end mark. Nothing has changed. Take another copy of this backup, or the "
                "one before it."
            )
        self.manifest_bytes, self.manifest = self._read_manifest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._zip.close()

    def blocks(self, table: Table) -> Iterator[bytes]:
        """The lines of a table, whole lines at a time."""
        rest = b""
        with self._open(table_part(table.name)) as part:
            while chunk := part.read(CHUNK):
                whole, line_end, begun = (rest + chunk).rpartition(b"\n")
                if line_end:
                    yield whole + line_end
                rest = begun
        if rest:
            raise self._damaged(table_part(table.name))

    def copy_file(self, digest: str, place: Path) -> None:
        """Write a stored file to a place."""
        with self._open(file_part(digest)) as part, place.open("xb") as file:
            while chunk := part.read(CHUNK):
                file.write(chunk)

    def secrets(self, passphrase: str) -> dict[str, bytes]:
        """The secrets, opened. Raises Refused when the passphrase is another."""
        with self._open(SECRETS) as part:
            return unseal(part.read(), passphrase, bound=self.manifest_bytes)

    def check(self, progress: Progress) -> None:
        """Read every part and compare its checksum. Raises Refused at the first that differs."""
        done, total = 0, self.manifest.rows + len(self.manifest.files)
        for part in self.manifest.tables:
            summing = Summing()
            for _block in summing.passing(self.blocks(part.table)):
                progress("Checking the backup", done + summing.rows, total)
            if summing.sum != part.sum:
                raise self._damaged(table_part(part.table.name))
            done += summing.rows
        for digest in self.manifest.files:
            with self._open(file_part(digest)) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                    raise self._damaged(file_part(digest))
            done += 1
            progress("Checking the backup", done, total)

    def _read_manifest(self) -> tuple[bytes, Manifest]:
        with self._open(NAME) as part:
            said = part.read(20).decode("ascii", "replace").strip()
        if said != str(FORMAT):
            raise Refused(
                f"{self.path} is a backup of another format ({said}; this version reads {FORMAT}). Restore it with the "
                "version of Cascade that made it."
            )
        with self._open(END) as part, self._open(MANIFEST) as described:
            content, end = described.read(), part.read()
        try:
            if json.loads(end)["manifest"] == hashlib.sha256(content).hexdigest():
                return content, read_manifest(content)
        except (KeyError, TypeError, ValueError):
            pass
        raise self._damaged(MANIFEST)

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(name) as part:
                yield part
        except (BadZipFile, KeyError, EOFError, zlib.error, NotImplementedError):
            raise self._damaged(name) from None

    def _damaged(self, part: str) -> Refused:
        return Refused(
            f"{self.path} is damaged (part {part}). Nothing has changed. Take another copy of this backup, or the one "
            "before it."
        )


def table_part(name: str) -> str:
    """The name of a table's part."""
    return f"tables/{name}.copy"


def file_part(digest: str) -> str:
    """The name of a stored file's part."""
    return f"files/{digest}"


def _info(name: str, compression: int) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type, info.external_attr = compression, 0o600 << 16
    info._compresslevel = LEVEL  # type: ignore[attr-defined]
    return info


def digest_of(path: Path) -> str:
    """The SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_name(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begin = file.read(30 + len(NAME))
    except OSError as fault:
        raise Refused(f"{path} cannot be read ({fault.strerror}).") from None
    if begin[:4] != b"PK\x03\x04" or begin[30:] != NAME.encode():
        raise Refused(f"{path} is no backup of Cascade. Name a file that `lms backup` made.")

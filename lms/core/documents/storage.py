"""Keep files and give them back, checked."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from flask import current_app

from lms.core import clock
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.documents.models import StoredFile
from lms.core.errors import NotFound


def store(content: bytes, *, name: str, media_type: str) -> StoredFile:
    """The stored file of `content`, on disk before this returns; its row is flushed, not committed."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if target.exists():
        os.utime(target)  # young again: what nobody names is removed only when it is old
    else:
        _write(target, content)
    row = StoredFile(name=name, media_type=media_type, size=len(content), sha256=digest, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row


def read(file_id: int) -> tuple[StoredFile, bytes]:
    """A stored file and its content. Raises NotFound when it is missing or does not match its checksum."""
    row = db.session.get(StoredFile, file_id)
    if row is None:
        raise NotFound
    target = path_of(row.sha256)
    content = target.read_bytes() if target.exists() else b""
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotFound(f"The stored file {row.id} is damaged or missing.")
    return row, content


def path_of(digest: str) -> Path:
    """Where content with this SHA-256 lies."""
    settings: Settings = current_app.extensions["settings"]
    return settings.files / digest[:2] / digest


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(target)

"""Take stored files away: the row now, the content from the disk once that is committed.

What was left on the disk, by a process that was killed between the two or whose row was never committed, is found
later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.database.due import Keys, count_done
from lms.core.documents.models import StoredFile
from lms.core.documents.storage import path_of

TO_REMOVE = "files_to_remove"
BATCH = 500


def remove(file_ids: Sequence[int]) -> None:
    """Delete stored files; nothing may refer to them any more. Content that another row names stays."""
    db.session.flush()
    going = StoredFile.id.in_(file_ids)
    digests = set(db.session.scalars(select(StoredFile.sha256).where(going)))
    db.session.execute(delete(StoredFile).where(going))
    named = set(db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(digests))))
    db.session.info.setdefault(TO_REMOVE, []).extend(path_of(digest) for digest in sorted(digests - named))


def remove_with_documents(model: Any, ids: Keys) -> int:
    """Delete rows of a table by their ids, and the stored files that they name as their `document_id`; how many."""
    going = model.id.in_(ids)
    documents = db.session.scalars(select(model.document_id).where(going)).all()
    gone = count_done(delete(model).where(going))
    remove([one for one in documents if one is not None])
    return gone


@event.listens_for(Session, "after_commit")
def _remove_content(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for path in session.info.pop(TO_REMOVE, ()):
        with suppress(OSError):  # found later, as what nobody names
            path.unlink(missing_ok=True)


@event.listens_for(Session, "after_soft_rollback")
def _keep_content(session: Session, _previous: object) -> None:
    session.info.pop(TO_REMOVE, None)


class UnnamedContent:
    """Files among the stored ones that no row names, half written ones too, by folder and name; once they were not
    touched since a moment."""

    by_machine = True

    def count(self, before: datetime) -> int:
        """How many there are."""
        return sum(1 for _name in self._find(before))

    def list(self, before: datetime, most: int, after: Any) -> Sequence[Any]:
        """Some of them, rising."""
        return sorted(name for name in self._find(before) if after is None or name > after)[:most]

    def erase(self, keys: Sequence[Any], before: datetime) -> int:
        """Remove those that nobody names still."""
        named = _named(keys)
        going = [_folder() / key for key in keys if key not in named and _is_old(_folder() / key, before)]
        for path in going:
            path.unlink(missing_ok=True)
        return len(going)

    def _find(self, before: datetime) -> Iterator[str]:
        old = (f"{path.parent.name}/{path.name}" for path in _folder().glob("??/*") if _is_old(path, before))
        while names := list(islice(old, BATCH)):
            named = _named(names)
            yield from (name for name in names if name not in named)


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.files


def _named(names: Sequence[str]) -> set[str]:
    digests = [name.partition("/")[2] for name in names]
    named = db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(digests)))
    return {f"{digest[:2]}/{digest}" for digest in named}


def _is_old(path: Path, before: datetime) -> bool:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    except OSError:
        return False

"""What a backup says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from lms.core.database.rows.reading import Sum
from lms.core.database.rows.tables import Column, Kind, Table

FORMAT = 1


@dataclass(frozen=True)
class TablePart:
    """A table in the backup: its shape, its sum, and the last id given to a row."""

    table: Table
    sum: Sum
    last_id: int | None


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `moment` is the newest anything in it can be (ISO, UTC)."""

    format: int
    version: str
    revision: str
    database: str
    moment: str
    tables: tuple[TablePart, ...]
    files: dict[str, int]
    """Stored files: SHA-256 and size."""
    missing_files: tuple[str, ...]
    """Stored files that were missing or damaged on disk already when the backup was made."""
    secrets: dict[str, str]
    """The mark of each secret of the installation."""
    sealed: bool
    """Whether the secrets themselves are in the backup, under a passphrase."""

    @property
    def rows(self) -> int:
        """Rows in all."""
        return sum(part.sum.rows for part in self.tables)

    def as_bytes(self) -> bytes:
        """The manifest as it stands in the file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def read_manifest(content: bytes) -> Manifest:
    """The manifest of these bytes. Raises KeyError, TypeError or ValueError when they are none."""
    kept: dict[str, Any] = json.loads(content)
    kept["tables"] = tuple(_part(part) for part in kept["tables"])
    kept["missing_files"] = tuple(kept["missing_files"])
    return Manifest(**kept)


def _part(kept: dict[str, Any]) -> TablePart:
    table = kept["table"]
    columns = tuple(Column(column["name"], Kind(column["kind"])) for column in table["columns"])
    return TablePart(Table(table["name"], columns, tuple(table["key"])), Sum(**kept["sum"]), kept["last_id"])

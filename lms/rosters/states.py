"""Where an import stands."""

from __future__ import annotations

from enum import StrEnum


class ImportState(StrEnum):
    """uploaded -> read -> applied -> undone (which may be read again); or failed, when the file cannot be read."""

    UPLOADED = "uploaded"
    READ = "read"
    APPLIED = "applied"
    UNDONE = "undone"
    FAILED = "failed"

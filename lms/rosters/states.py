"""Where an import stands."""

from __future__ import annotations

from enum import StrEnum


class ImportState(StrEnum):
    """uploaded -> read -> applied -> undone (which may be read again); or failed, when the file cannot be read.
    What is not applied may be discarded, which is the end."""

    UPLOADED = "uploaded"
    READ = "read"
    APPLIED = "applied"
    UNDONE = "undone"
    DISCARDED = "discarded"
    FAILED = "failed"

"""Structured logs on standard error: one JSON object a line, no personal data, no values of variables."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Errors:
    """Standard error as a place for logs: a line that cannot be written (disk full, nobody reads) is lost, and whoever
    wrote it goes on."""

    def write(self, said: str) -> None:
        """Write, if it can be."""
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(said)

    def flush(self) -> None:
        """Send on, if it can be."""
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()


def set_up_logging() -> None:
    """Configure structlog once."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, Errors())),
        cache_logger_on_first_use=False,
    )

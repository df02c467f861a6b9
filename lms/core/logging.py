"""Structured logs on standard error: one JSON object a line, no personal data, no values of variables."""

from __future__ import annotations

import sys

import structlog


def set_up_logging() -> None:
    """Configure structlog once."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )

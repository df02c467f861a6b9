"""What is due each minute, beside the worker: a long job keeps nobody's test open."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

EVERY = 60.0
"""Seconds between two beginnings."""
log = structlog.get_logger(__name__)


def begin_ticking(work: Callable[[], None]) -> threading.Thread:
    """Have `work` done now and each minute from now on, in a thread that ends with the process."""
    thread = threading.Thread(target=keep_ticking, args=(work, threading.Event()), name="ticking", daemon=True)
    thread.start()
    return thread


def keep_ticking(work: Callable[[], None], stop: threading.Event) -> None:
    """Do `work` each minute until told to stop; what fails is done again the next minute."""
    while True:
        try:
            work()
        except Exception:
            log.exception("minute_failed")
        if stop.wait(EVERY):
            return

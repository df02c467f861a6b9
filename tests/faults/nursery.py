"""Start servers quickly: a process that has everything imported and forks one on demand. For the suite's smokes only.

Each line on standard input is an order: {"app": ..., "words": [...], "environment": {...}, "log": ...}; each answer the
process id of the gunicorn that was forked.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from pkgutil import iter_modules
from typing import Any, NoReturn


def main() -> None:
    """Take orders until standard input ends."""
    bring_in_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            become_server(order)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def bring_in_everything() -> None:
    """Import what a server needs, and have the mappers ready."""
    import gunicorn.workers.gthread  # type: ignore[import-untyped]  # noqa: F401
    from sqlalchemy.orm import configure_mappers

    import tests.faults.planted
    import tests.faults.planted_sign_in  # noqa: F401 - servers with faults are started as quickly
    from lms.app import ROOMS

    for room in ROOMS:
        present = {found.name for found in iter_modules(importlib.import_module(f"lms.{room}").__path__)}
        for part in {"models", "tasks", "views"} & present:
            importlib.import_module(f"lms.{room}.{part}")
    configure_mappers()


def become_server(order: dict[str, Any]) -> NoReturn:
    """This process becomes the gunicorn of the order."""
    from gunicorn.app.wsgiapp import run  # type: ignore[import-untyped]

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["gunicorn", *order["words"]]
    try:
        run()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()

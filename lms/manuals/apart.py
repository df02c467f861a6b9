"""Build a manual in a process of its own: it yields to all other work on the machine and gives its memory back.

The process is this file, started as a program. It is told the book on its standard input and answers on its standard
output: the number of each page that is laid out, at last the manual.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from typing import Any, BinaryIO

from lms.core.documents.pdf import LaidOut
from lms.manuals.book import Book
from lms.manuals.building import Built, build
from lms.manuals.rules import Format

PATIENCE = 15
"""How far it steps back behind everything else (`nice`)."""


def build_apart(book: Book, format: Format, *, a5: bytes | None, laid_out: LaidOut) -> Built:
    """The manual in a format; see `building.build`. RuntimeError when its process died."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        try:
            assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - pipes were asked for
            pickle.dump((book, format, a5), child.stdin)
            child.stdin.close()
            while isinstance(said := _hear(child.stdout), int):
                laid_out(said)
        finally:
            child.kill()
    if not isinstance(said, Built):
        raise RuntimeError(f"The process that builds a manual died ({book.code}, {book.language}, {format}).")
    return said


def main() -> None:
    """Be the process: read the book, build, answer."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C reaches it too: it ends without a word
    os.nice(PATIENCE)
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    book, format, a5 = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own worker
    _say(answers, build(book, format, a5=a5, laid_out=lambda page: _say(answers, page)))


def _say(answers: BinaryIO, what: int | Built) -> None:
    pickle.dump(what, answers)
    answers.flush()


def _hear(answers: Any) -> int | Built | None:
    """The next answer; None when there is none."""
    try:
        said: int | Built = pickle.load(answers)  # noqa: S301 - from our own process
    except (EOFError, pickle.UnpicklingError):
        return None
    return said


if __name__ == "__main__":
    main()

"""What every `lms` command shares: the app around it, one commit, answers as JSON, refusals as a sentence."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click
from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from lms.core.database.base import db
from lms.core.database.shape import Shape, check_shape
from lms.core.database.trouble import Trouble, is_without_tables, trouble_of
from lms.core.errors import CascadeError, Unrecorded
from lms.core.jobs.queue import call_worker

if TYPE_CHECKING:
    from rich.progress import TaskID

P = ParamSpec("P")
R = TypeVar("R")
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""
TROUBLES: Mapping[Trouble, str] = MappingProxyType(
    {
        Trouble.AWAY: "The database cannot be reached. Look whether it runs and whether DATABASE_URL names it.",
        Trouble.READ_ONLY: "The database takes no writes: a standby, or a file without the right to write. "
        "Nothing has changed.",
        Trouble.BUSY: "The database is busy: somebody holds it. Nothing has changed. Try again in a minute.",
        Trouble.FULL: "The disk of the database is full. Nothing has changed. Make room, then try again.",
        Trouble.DAMAGED: "The database's file is damaged. Stop the server, keep the file, and restore a backup "
        "(lms restore FILE --over).",
    }
)


def in_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the app: committed when it ends well; on a refusal nothing has happened, the sentence goes
    to standard error and the exit status is 1. So it is when the database is older or newer than the code, or does not
    serve. The root command keeps the app's factory as its object."""
    return _run_in_app(command, check_shape)


def in_app_of_any_shape(command: Callable[P, R]) -> Callable[P, R]:
    """The same for the few commands that are meant for a database of another shape than the code's."""
    return _run_in_app(command, lambda _engine: Shape.CURRENT)


def _run_in_app(command: Callable[P, R], check: Callable[[Engine], Shape | None]) -> Callable[P, R]:
    @functools.wraps(command)
    def run(*args: P.args, **values: P.kwargs) -> R:
        shape: Shape | None = Shape.CURRENT
        try:
            if current_app:
                return _do(command, *args, **values)
            with click.get_current_context().find_root().obj().app_context():
                shape = check(db.engine)
                return _do(command, *args, **values)
        except (CascadeError, Unrecorded) as refusal:
            _stop(refusal.sentence or "There is no such thing.")
        except Exception as error:
            sentence = trouble_sentence(error, shape)
            if sentence is None:
                raise
            _stop(sentence)

    return run


def _do(command: Callable[P, R], *args: P.args, **values: P.kwargs) -> R:
    try:
        result = command(*args, **values)
        db.session.commit()
        call_worker()
        return result
    except BaseException:
        with suppress(SQLAlchemyError):
            db.session.rollback()
        raise


def trouble_sentence(error: BaseException, shape: Shape | None) -> str | None:
    """What is wrong with the database when a command met this error; None when the error is something else."""
    if shape is Shape.NONE and is_without_tables(error):
        return "The database has no tables yet. Run: lms db upgrade"
    trouble = trouble_of(error)
    return None if trouble is None else TROUBLES[trouble]


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


@contextmanager
def bar() -> Iterator[Progress]:
    """A progress bar on standard error where that is a terminal, called with (what, done, total); nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console  # only here: most commands show none
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield progress


def warn_of_own_address() -> None:
    """Say, before something is printed, that its address works on this machine only; nothing when others reach it."""
    own: str | None = current_app.extensions["settings"].own_address
    if own is not None:
        click.echo(
            f"What is printed carries the address {own}, which works on this machine only. Set PUBLIC_URL before you "
            "print for real.",
            err=True,
        )


def answer(data: Any, *, as_json: bool, words: str) -> None:
    """Print the answer of a command: for programs as JSON, for people in words."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else words)

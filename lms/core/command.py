"""What every `lms` command shares: the app around it, one commit, answers as JSON, refusals as a sentence."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from flask import current_app

from lms.core.database.base import db
from lms.core.errors import CascadeError
from lms.core.jobs.queue import call_worker

P = ParamSpec("P")
R = TypeVar("R")


def in_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the app: committed when it ends well; on a refusal nothing has happened, the sentence goes
    to standard error and the exit status is 1. The root command keeps the app's factory as its object."""

    @functools.wraps(command)
    def run(*args: P.args, **values: P.kwargs) -> R:
        try:
            inside = nullcontext() if current_app else click.get_current_context().find_root().obj().app_context()
        except CascadeError as refusal:  # a setting that cannot be meant
            _refuse(refusal)
        with inside:
            try:
                result = command(*args, **values)
                db.session.commit()
                call_worker()
                return result
            except CascadeError as refusal:
                db.session.rollback()
                _refuse(refusal)

    return run


def _refuse(refusal: CascadeError) -> NoReturn:
    click.echo(refusal.sentence or "There is no such thing.", err=True)
    sys.exit(1)


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

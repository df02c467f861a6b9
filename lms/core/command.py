"""What every `lms` command shares: the app around it, one commit, answers as JSON, refusals as a sentence."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, ParamSpec, TypeVar

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from lms.core.database.base import db
from lms.core.database.trouble import Trouble, trouble_of
from lms.core.errors import CascadeError
from lms.core.jobs.queue import call_worker

SENTENCES = {
    Trouble.AWAY: "The database cannot be reached just now. Nothing was half done. Try again in a minute.",
    Trouble.READ_ONLY: "The database takes no writes just now. Nothing was half done. Try again in a minute.",
    Trouble.BUSY: "The database is busy: others are writing. Nothing was half done. Try again in a minute.",
    Trouble.FULL: "The disk of the database is full. Nothing was half done. Make room and try again.",
}
P = ParamSpec("P")
R = TypeVar("R")


def in_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the app: committed when it ends well; on a refusal nothing has happened, the sentence goes
    to standard error and the exit status is 1. The root command keeps the app's factory as its object."""

    @functools.wraps(command)
    def run(*args: P.args, **values: P.kwargs) -> R:
        with nullcontext() if current_app else click.get_current_context().find_root().obj().app_context():
            try:
                result = command(*args, **values)
                db.session.commit()
                call_worker()
                return result
            except CascadeError as refusal:
                db.session.rollback()
                click.echo(refusal.sentence or "There is no such thing.", err=True)
                sys.exit(1)
            except SQLAlchemyError as fault:
                trouble = trouble_of(fault)
                if trouble is None:
                    raise
                db.session.rollback()
                click.echo(SENTENCES[trouble], err=True)
                sys.exit(1)

    return run


def answer(data: Any, *, as_json: bool, words: str) -> None:
    """Print the answer of a command: for programs as JSON, for people in words."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else words)

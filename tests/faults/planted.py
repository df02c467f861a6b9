"""Servers with a planted fault each, for the campaigns to find."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import structlog
from flask import Flask, Response, jsonify
from sqlalchemy import Connection, event, insert
from sqlalchemy.exc import SQLAlchemyError

from lms.app import create_app
from lms.assessment import actions, rescue, rescuing, saving, views_saving
from lms.assessment.models import Attempt
from lms.assessment.rescue import Opened
from lms.assessment.rules import State
from lms.core import clock
from lms.core.audit.models import AuditEntry
from lms.core.database import engine as engine_module
from lms.core.database.base import db
from lms.core.database.engine import reading
from lms.core.web import metrics

MADE_UP = 10**9
"""Revisions from here on were never given by a database."""
AHEAD_FILE = "CLOCK_AHEAD"
"""Names the file that says by how many seconds a clock is ahead."""
EARLY = 2.0
"""Seconds by which a server with a fault sets answers back."""
LATER = 0.05
"""Seconds by which the commit comes too late."""


def create_hasty_app() -> Flask:
    """It calls an answer saved before the answer is committed."""
    views_saving.own_transaction = hasty_transaction
    return create_app()


@contextmanager
def hasty_transaction() -> Iterator[Connection]:
    """A transaction that is committed after the answer has left."""
    token = reading.set(False)
    connection = db.engine.connect()
    transaction = connection.begin()
    reading.reset(token)

    def finish() -> None:
        transaction.commit()
        connection.close()

    yield connection
    threading.Timer(LATER, finish).start()


def create_unsynced_app() -> Flask:
    """Its commits do not wait for the disk."""
    app = create_app()
    with app.app_context():
        event.listen(db.engine, "connect", do_not_wait)
    return app


def do_not_wait(connection: Any, _record: object) -> None:
    """Have commits on a new connection return before they are on the disk."""
    is_sqlite = type(connection).__module__.startswith("sqlite3")
    connection.execute("PRAGMA synchronous=OFF" if is_sqlite else "SET synchronous_commit = off")
    connection.commit()


def create_sticking_app() -> Flask:
    """It keeps to its connections although their host takes no writes any more."""
    engine_module.GONE.clear()
    return create_app()


def create_deaf_app() -> Flask:
    """It calls an answer saved although the database refused it."""
    app = create_app()
    revisions = count(MADE_UP)

    def show(_error: SQLAlchemyError) -> Response:
        return jsonify(fate="saved", revision=next(revisions), left=60)

    app.register_error_handler(SQLAlchemyError, show)
    return app


def create_talkative_app() -> Flask:
    """No fault: each request is told in the log, as a trouble would be."""
    app = create_app()
    app.before_request(tell)
    return app


def tell() -> None:
    """A line in the log."""
    structlog.get_logger(__name__).info("request")


def create_log_bound_app() -> Flask:
    """It cannot go on without its log."""
    app = create_talkative_app()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.stderr))
    return app


def create_figure_bound_app() -> Flask:
    """It cannot go on without its figures."""
    metrics.keep = keep_or_fail
    return create_app()


def keep_or_fail(figure: Callable[[], None]) -> None:
    """Count, whatever it takes."""
    figure()


def create_roomless_app() -> Flask:
    """Its figures are mapped from the disk without any room taken there."""
    metrics.make_room = lambda: None
    return create_app()


def create_audit_bound_app() -> Flask:
    """It records every answer, and cannot save one without."""
    save, fields = saving.save, {"account_id": None, "action": "answers.saved", "subject": "answer", "details": {}}

    def recorded(connection: Connection, step: saving.Step, sender: saving.Sender, now: datetime) -> saving.Receipt:
        connection.execute(insert(AuditEntry).values(at=now, **fields))
        return save(connection, step, sender, now)

    saving.save = recorded
    return create_app()


def create_queue_bound_app() -> Flask:
    """It tells the queue of every answer before saving it."""
    app = create_app()

    def tell_queue() -> None:
        app.extensions["huey"].storage.put_data("answer", b"1")

    app.before_request(tell_queue)
    return app


def create_forgetful_app() -> Flask:
    """It takes whatever packet comes for the newest answer."""
    numbers, save = count(10**6), saving.save

    def newest(connection: Connection, step: saving.Step, *words: Any) -> saving.Receipt:
        return save(connection, replace(step, client=f"process-{os.getpid()}", seq=next(numbers)), *words)

    saving.save = newest
    return create_app()


def create_dropping_app() -> Flask:
    """It loses the last answer of each file that is brought in."""
    insert_all = rescuing._insert

    def insert_most(opened: Opened, *words: Any) -> rescuing.Brought:
        last = max(opened.items, key=int, default="")
        return insert_all(replace(opened, items={at: one for at, one in opened.items.items() if at != last}), *words)

    rescuing._insert = insert_most
    return create_app()


def create_trusting_app() -> Flask:
    """It takes whatever file can be opened, whoever made it and whoever brings it."""
    rescue.hmac = SimpleNamespace(compare_digest=lambda *_proofs: True)
    rescuing._get_reached = lambda opened, _by: db.session.get_one(Attempt, opened.attempt_id)
    return create_app()


def create_impatient_app() -> Flask:
    """It neither queues its writers nor waits for a file that another has locked."""
    app = create_app()
    with app.app_context():
        event.listen(db.engine, "connect", do_not_queue)
    views_saving.own_transaction = unqueued_transaction
    return app


def do_not_queue(connection: Any, _record: object) -> None:
    """Give a locked file up at once."""
    connection.execute("PRAGMA busy_timeout = 0")


@contextmanager
def unqueued_transaction() -> Iterator[Connection]:
    """A transaction that waits for no other."""
    token = reading.set(False)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        reading.reset(token)


def create_generous_app() -> Flask:
    """It takes every answer for one that came a little earlier."""
    save = saving.save

    def early(connection: Connection, step: saving.Step, sender: Any, now: datetime) -> saving.Receipt:
        return save(connection, step, sender, now - timedelta(seconds=EARLY))

    saving.save = early
    return create_stepped_app()


def create_stepped_app() -> Flask:
    """No fault: its machine's clock is as far ahead as a file says, so that it can be stepped while it runs."""
    ahead, machine_time = Path(os.environ[AHEAD_FILE]), clock.machine_time

    def stepped() -> datetime:
        return machine_time() + timedelta(seconds=float(ahead.read_text() or 0))

    clock.machine_time = stepped
    return create_app()


def create_double_app() -> Flask:
    """It grades an attempt for each who sends it, whoever closed it before."""
    actions._close = close_again
    return create_app()


def close_again(attempt_id: int, reason: State, closed_at: datetime) -> bool:
    """Close it, open or not."""
    attempt = db.session.get_one(Attempt, attempt_id)
    attempt.state, attempt.submitted_at = reason.value, closed_at
    db.session.flush()
    return True


def work_in_halves() -> None:
    """A worker that closes attempts in one transaction and grades them in another, slowly."""
    grade = actions.grade_attempt

    def later(attempt: Any) -> None:
        db.session.commit()
        time.sleep(LATER)
        grade(attempt)

    actions.grade_attempt = later
    create_app().extensions["each_minute"]()


if __name__ == "__main__":
    work_in_halves()

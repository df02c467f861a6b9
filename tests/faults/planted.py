"""A server with a planted fault: it calls an answer saved before the answer is on disk. For the campaign to find."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Connection

from lms.app import create_app
from lms.assessment import views_saving
from lms.core.database.base import db
from lms.core.database.engine import reading

LATER = 0.05
"""Seconds by which the commit comes too late."""


def create_hasty_app() -> Flask:
    """The app, acknowledging before the commit."""
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

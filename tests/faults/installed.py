"""One installation made from nothing for the run; every campaign gets a copy of its own, which costs far less."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

from lms.app import create_app
from lms.core.database.base import db
from tests.journeys.live import Live, settings_of
from tests.journeys.region import Product
from tests.postgres import Server, free_port

numbers = count(1)


def rest(template: Live) -> None:
    """Leave the database of the template alone, its file whole, so that it can be copied."""
    with template.app.app_context():
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        db.engine.dispose()


@contextmanager
def copied(
    template: Live, server: Server | None, *, folder: Path | None = None, tablespace: str = "pg_default"
) -> Iterator[Live]:
    """An installation like the template, not served, in a folder and a database of its own."""
    rest(template)
    url = ""
    if server is not None:
        url = copy_database(server, template.product.environment["DATABASE_URL"].rpartition("/")[2], tablespace)
    with opened(template, url, folder=folder) as made:
        yield made


@contextmanager
def opened(template: Live, url: str, *, folder: Path | None = None) -> Iterator[Live]:
    """An installation with the template's files and keys, on the database at `url` (a copy of its file when empty)."""
    instance = (folder or Path(tempfile.mkdtemp(prefix="cascade-"))) / "instance"
    shutil.copytree(template.product.instance, instance, ignore=shutil.ignore_patterns("jobs.db*", "*-wal", "*-shm"))
    port = free_port()
    environment = {
        **os.environ,
        "INSTANCE": str(instance),
        "DATABASE_URL": url,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    product = Product(instance, port, environment)
    app = create_app(settings_of(instance, url))
    try:
        yield Live(product, app)
    finally:
        product.kill()
        with app.app_context():
            db.engine.dispose()
        shutil.rmtree(instance if folder else instance.parent, ignore_errors=True)


def copy_database(server: Server, name: str, tablespace: str = "pg_default") -> str:
    """The address of a copy of a database that nobody is connected to."""
    copy = f"copy_{next(numbers)}_{os.getpid()}"
    run_sql(server, f"CREATE DATABASE {copy} TEMPLATE {name} TABLESPACE {tablespace}")
    return server.url_of(copy)


def run_sql(server: Server, *statements: str, database: str = "postgres") -> None:
    """Run statements on a server, each by itself."""
    engine = create_engine(server.url_of(database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()

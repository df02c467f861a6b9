"""Commands of whoever runs the installation: serve, worker, db, init."""

from __future__ import annotations

import os
import sys

import click
from flask import current_app
from flask_migrate import upgrade

from lms.accounts.rules import read_login, show_code
from lms.core.command import answer, in_app
from lms.core.config import Settings
from lms.core.jobs.ticking import begin_ticking
from lms.operations import serving
from lms.operations.actions import init_installation


@click.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
@in_app
def upgrade_database() -> None:
    """Bring the database to the newest shape (migrations)."""
    upgrade()


@click.command("init")
@click.option("--login", required=True, help="Login of the first CEC administrator.")
@click.option("--name", default="Administrator", help="Surname and given name of the administrator.")
@click.option("--demo", is_flag=True, help="A demo installation: invented people, demo identity numbers only.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def init(login: str, name: str, demo: bool, as_json: bool) -> None:
    """Set up an empty installation: the central commission, an open campaign, its first administrator."""
    login = read_login(login)
    code = show_code(init_installation(login=login, name=name, demo=demo))
    answer(
        {"login": login, "one_time_code": code},
        as_json=as_json,
        words=f"Sign in as {login} with the one-time code {code}.",
    )


@click.command("serve")
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT") or 8000), help="Port on 127.0.0.1.")
@click.option("--workers", type=int, default=None, help="Processes (PostgreSQL only; SQLite has one).")
@click.option("--with-worker", is_flag=True, help="Run the worker for later work beside the server.")
@in_app
def serve(port: int, workers: int | None, with_worker: bool) -> None:
    """Serve the product on http://127.0.0.1:PORT."""
    settings: Settings = current_app.extensions["settings"]
    serving.check_port_free(port)
    serving.share_figures(settings.instance / "metrics")
    commands = [serving.server_command(port, workers or 2, sqlite=settings.is_sqlite)]
    if with_worker:
        commands.append([sys.executable, "-m", "lms", "worker"])
    sys.exit(serving.keep_running(commands))


@click.command("worker")
@in_app
def worker() -> None:
    """Do later work: render documents, read rosters, close tests whose time is up."""
    huey = current_app.extensions["huey"]
    begin_ticking(current_app.extensions["each_minute"])
    consumer = huey.create_consumer(
        workers=1, periodic=False, initial_delay=0.1, max_delay=1.0, check_worker_health=True
    )
    consumer.run()


COMMANDS = [database, init, serve, worker]

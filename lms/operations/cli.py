"""Commands of whoever runs the installation: serve, worker, db, init."""

from __future__ import annotations

import sys

import click
from flask import current_app

from lms.accounts.rules import read_login, show_code
from lms.core.command import answer, in_app, in_app_of_any_shape
from lms.core.config import Settings
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.database.shape import Shape, check_not_newer, check_shape, revision_of
from lms.core.errors import Refused
from lms.core.jobs.ticking import begin_ticking
from lms.countries.reading import DEFAULT
from lms.operations import serving
from lms.operations.actions import change_country, check_country, init_installation
from lms.operations.cli_audit import audit
from lms.operations.cli_backup import backup, copy, restore


@click.group("db")
def database() -> None:
    """The database."""


database.add_command(copy)


@database.command("upgrade")
@in_app_of_any_shape
def upgrade_database() -> None:
    """Bring the database to the newest shape (migrations)."""
    from flask_migrate import upgrade  # only here: the server and the worker start without Alembic

    with only_reading(), db.engine.connect() as connection:
        check_not_newer(revision_of(connection))
    upgrade()


@click.command("init")
@click.option("--login", required=True, help="Login of the first CEC administrator.")
@click.option("--name", default="Administrator", help="Surname and given name of the administrator.")
@click.option(
    "--country",
    envvar="COUNTRY",
    default=DEFAULT,
    show_default=True,
    help="Whose rules hold: kz, kg, or a file's path.",
)
@click.option("--demo", is_flag=True, help="A demo installation: invented people, demo identity numbers only.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def init(login: str, name: str, country: str, demo: bool, as_json: bool) -> None:
    """Set up an empty installation: the central commission, an open campaign, its first administrator."""
    login = read_login(login)
    code = show_code(init_installation(login=login, name=name, demo=demo, country=country or DEFAULT))
    answer(
        {"login": login, "one_time_code": code},
        as_json=as_json,
        words=f"Sign in as {login} with the one-time code {code}.",
    )


@click.command("country")
@click.argument("chosen", metavar="COUNTRY")
@in_app
def country(chosen: str) -> None:
    """Change whose rules hold here: kz, kg, or a file's path. Refused once people of other rules are here."""
    rules = change_country(chosen=chosen)
    click.echo(f"The rules of {rules.names['en']} hold now. Start the server and the worker anew.")


@click.command("serve")
@click.option("--port", type=int, envvar="PORT", default=8000, help="Port on 127.0.0.1.")
@click.option(
    "--workers", type=click.IntRange(1), envvar="WORKERS", default=2, help="Processes (PostgreSQL; SQLite has one)."
)
@click.option("--with-worker", is_flag=True, help="Run the worker for later work beside the server.")
@in_app
def serve(port: int, workers: int, with_worker: bool) -> None:
    """Serve the product on http://127.0.0.1:PORT."""
    settings: Settings = current_app.extensions["settings"]
    check_upgraded()
    check_country(settings.country)
    serving.check_port_free(port)
    if not settings.is_sqlite:
        serving.check_connections(workers)
    serving.share_figures(settings.instance / "metrics")
    server = serving.server_command(port, workers, sqlite=settings.is_sqlite)
    if not with_worker:
        serving.become(server)
    sys.exit(serving.keep_running([server, [sys.executable, "-m", "lms", "worker"]]))


@click.command("worker")
@in_app
def worker() -> None:
    """Do later work: render documents, read rosters, close tests whose time is up. Told to stop (SIGTERM), it finishes
    what it is doing first."""
    check_upgraded()
    check_country(current_app.extensions["settings"].country)
    huey = current_app.extensions["huey"]
    begin_ticking(current_app.extensions["each_minute"])
    consumer = huey.create_consumer(
        workers=1,
        periodic=False,
        initial_delay=0.1,
        max_delay=1.0,
        check_worker_health=True,
        graceful_signal="TERM",
    )
    consumer.run()


def check_upgraded() -> None:
    """Raise Refused when the database has no tables yet. One that is away may come: it is waited for."""
    if check_shape(db.engine) is Shape.NONE:
        raise Refused("The database has no tables yet. Run: lms db upgrade")


COMMANDS = [audit, backup, country, database, init, restore, serve, worker]

"""Backups while answers are saved: everything that was called saved before a backup began is in it, whole.

Two backups in the suite, twenty with FAULTS=full, on each database; each is restored to a clean place, and over the
live installation at the end.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from lms.assessment.models import AnswerStep
from lms.core.database.base import db
from lms.core.database.rows import reading
from lms.operations.backup import taking
from lms.operations.backup.restoring import Wanted, leave_database, restore_backup
from lms.operations.backup.taking import take_backup
from tests.factories.installations import NewInstallation, installations
from tests.faults.clients import Confirmed, Writer, make_writers, writing
from tests.faults.serving import serving
from tests.faults.sizes import FULL
from tests.journeys.live import Live, live
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
BACKUPS = 20 if FULL else 2
PASSPHRASE = "a passphrase of some words"


def quietly(_what: str, _done: int, _total: int) -> None:
    """No bar."""


@dataclass
class Outcome:
    """What came of some backups under load."""

    backups: int = 0
    confirmed: int = 0
    """Answers called saved before a backup began, in all backups."""
    missing: list[Confirmed] = field(default_factory=list)
    saved_meanwhile: int = 0
    slowest: float = 0.0
    slowest_restore: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.backups} backups, {self.confirmed} confirmed answers looked for, {len(self.missing)} missing; "
            f"{self.saved_meanwhile} saved while backups were made; backup within {self.slowest:.1f} s, restore within "
            f"{self.slowest_restore:.1f} s"
        )


@pytest.fixture(scope="module")
def installed(postgres_server: Server | None) -> Iterator[Live]:
    """An installation that is not served yet."""
    with live(postgres_server) as made:
        yield made


@pytest.fixture(scope="module")
def new(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstallation]:
    """A maker of empty installations."""
    with installations(postgres_server, tmp_path_factory.mktemp("restored")) as make:
        yield make


def confirmed_of(writers: list[Writer]) -> list[Confirmed]:
    """Every answer that was called saved so far."""
    return [one for writer in writers for one in list(writer.confirmed)]


def answers_in(app: Flask) -> set[Confirmed]:
    """The answers that an installation has."""
    with app.app_context():
        steps = db.session.execute(
            select(AnswerStep.id, AnswerStep.attempt_id, AnswerStep.position, AnswerStep.response)
        ).all()
        leave_database()
    return {
        Confirmed(attempt, position, revision, json.dumps(response, sort_keys=True))
        for revision, attempt, position, response in steps
    }


def back_up(server: Live, path: Path) -> None:
    """A backup as the command makes it."""
    with server.app.app_context():
        take_backup(db.engine, server.app.extensions["settings"], path, passphrase=PASSPHRASE, progress=quietly)


def restore(app: Flask, path: Path, *, over: bool = False) -> float:
    """Restore; how many seconds it took."""
    begin = time.monotonic()
    with app.app_context():
        restore_backup(
            app.extensions["settings"],
            path,
            wanted=Wanted(over=over),
            passphrase=lambda: PASSPHRASE,
            progress=quietly,
        )
    return time.monotonic() - begin


@dataclass
class Made:
    """Backups that were made while the writers wrote, each with what was confirmed before it was asked for."""

    honest: list[tuple[Path, list[Confirmed]]] = field(default_factory=list)
    early: list[tuple[Path, list[Confirmed]]] = field(default_factory=list)
    """Planted fault: the rows are read as of a moment before the backup was asked for."""
    copied: list[tuple[Path, list[Confirmed]]] = field(default_factory=list)
    """Planted fault, SQLite only: its file as it lies there, without its log."""
    outcome: Outcome = field(default_factory=Outcome)


@pytest.fixture(scope="module")
def made(installed: Live, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All backups, made within one run of the server."""
    writers, folder, made = make_writers(installed, 6), tmp_path_factory.mktemp("backups"), Made()
    with serving(installed), writing(writers):
        with early_backup(installed, folder / "early"):
            time.sleep(0.7)
            for number in range(BACKUPS):
                make_honest(installed, writers, folder / f"honest-{number}", made)
            made.early.append((folder / "early", confirmed_of(writers)))
        if installed.app.extensions["settings"].is_sqlite:
            made.copied.append((folder / "copied", confirmed_of(writers)))
            shutil.copy(installed.product.instance / "cascade.db", folder / "copied")
    return made


def make_honest(server: Live, writers: list[Writer], path: Path, made: Made) -> None:
    """A backup as the product makes it."""
    before, begin, outcome = confirmed_of(writers), time.monotonic(), made.outcome
    back_up(server, path)
    outcome.slowest = max(outcome.slowest, time.monotonic() - begin)
    outcome.backups += 1
    outcome.confirmed += len(before)
    outcome.saved_meanwhile += len(confirmed_of(writers)) - len(before)
    made.honest.append((path, before))


@contextmanager
def early_backup(server: Live, path: Path) -> Iterator[None]:
    """A backup that is asked for at the end of the block and reads the rows as they were at its begin."""
    honest, opened, asked = reading.one_moment, threading.Event(), threading.Event()

    @contextmanager
    def earlier(engine: Engine) -> Iterator[Connection]:
        with honest(engine) as connection:
            connection.execute(text("SELECT count(*) FROM answer_step"))
            taking.one_moment = honest
            opened.set()
            asked.wait(600)
            yield connection

    taking.one_moment = earlier
    thread = threading.Thread(target=back_up, args=(server, path))
    thread.start()
    try:
        assert opened.wait(60)
        yield
    finally:
        taking.one_moment = honest
        asked.set()
        thread.join(120)


def missing_in(app: Flask, before: list[Confirmed]) -> list[Confirmed]:
    """The answers of before that an installation does not have."""
    there = answers_in(app)
    return [one for one in before if one not in there]


def test_a_backup_of_an_earlier_moment_is_found(made: Made, new: NewInstallation) -> None:
    """First seen to fail: what was saved since is not in it."""
    [(path, before)] = made.early
    clean = new()
    restore(clean, path)
    assert before
    assert missing_in(clean, before)


def test_a_copy_of_the_file_alone_is_found(made: Made, new: NewInstallation) -> None:
    """First seen to fail: what stands in the log only is not in it, or it cannot be read at all."""
    for path, before in made.copied:
        clean = new()
        shutil.copy(path, clean.extensions["settings"].instance / "cascade.db")
        try:
            missing = missing_in(clean, before)
        except DBAPIError:
            missing = before
        assert missing


def test_what_was_saved_before_a_backup_is_in_it(installed: Live, made: Made, new: NewInstallation) -> None:
    outcome = made.outcome
    for path, before in made.honest:
        clean = new()
        outcome.slowest_restore = max(outcome.slowest_restore, restore(clean, path))
        outcome.missing += missing_in(clean, before)
    path, before = made.honest[-1]
    restore(installed.app, path, over=True)
    outcome.missing += missing_in(installed.app, before)
    print(f"{installed.app.extensions['settings'].database_url.split(':')[0]}: {outcome}")  # noqa: T201 - the figures
    assert outcome.missing == []
    assert outcome.confirmed > 20
    assert outcome.saved_meanwhile

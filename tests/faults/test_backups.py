"""Backups while answers are saved: everything that was called saved before a backup began is in it, whole.

Two backups in the suite, twenty with FAULTS=full, on each database; each is restored to a clean place, and over the
live installation at the end.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
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
from tests.faults.campaign import Confirmed, Writer, make_writers, serving
from tests.faults.killing import is_full
from tests.journeys.live import Live, live
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
BACKUPS = 20 if is_full() else 2
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
def writers(installed: Live) -> list[Writer]:
    """Eight who answer."""
    return make_writers(installed, 8)


@pytest.fixture(scope="module")
def new(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstallation]:
    """A maker of empty installations."""
    with installations(postgres_server, tmp_path_factory.mktemp("restored")) as make:
        yield make


@contextmanager
def writing(writers: list[Writer]) -> Iterator[None]:
    """The writers write for the time of the block."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.write, args=(stop,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)


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


def run(
    server: Live, writers: list[Writer], backups: int, folder: Path, make: Callable[[Live, Path], None]
) -> tuple[Outcome, list[tuple[Path, list[Confirmed]]]]:
    """Make backups while the writers write; each with what was confirmed before it began."""
    outcome, made = Outcome(), []
    folder.mkdir(exist_ok=True)
    with serving(server), writing(writers):
        for number in range(backups):
            time.sleep(0.7)
            path, before, begin = folder / f"{number}", confirmed_of(writers), time.monotonic()
            make(server, path)
            outcome.slowest = max(outcome.slowest, time.monotonic() - begin)
            outcome.saved_meanwhile += len(confirmed_of(writers)) - len(before)
            outcome.confirmed += len(before)
            made.append((path, before))
    outcome.backups = len(made)
    return outcome, made


def test_what_was_saved_before_a_backup_is_in_it(
    installed: Live, writers: list[Writer], new: NewInstallation, tmp_path: Path
) -> None:
    outcome, made = run(installed, writers, BACKUPS, tmp_path / "backups", back_up)
    for path, before in made:
        clean = new()
        outcome.slowest_restore = max(outcome.slowest_restore, restore(clean, path))
        there = answers_in(clean)
        outcome.missing += [one for one in before if one not in there]
    path, before = made[-1]
    restore(installed.app, path, over=True)
    there = answers_in(installed.app)
    outcome.missing += [one for one in before if one not in there]
    print(f"{installed.app.extensions['settings'].database_url.split(':')[0]}: {outcome}")  # noqa: T201 - the figures
    assert outcome.missing == []
    assert outcome.confirmed > 20
    assert outcome.saved_meanwhile


def test_a_backup_of_an_earlier_moment_is_found(
    installed: Live, writers: list[Writer], new: NewInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail: a backup that reads from a moment before it was asked for lacks what was saved since."""
    moment = reading.one_moment

    @contextmanager
    def earlier(engine: Engine) -> Iterator[Connection]:
        with moment(engine) as connection:
            connection.execute(text("SELECT count(*) FROM answer_step"))
            opened.set()
            asked.wait(30)
            yield connection

    opened, asked = threading.Event(), threading.Event()
    monkeypatch.setattr(taking, "one_moment", earlier)

    def late(server: Live, path: Path) -> None:
        asked.set()
        thread.join(60)

    path = tmp_path / "backups" / "0"
    path.parent.mkdir()
    thread = threading.Thread(target=back_up, args=(installed, path))
    thread.start()
    opened.wait(30)
    for writer in writers:
        writer.confirmed.clear()
    _outcome, [(path, before)] = run(installed, writers, 1, tmp_path / "backups", late)
    clean = new()
    restore(clean, path)
    there = answers_in(clean)
    assert before
    assert [one for one in before if one not in there]


def test_a_copy_of_the_file_alone_is_found(
    installed: Live, writers: list[Writer], new: NewInstallation, tmp_path: Path
) -> None:
    """First seen to fail: the file of SQLite copied as it lies there, without its log."""
    if not installed.app.extensions["settings"].is_sqlite:
        pytest.skip("only SQLite has such a file")
    for writer in writers:
        writer.confirmed.clear()
    place = Path(installed.app.extensions["settings"].instance) / "cascade.db"

    def copy(_server: Live, path: Path) -> None:
        shutil.copy(place, path)

    _outcome, made = run(installed, writers, 2, tmp_path / "copies", copy)
    missing = []
    for path, before in made:
        clean = new()
        shutil.copy(path, clean.extensions["settings"].instance / "cascade.db")
        try:
            there = answers_in(clean)
        except DBAPIError:  # torn as well
            there = set()
        missing += [one for one in before if one not in there]
    assert missing

"""The process that applies a roster is killed: nothing has happened, or all of it, and applying it again ends as if
nobody had been killed.

Three kills of a small roster in the suite, ten of the sample region with FAULTS=full, on each database: spread over the
statements, the rows of bulk writes and the commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from lms.commissions.models import Appointment, Commission, CommissionName, CommissionParent, Seat, SeatNumber
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_central
from lms.core.database.base import db
from lms.core.database.rows.reading import Sum, one_moment, sum_of
from lms.core.database.rows.tables import read_tables
from lms.learning.models import Enrolment
from lms.operations.actions import init_installation
from lms.operations.backup.restoring import leave_database
from lms.people.models import Person
from lms.rosters import actions, applying
from lms.rosters.applying import apply_import
from lms.rosters.models import RosterImport
from lms.rosters.states import ImportState
from lms.rosters.undoing import undo_import
from tests.factories.curriculum import make_course
from tests.factories.installations import NewInstallation, installations
from tests.factories.rosters import RUSSIAN, commission_rows, sample, workbook
from tests.faults.killing import count_writes, die_at_write, kill_at
from tests.faults.sizes import FULL, report, size
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
KILLS = size(3, 10)
SMALL = ("ТИК: Мангистауская область", "ТИК: г. Актау", "УИК № 1", "УИК № 2", "УИК № 3")
VALUES = (
    select(Person.number_hash, Person.surname, Person.given_name, Person.patronymic, Person.phone, Person.email),
    select(Commission.code, Commission.time_zone, Commission.closed_on),
    select(Commission.code, CommissionName.language, CommissionName.name).join_from(CommissionName, Commission),
    select(Commission.code, CommissionParent.valid_from, CommissionParent.valid_to).join(
        CommissionParent, CommissionParent.commission_id == Commission.id
    ),
    select(Commission.code, Seat.number).join_from(Seat, Commission),
    select(Commission.code, SeatNumber.seats, SeatNumber.valid_from, SeatNumber.valid_to).join_from(
        SeatNumber, Commission
    ),
    select(
        Commission.code, Person.number_hash, Appointment.office, Appointment.nominated_by, Appointment.starts_on,
        Appointment.ends_on,
    ).join_from(Appointment, Commission).join(Person, Person.id == Appointment.person_id),
    select(Person.number_hash, Enrolment.course_id, Enrolment.started_at).join_from(Enrolment, Person),
)  # fmt: skip
"""All that a roster brings, without ids and moments: these differ from one application to the next."""


@pytest.fixture(scope="module")
def new(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstallation]:
    """A maker of empty installations."""
    with installations(postgres_server, tmp_path_factory.mktemp("rosters")) as make:
        yield make


@pytest.fixture
def filled(new: NewInstallation) -> Iterator[Flask]:
    """An installation with a course, in which some of the roster's people sit already and one is leaving."""
    app = new()
    with app.app_context():
        upgrade()
        init_installation(login="head", name="Head One", demo=True)
        make_course()
        apply_now(take(workbook(("г. Актау", [RUSSIAN, *blocks(SMALL[:3], first=1, each=6)]))))
        leave_database()
        yield app


def blocks(names: tuple[str, ...], *, first: int = 0, each: int = 7) -> list[object]:
    """Commissions of invented people."""
    rows: list[object] = []
    for place, name in enumerate(names):
        rows += commission_rows(name, range(place * 10 + first, place * 10 + first + each))
    return rows


def content() -> bytes:
    """The roster that is applied."""
    return sample("mangystau-roster.xlsx") if FULL else workbook(("г. Актау", [RUSSIAN, *blocks(SMALL)]))


def take(file: bytes) -> int:
    """The number of an import that was sent and read."""
    central = find_central()
    assert central is not None
    made = actions.upload(content=file, file_name="roster.xlsx", commission=central, full=True, by=SYSTEM)
    actions.read_import(roster_import=made, by=SYSTEM)
    db.session.commit()
    return made.id


def apply_now(import_id: int) -> None:
    """Apply an import; of one that is applied already nothing more is done."""
    found = db.session.get_one(RosterImport, import_id)
    if found.state != ImportState.APPLIED:
        apply_import(roster_import=found, leave_out_problems=True, let_leave=True, by=SYSTEM)
    db.session.commit()


def undo_now(import_id: int) -> None:
    """Bring back what was before, and have the file read again."""
    found = db.session.get_one(RosterImport, import_id)
    undo_import(roster_import=found, by=SYSTEM)
    actions.read_import(roster_import=found, by=SYSTEM)
    db.session.commit()
    leave_database()


def checksum() -> str:
    """A checksum over everything that rosters bring."""
    digest = hashlib.sha256()
    with one_moment(db.engine) as connection:
        for values in VALUES:
            for line in sorted(str(tuple(row)) for row in connection.execute(values)):
                digest.update(line.encode())
    leave_database()
    return digest.hexdigest()


def count_rows() -> dict[str, Sum]:
    """Every row of every table but the import's own and the record."""
    own = ("roster_", "audit_", "stored_file", "completion_")
    with one_moment(db.engine) as connection:
        sums = {one.name: sum_of(connection, one) for one in read_tables(connection) if not one.name.startswith(own)}
    leave_database()
    return sums


def count_steps(import_id: int, folder: Path) -> int:
    """How many steps it takes to apply an import, done in a process of its own."""
    kept, seen = folder / "steps", [0]

    def arm(_step: int) -> None:
        count_writes(lambda number: seen.__setitem__(0, number + 1))

    def work() -> None:
        apply_now(import_id)
        kept.write_text(str(seen[0]))

    assert not kill_at(0, work, arm)
    return int(kept.read_text())


@dataclass
class Outcome:
    """What came of some kills."""

    kills: int = 0
    untouched: int = 0
    whole: int = 0
    halves: list[int] = field(default_factory=list)
    """Steps at which a kill left a part."""
    other: list[int] = field(default_factory=list)
    """Steps after which applying again ended otherwise."""

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.untouched} untouched, {self.whole} whole, halves at {self.halves}, "
            f"another end at {self.other}"
        )


def kill_often(import_id: int, steps: list[int], before: str, after: str) -> Outcome:
    """Kill the application at these steps, apply it again each time, and compare."""
    outcome = Outcome()
    for step in steps:
        leave_database()
        assert kill_at(step, lambda: apply_now(import_id), die_at_write)
        outcome.kills += 1
        left = checksum()
        outcome.untouched, outcome.whole = outcome.untouched + (left == before), outcome.whole + (left == after)
        if left not in (before, after):
            outcome.halves.append(step)
            return outcome
        apply_now(import_id)
        if checksum() != after:
            outcome.other.append(step)
        undo_now(import_id)
    return outcome


def prepared(folder: Path) -> tuple[int, int, str, str]:
    """An import that waits, how many steps it takes to apply it, and the checksums before and after."""
    import_id = take(content())
    before = checksum()
    steps = count_steps(import_id, folder)
    after = checksum()
    undo_now(import_id)
    assert checksum() == before != after
    return import_id, steps, before, after


def test_an_application_that_commits_midway_is_found(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First seen to fail."""
    import_id, steps, before, after = prepared(tmp_path)
    make_commissions = applying._Application._make_commissions

    def committing(self: applying._Application) -> None:
        make_commissions(self)
        db.session.commit()

    monkeypatch.setattr(applying._Application, "_make_commissions", committing)
    outcome = kill_often(import_id, [steps // 2], before, after)
    assert outcome.halves == [steps // 2]


def test_killed_while_applying(filled: Flask, tmp_path: Path, database_kind: str) -> None:
    import_id, steps, before, after = prepared(tmp_path)
    spread = [steps * number // (KILLS - 1) for number in range(KILLS - 2)]
    outcome = kill_often(import_id, [*spread, steps - 2, steps - 1], before, after)
    assert (outcome.halves, outcome.other) == ([], [])
    assert (outcome.kills, outcome.untouched, outcome.whole) == (KILLS, KILLS - 1, 1)

    apply_now(import_id)
    rows = count_rows()
    again = take(content())
    outcomes = db.session.get_one(RosterImport, again).counts["outcomes"]
    assert {name for name, count in outcomes.items() if count} <= {"unchanged", "problem"}
    apply_now(again)
    leave_database()
    changed = [name for name, found in count_rows().items() if found != rows[name]]
    assert changed == []
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database_kind]
    report("kill -9 while a roster is applied", name, outcome, "none half done, the same end each time")

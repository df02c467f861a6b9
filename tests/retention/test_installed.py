"""On an installation of its own: the very bytes on the disk, the commands, and a backup that brings people back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from lms.accounts.models import AccountSession
from lms.commissions.actions import end_appointments
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM
from lms.commissions.queries import find_seat_of
from lms.core import clock
from lms.core.config import Settings
from lms.core.database.base import db
from lms.operations.backup.restoring import leave_database
from lms.operations.backup.taking import take_backup
from lms.people.models import Person
from lms.retention import ledger, running
from lms.retention.erasing import erase_person
from tests.factories.canary import make_canary, traces
from tests.factories.commissions import make_country, make_member, open_browser, seat
from tests.factories.curriculum import make_course
from tests.factories.installations import NewInstallation, Operator, installations
from tests.postgres import Server


@pytest.fixture(scope="module")
def new(postgres_server: Server | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstallation]:
    """A maker of empty installations."""
    with installations(postgres_server, tmp_path_factory.mktemp("installations")) as make:
        yield make


@pytest.fixture
def app(new: NewInstallation) -> Flask:
    """An installation in which the canary sat."""
    made = new()
    with made.app_context():
        upgrade()
        country = make_country()
        make_course()
        make_canary(country)
        open_browser(country.head)
        db.session.commit()
        leave_database()
    return made


@pytest.fixture
def operator(app: Flask) -> Operator:
    """Whoever types commands there."""
    settings: Settings = app.extensions["settings"]
    url = settings.database_url
    return Operator({"INSTANCE": str(settings.instance), "DATABASE_URL": url, "PUBLIC_URL": "http://localhost"})


def canary_id(app: Flask) -> int:
    """The canary's number."""
    with app.app_context():
        found = db.session.scalars(select(Person.id).where(Person.merged_into_id.is_(None), Person.phone != "")).all()
        leave_database()
    return found[-1]


def left(app: Flask) -> set[str]:
    """Where the values stand."""
    with app.app_context():
        found = traces()
        leave_database()
    return found


def erase(app: Flask, operator: Operator) -> int:
    """Erase the canary by commands; their number."""
    person_id = canary_id(app)
    done = operator.types("people", "erase", str(person_id), "--by", "head", "--reason", "a request of the person")
    assert done.exit_code == 0, done.output
    assert operator.types("retention", "run").exit_code == 0
    return person_id


def test_the_bytes_are_gone_from_the_disk(app: Flask, operator: Operator) -> None:
    files = {one for one in left(app) if one.startswith("file")}
    kind = db_kind(app)
    assert ("file cascade.db" in files) == (kind == "sqlite")
    shown = operator.types("people", "erase", str(canary_id(app)), "--by", "head", "--dry-run")
    assert "Would be erased:\n  the name" in shown.output
    refused = operator.types("people", "erase", str(canary_id(app)), "--by", "head")
    assert (refused.exit_code, "who asked for it" in refused.stderr) == (1, True)
    erase(app, operator)
    assert left(app) == set()
    assert operator.types("audit", "verify").exit_code == 0


def test_the_log_is_emptied_while_the_server_runs(app: Flask) -> None:
    """Commands alone would not show it: the last one to leave SQLite's file takes the log along."""
    if db_kind(app) != "sqlite":
        pytest.skip("PostgreSQL recycles its log by itself")
    person_id = canary_id(app)
    with app.app_context():
        server = db.engine.raw_connection()
        erase_person(person=db.session.get_one(Person, person_id), reason="a request", by=SYSTEM)
        db.session.commit()
        log = app.extensions["settings"].instance / "cascade.db-wal"
        assert log.stat().st_size > 0
        running.run_schedule(by=SYSTEM, keep=db.session.commit)
        assert log.stat().st_size == 0
        assert traces() == set()
        server.close()
        leave_database()


def db_kind(app: Flask) -> str:
    with app.app_context():
        return str(db.engine.dialect.name)


def test_the_schedule_by_command(app: Flask, operator: Operator) -> None:
    shown = json.loads(operator.types("retention", "show", "--json").stdout)
    assert [one["category"] for one in shown][:3] == ["sessions", "tries", "codes"]
    assert operator.types("retention", "run", "--dry-run").stdout == "Due, and not erased: nothing.\n"
    assert operator.types("retention", "run").stdout == "Erased: nothing.\n"
    assert "never run" not in operator.types("retention", "show").stdout
    nobody = operator.types("people", "erase", "99999", "--by", "head", "--reason", "a request")
    assert (nobody.exit_code, "There is no person" in nobody.stderr) == (1, True)


def back_up(app: Flask, path: Path) -> Path:
    """A backup of the installation as it is."""
    with app.app_context():
        take_backup(db.engine, app.extensions["settings"], path, passphrase=None, progress=lambda *_told: None)
        leave_database()
    return path


def test_a_restored_backup_signs_everybody_out_and_erases_again(app: Flask, operator: Operator, tmp_path: Path) -> None:
    path = back_up(app, tmp_path / "before.cascade")
    person_id = erase(app, operator)
    done = operator.types("restore", str(path), "--over", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert person_id in told["erased_again"]
    assert told["still_to_erase"] == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AccountSession)) == 0
        assert db.session.get_one(Person, person_id).surname == ""
        leave_database()
    drop_what_was_kept(app, told["kept"])
    assert operator.types("retention", "run").exit_code == 0
    assert left(app) == set()


def drop_what_was_kept(app: Flask, kept: str) -> None:
    """What a restore keeps beside is removed by the operator."""
    if not kept.startswith("schema"):
        for ending in ("", "-wal", "-shm"):
            Path(f"{kept}{ending}").unlink(missing_ok=True)


def test_who_sits_as_of_the_backup_is_told_and_erased_when_they_leave(
    app: Flask, operator: Operator, tmp_path: Path
) -> None:
    with app.app_context():
        person = db.session.get_one(Person, canary_id(app))
        seat(person, precinct())
        db.session.commit()
        person_id = person.id
        leave_database()
    path = back_up(app, tmp_path / "seated.cascade")
    leave_seat(app, person_id)
    erase(app, operator)
    done = operator.types("restore", str(path), "--over")
    assert "Still to be erased again: people" in done.output
    assert left(app) != set()
    leave_seat(app, person_id)
    operator.types("retention", "run")
    assert {one for one in left(app) if not one.startswith("file cascade.db.before")} == set()


def precinct() -> Commission:
    """One in which the canary never sat."""
    return db.session.scalars(select(Commission).where(Commission.number == 18)).one()


def leave_seat(app: Flask, person_id: int) -> None:
    """The person leaves the seat."""
    with app.app_context():
        held = find_seat_of(person_id)
        assert held is not None
        end_appointments(appointments=[held], on=clock.today(), by=SYSTEM)
        db.session.commit()
        leave_database()


def test_another_person_with_the_same_number_is_left(app: Flask, operator: Operator) -> None:
    with app.app_context():
        other = make_member(precinct()).person
        number = other.id
        listed = ledger.Erased(number, "2020-01-01T00:00:00+00:00", "2020-02-01T00:00:00+00:00")
        ledger._append(ledger.path(), [listed])
        held = db.session.execute(select(Person.number_hash).where(Person.id == number)).scalar_one()
        db.session.commit()
        leave_database()
    leave_seat(app, number)
    assert operator.types("retention", "run").exit_code == 0
    with app.app_context():
        assert db.session.get_one(Person, number).number_hash == held
        leave_database()

"""A side system is down: every answer is saved all the same, and what must not be done unrecorded is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lms.commissions.models import Commission, RoleGrant
from lms.commissions.rules import Role
from lms.core.database.base import db
from lms.core.jobs.models import Job
from tests.factories.commissions import make_account, make_officer
from tests.faults.campaign import find_missing
from tests.faults.clients import make_writers, statuses, wait_for_saves, wait_until_told, writing
from tests.faults.serving import page_of, serving
from tests.faults.sizes import name_of, report, size
from tests.faults.unrecorded import FAIL, MEND
from tests.faults.watching import attend_workshop, pass_test, send_form
from tests.journeys.live import Live

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]
CLIENTS = size(4, 50)
SAVES = size(40, 20_000)
TARGET = "100 % of saves go on"
FULL_DEVICE = Path("/dev/full")


def run_in(live: Live, statements: dict[str, list[str]]) -> None:
    with live.inside():
        for statement in statements[db.engine.dialect.name]:
            db.session.execute(text(statement))


@contextmanager
def audit_down(live: Live) -> Iterator[None]:
    """No record of any act can be written."""
    run_in(live, FAIL)
    try:
        yield
    finally:
        run_in(live, MEND)


@contextmanager
def queue_down(live: Live) -> Iterator[None]:
    """SQLite: the queue's file is no database; PostgreSQL: its tables are locked away."""
    if name_of(live) == "SQLite":
        file = live.product.instance / "jobs.db"
        file.unlink(missing_ok=True)
        file.mkdir()
        yield
        file.rmdir()
        return
    with live.inside():
        db.session.execute(text("CREATE SCHEMA IF NOT EXISTS elsewhere"))
        for kind in ("kv", "schedule", "task", "counter"):
            db.session.execute(text(f"DROP TABLE IF EXISTS huey_{kind}"))
            db.session.execute(text(f"CREATE VIEW huey_{kind} AS SELECT 1 AS id"))
    yield
    with live.inside():
        for kind in ("kv", "schedule", "task", "counter"):
            db.session.execute(text(f"DROP VIEW huey_{kind}"))


@contextmanager
def nothing_down(_live: Live) -> Iterator[None]:
    """What is down was down when the server began."""
    yield


PLANTED = "tests.faults.planted:create_{}_app()"
CASES: dict[str, tuple[Callable[[Live], AbstractContextManager[None]], str, str]] = {
    "audit": (audit_down, "lms.app:create_server()", PLANTED.format("audit_bound")),
    "queue": (queue_down, "lms.app:create_server()", PLANTED.format("queue_bound")),
    "log": (nothing_down, PLANTED.format("talkative"), PLANTED.format("log_bound")),
    "figures": (nothing_down, "lms.app:create_server()", PLANTED.format("figure_bound")),
}
"""What is down: how it is brought down, our server, and one with a planted fault that cannot do without it."""


def log_of(name: str) -> Path | None:
    """A device on which every write fails, when it is the log that is down."""
    return FULL_DEVICE if name == "log" else None


def settings_of(name: str) -> dict[str, str]:
    """A folder that cannot be, when it is the figures that are down."""
    return {"PROMETHEUS_MULTIPROC_DIR": "/dev/null/metrics"} if name == "figures" else {}


@pytest.mark.parametrize("name", CASES)
def test_answers_are_saved_all_the_same(installed: Live, name: str) -> None:
    """First seen to fail: a server with a planted fault saves nothing when the side system is down."""
    down, ours, planted = CASES[name]
    bound = make_writers(installed, 1)
    poor = serving(installed, planted, log=log_of(name), wait=False, **settings_of(name))
    with down(installed), poor, writing(bound):
        wait_until_told(bound, 500, 3)
    assert statuses(bound)[200] == 0
    writers = make_writers(installed, CLIENTS)
    with serving(installed, ours, log=log_of(name), **settings_of(name)), down(installed), writing(writers):
        wait_for_saves(writers, SAVES, patience=600)
    confirmed, missing = find_missing(installed, writers)
    heard = statuses(writers)
    figure = f"{confirmed} of {sum(heard.values())} saves confirmed, {len(missing)} missing"
    report(f"side system down: {name}", name_of(installed), figure, TARGET)
    assert set(heard) == {200}
    assert missing == []


def test_what_cannot_be_recorded_is_not_done(installed: Live) -> None:
    """An officer's act without its record is refused with a sentence; when records can be written it is done."""
    with installed.inside():
        central = db.session.scalars(select(Commission).where(Commission.level == "cec")).one()
        head, other = make_officer(central, Role.CEC_ADMINISTRATOR), make_account()
        cookie, token = installed.sign_in(head)
        place, login, account = f"/ru/commissions/{central.id}/roles", other.login, other.id
    fields = {"csrf_token": token, "role": "methodologist", "login": login, "sure": "1"}
    with serving(installed):
        with audit_down(installed):
            status, said = send_form(installed.product.port, cookie, place, **fields)
            assert status == 503
            assert "не удалось записать в журнал" in said
            assert count_roles(installed, account) == 0
        assert send_form(installed.product.port, cookie, place, **fields)[0] == 302
        assert count_roles(installed, account) == 1


def count_roles(live: Live, account: int) -> int:
    with live.inside():
        return len(db.session.scalars(select(RoleGrant).where(RoleGrant.account_id == account)).all())


def test_work_asked_for_without_the_queue_waits_in_its_table(installed: Live) -> None:
    """The certificate of somebody who passes just then is asked for and not forgotten."""
    (passing,) = make_writers(installed, 1)
    attend_workshop(installed, passing)
    with serving(installed), queue_down(installed):
        pass_test(passing)
    with installed.inside():
        assert list(db.session.scalars(select(Job.state))) == ["queued"]


def test_a_spoilt_queue_is_put_aside(installed: Live) -> None:
    """The server begins although the queue's file is no database at all; a new one is made."""
    if name_of(installed) != "SQLite":
        pytest.skip("PostgreSQL keeps the queue itself")
    file = installed.product.instance / "jobs.db"
    file.write_bytes(b"no database at all" * 100)
    with serving(installed):
        assert page_of(installed.product.port, "/healthz")[0] == 200
        (passing,) = make_writers(installed, 1)
        attend_workshop(installed, passing)
        pass_test(passing)
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM task").fetchone() == (1,)
    connection.close()
    assert Path(f"{file}.spoilt").exists()

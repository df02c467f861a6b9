"""Later work: asked for in the caller's transaction, tried again, never forgotten, never half done."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import time_machine
from flask import Flask
from huey import MemoryHuey
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from lms.core import clock
from lms.core.audit.actions import record
from lms.core.audit.models import AuditEntry
from lms.core.database.base import db
from lms.core.errors import Refused
from lms.core.jobs import queue
from lms.core.jobs.models import Job
from tests.factories.commissions import SYSTEM


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the work `probe` was given, each time it was done; it fails as often as its params say."""
    given: list[Any] = []

    def work(progress: queue.Progress, params: dict[str, Any]) -> None:
        given.append(params["n"])
        record("probe.done", by=SYSTEM, subject=f"probe:{params['n']}")
        progress(1, 2)
        if len(given) <= params.get("failures", 0):
            raise OSError("the disk sulks")
        if "sentence" in params:
            raise Refused(params["sentence"])

    monkeypatch.setitem(queue.works, "probe", work)
    return given


def ask(**params: Any) -> int:
    """A job asked for and committed; the worker is called."""
    job = queue.ask_for("probe", by=SYSTEM, **params)
    db.session.commit()
    queue.call_worker()
    return job.id


def state_of(job_id: int) -> str:
    """How the job stands in the database."""
    db.session.expire_all()
    return db.session.scalars(select(Job.state).where(Job.id == job_id)).one()


def test_work_is_done_once_after_the_commit(app: Flask, done: list[Any]) -> None:
    job = queue.ask_for("probe", by=SYSTEM, n=1)
    assert done == []
    db.session.commit()
    queue.call_worker()
    queue.call_worker()
    assert done == [1]
    assert state_of(job.id) == "done"
    queue.run(job.id)
    assert done == [1]


def test_progress_is_seen_while_the_work_holds_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def work(progress: queue.Progress, _params: dict[str, Any]) -> None:
        db.session.rollback()
        progress(1, 2)
        seen.append(tuple(db.session.execute(select(Job.done, Job.total)).one()))

    monkeypatch.setitem(queue.works, "probe", work)
    ask()
    assert seen == [(1, 2)]


def test_slow_work_keeps_no_other_work_waiting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done, may_end = queue.SimpleQueue[int](), Event()

    def run(job_id: int) -> None:
        may_end.wait(5)
        done.put(job_id)

    monkeypatch.setattr(queue, "run", run)
    lane = queue.SlowLane(app)
    lane.put(1)
    lane.put(2)
    assert done.empty()
    may_end.set()
    assert [done.get(timeout=5), done.get(timeout=5)] == [1, 2]


def test_slow_work_of_one_room_waits_for_none_of_another(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done, may_end = queue.SimpleQueue[int](), Event()

    def run(job_id: int) -> None:
        if job_id == 1:
            may_end.wait(5)
        done.put(job_id)

    monkeypatch.setattr(queue, "run", run)
    lanes = queue.SlowLanes(app)
    for kind, job_id in (("manuals.build", 1), ("manuals.build", 2), ("fairness.apply", 3)):
        lanes.put(kind, job_id)
    assert done.get(timeout=5) == 3
    may_end.set()
    assert [done.get(timeout=5), done.get(timeout=5)] == [1, 2]


def test_what_was_rolled_back_is_not_done(app: Flask, done: list[Any]) -> None:
    queue.ask_for("probe", by=SYSTEM, n=1)
    db.session.rollback()
    db.session.commit()
    queue.call_worker()
    assert done == []
    assert queue.sweep() == []


def test_a_failure_is_tried_again_and_leaves_nothing_half_done(app: Flask, done: list[Any]) -> None:
    job = ask(n=1, failures=1)
    assert state_of(job) == "queued"
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "probe.done")).all() == []
    assert queue.sweep() == [job]
    queue.run(job)
    assert state_of(job) == "done"
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "probe.done")).all()) == 1


def test_after_three_tries_it_has_failed(app: Flask, done: list[Any]) -> None:
    job = ask(n=1, failures=9)
    for _try in range(5):
        for waiting in queue.sweep():
            queue.run(waiting)
    assert done == [1, 1, 1]
    assert state_of(job) == "failed"


def test_a_refusal_is_told_and_not_tried_again(app: Flask, done: list[Any]) -> None:
    job = ask(n=1, sentence="The file holds no table. Send the roster itself.")
    row = db.session.get(Job, job)
    assert row is not None
    assert (row.state, row.sentence) == ("failed", "The file holds no table. Send the roster itself.")
    assert queue.sweep() == []


def test_the_sweep_finds_what_a_dead_worker_left(app: Flask, done: list[Any]) -> None:
    job = queue.ask_for("probe", by=SYSTEM, n=1)
    job.state, job.started_at, job.tries = "running", clock.now(), 1
    db.session.commit()
    assert queue.sweep() == []
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert queue.sweep() == [job.id]
        queue.run(job.id)
    assert state_of(job.id) == "done"


def test_work_that_kills_its_worker_is_given_up_in_the_end(app: Flask, done: list[Any]) -> None:
    job = queue.ask_for("probe", by=SYSTEM, n=1)
    job.state, job.started_at, job.tries = "running", clock.now(), queue.MAX_TRIES
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert queue.sweep() == []
    assert state_of(job.id) == "failed"


def test_the_worker_goes_on_when_periodic_work_fails(app: Flask) -> None:
    def fails() -> None:
        raise OSError("no")

    with capture_logs() as logs:
        queue._run_periodic("probe", fails)
    assert [line["event"] for line in logs] == ["periodic_failed"]


def test_a_job_that_the_database_left_in_the_middle_goes_on_with_the_next_sweep(
    app: Flask, done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no try of its own: a disk that was full for long fails no job."""
    work = queue.works["probe"]

    def interrupted(progress: queue.Progress, params: dict[str, Any]) -> None:
        work(progress, params)
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setitem(queue.works, "probe", interrupted)
    job = ask(n=1)
    for _minute in range(queue.MAX_TRIES + 1):
        assert state_of(job) == "running"
        assert queue.sweep() == [job]
        queue.run(job)
    monkeypatch.setitem(queue.works, "probe", work)
    assert queue.sweep() == [job]
    queue.run(job)
    assert state_of(job) == "done"
    assert db.session.scalar(select(Job.tries)) == 1


def test_waiting_jobs_are_called_again_only_when_no_call_is_on_its_way(
    app: Flask, done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    huey = MemoryHuey("probe")
    apart = Flask("probe")
    monkeypatch.setattr(queue, "sweep", lambda: [7, 8])
    monkeypatch.setattr(queue, "periodic", [])
    queue.install(apart, lambda: huey)
    for _minute in range(3):
        apart.extensions["each_minute"]()
    assert huey.pending_count() == 2

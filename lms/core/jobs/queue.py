"""The queue: rooms register work, actions ask for it, the worker does it, with retries.

A job's row is committed together with what asked for it. Only then is the worker called (through huey); a sweep calls
it again for rows that were left, so nothing asked for is forgotten, even if a process dies between the two.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from lms.core import clock
from lms.core.audit.actions import Actor
from lms.core.audit.origins import working
from lms.core.database.base import db
from lms.core.database.engine import own_transaction
from lms.core.database.trouble import trouble_of
from lms.core.errors import CascadeError
from lms.core.jobs.models import Job

if TYPE_CHECKING:
    from huey import Huey

Progress = Callable[[int, int], None]
Work = Callable[[Progress, dict[str, Any]], None]
works: dict[str, Work] = {}
slow_kinds: set[str] = set()
periodic: list[tuple[str, Callable[[], None]]] = []
interrupted: set[int] = set()
"""Jobs of this process that the database left in the middle; it could not be told then."""
MAX_TRIES = 3
STUCK_AFTER = timedelta(minutes=15)
log = structlog.get_logger(__name__)
logging.getLogger("huey").setLevel(logging.WARNING)


def unseen(_done: int, _total: int) -> None:
    """The progress of work that nobody watches."""


def work(kind: str, *, slow: bool = False) -> Callable[[Work], Work]:
    """Register a function as the work of jobs of `kind`. It is called with (progress, params) in a transaction of its
    own; it must be safe to call again. `slow` work takes minutes and holds no transaction meanwhile: that of one room
    (what stands before the full stop of its kind) is done one after another, beside the other jobs and the slow work
    of other rooms, which do not wait for it."""

    def register(function: Work) -> Work:
        works[kind] = function
        slow_kinds.update({kind} if slow else ())
        return function

    return register


def every_minute(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that the worker calls once a minute, in a transaction of its own."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        periodic.append((name, function))
        return function

    return register


def ask_for(kind: str, *, by: Actor, **params: Any) -> Job:
    """The job row for later work of `kind`, flushed; the worker is called when the caller has committed."""
    job = Job(kind=kind, params=params, account_id=by.account_id, created_at=clock.machine_time())
    db.session.add(job)
    db.session.flush()
    db.session.info.setdefault("jobs_to_call", []).append(job.id)
    return job


def run(job_id: int) -> None:
    """Do one queued job now. A refusal or the last failed try marks it failed with a sentence; nothing is half done."""
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "queued")
        .values(state="running", started_at=clock.machine_time(), tries=Job.tries + 1)
        .returning(Job.kind, Job.params, Job.tries)
    ).one_or_none()
    db.session.commit()
    if claimed is None:
        return
    kind, params, tries = claimed
    try:
        with working():
            works[kind](_progress_of(job_id), params)
        _end(job_id, "done", "")
    except CascadeError as refusal:
        db.session.rollback()
        _end(job_id, "failed", refusal.sentence)
    except Exception as fault:
        db.session.rollback()
        if trouble_of(fault) is None:
            log.exception("job_failed", job=job_id, kind=kind, tries=tries)
            _end(job_id, "failed" if tries >= MAX_TRIES else "queued", "")
        else:
            log.error("job_interrupted", job=job_id, kind=kind, trouble=trouble_of(fault))
            interrupted.add(job_id)


def sweep() -> list[int]:
    """Ids of jobs that wait. First, those that a trouble of the database stopped are queued again (that was no try of
    theirs), and those whose worker died while running, or failed after the last try."""
    stopped = sorted(interrupted)
    mine = [Job.id.in_(stopped), Job.state == "running"]
    db.session.execute(update(Job).where(*mine).values(state="queued", tries=Job.tries - 1))
    stuck = [Job.state == "running", Job.started_at < clock.machine_time() - STUCK_AFTER]
    failed = {"state": "failed", "ended_at": clock.machine_time()}
    db.session.execute(update(Job).where(*stuck, Job.tries >= MAX_TRIES).values(failed))
    db.session.execute(update(Job).where(*stuck).values(state="queued"))
    db.session.commit()
    interrupted.difference_update(stopped)
    return list(db.session.scalars(select(Job.id).where(Job.state == "queued").order_by(Job.id)))


def install(app: Flask, make_huey: Callable[[], Huey]) -> None:
    """Bind the queue to the app: commits call the worker, and the worker runs jobs inside the app. Where calls wait is
    made when somebody calls: commands that ask for no later work start without it."""

    lanes = SlowLanes(app)

    def run_in_app(job_id: int) -> None:
        with app.app_context():
            kind = db.session.scalar(select(Job.kind).where(Job.id == job_id)) or ""
            db.session.rollback()
            lanes.put(kind, job_id) if kind in slow_kinds else run(job_id)

    def each_minute() -> None:
        with app.app_context():
            waiting = sweep()
            if queue.huey.pending_count() == 0:  # else the worker is busy with its calls; it is not called twice
                for job_id in waiting:
                    queue.call(job_id)
            for name, function in periodic:
                _run_periodic(name, function)

    queue = _Queue(make_huey, run_in_app)
    app.extensions["huey"] = LocalProxy(lambda: queue.huey)
    app.extensions["each_minute"] = each_minute
    app.extensions["call_worker"] = queue.call


class _Queue:
    """Where calls of the worker wait; made when first asked for."""

    def __init__(self, make_huey: Callable[[], Huey], work: Callable[[int], None]) -> None:
        self.make_huey, self.work, self.making = make_huey, work, Lock()
        self.made: tuple[Huey, Callable[[int], object]] | None = None

    @property
    def huey(self) -> Huey:
        """The queue itself."""
        return self._made()[0]

    def call(self, job_id: int) -> None:
        """Have the worker do a job."""
        self._made()[1](job_id)

    def _made(self) -> tuple[Huey, Callable[[int], object]]:
        with self.making:
            if self.made is None:
                huey = self.make_huey()
                self.made = huey, huey.task()(self.work)
            return self.made


class SlowLanes:
    """A lane for the slow jobs of each room: manuals that are laid out for minutes keep no regrade waiting."""

    def __init__(self, app: Flask) -> None:
        self.lanes: defaultdict[str, SlowLane] = defaultdict(lambda: SlowLane(app))

    def put(self, kind: str, job_id: int) -> None:
        """Do this job when those of its room before it are done."""
        self.lanes[kind.partition(".")[0]].put(job_id)


class SlowLane:
    """Does slow jobs one after another in a thread of its own, which begins with the first and ends with the worker."""

    def __init__(self, app: Flask) -> None:
        self.app, self.jobs, self.begun = app, SimpleQueue[int](), Lock()

    def put(self, job_id: int) -> None:
        """Do this job when those before it are done."""
        self.jobs.put(job_id)
        if self.begun.acquire(blocking=False):
            Thread(target=self._work, name="slow lane", daemon=True).start()

    def _work(self) -> None:
        while True:
            job_id = self.jobs.get()
            try:
                with self.app.app_context():
                    run(job_id)
            except Exception:
                log.exception("slow_job_failed", job=job_id)  # the sweep calls it again


@event.listens_for(Session, "after_commit")
def _call_worker(session: Session) -> None:
    for job_id in session.info.pop("jobs_to_call", []):
        session.info.setdefault("jobs_called", []).append(job_id)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    session.info.pop("jobs_to_call", None)


def call_worker() -> None:
    """Call the worker for every job committed by this session; at once and in this process when so configured."""
    called: list[int] = db.session.info.pop("jobs_called", [])
    for job_id in called:
        if current_app.extensions["settings"].immediate_jobs:
            run(job_id)
        else:
            _call(job_id)
    if called and current_app.extensions["settings"].immediate_jobs:
        call_worker()


def _call(job_id: int) -> None:
    """A queue that does not answer must not spoil what is committed already: the sweep finds the job."""
    try:
        current_app.extensions["call_worker"](job_id)
    except Exception as fault:
        log.warning("worker_not_called", job=job_id, reason=type(fault).__name__)


def _run_periodic(name: str, function: Callable[[], None]) -> None:
    try:
        with working():
            function()
        db.session.commit()
        call_worker()
    except Exception:
        db.session.rollback()
        log.exception("periodic_failed", name=name)


def _progress_of(job_id: int) -> Progress:
    def progress(done: int, total: int) -> None:
        """Show how far the work is; seen by others once committed, so big works call it between their steps. On SQLite,
        which has one writer, it is shown only while the work holds no transaction of its own."""
        if db.engine.dialect.name == "sqlite" and db.session().in_transaction():
            return
        with own_transaction() as connection:
            connection.execute(update(Job).where(Job.id == job_id).values(done=done, total=total))

    return progress


def _end(job_id: int, state: str, sentence: str) -> None:
    db.session.execute(
        update(Job).where(Job.id == job_id).values(state=state, sentence=sentence, ended_at=clock.machine_time())
    )
    db.session.commit()
    call_worker()

"""Figures for whoever watches the server: how many requests, how long, which troubles; no personal data, no ids."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter

import structlog
from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from lms.core.database.base import db
from lms.core.errors import NotFound
from lms.core.jobs.models import Job

SLOW = 1.0
"""Seconds from which a request is told in the log."""
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The folder in which several server processes keep their figures together."""
LAST_BACKUP = "last-backup"
"""The file of an installation whose age is that of its newest backup."""
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
requests = Counter("cascade_requests", "Requests answered.", ["endpoint", "status"])
seconds = Histogram("cascade_request_seconds", "Seconds until an answer was ready.", ["endpoint"], buckets=BUCKETS)
troubles = Counter("cascade_database_troubles", "Requests that met a trouble of the database.", ["trouble"])
ROOM = 4 * 1024 * 1024
"""Bytes for the figures of one kind of one process: more than all endpoints and statuses take."""
log = structlog.get_logger(__name__)
_roomy = 0
"""The process that has its room."""
_is_kept = True


def install(app: Flask) -> None:
    """Count every request: called before all else, so that its clock starts first and stops last."""
    app.before_request(begin)
    app.after_request(count)


def begin() -> None:
    """Note when the request came."""
    g.began = perf_counter()


def count(response: Response) -> Response:
    """Count the answer. A slow one stands in the log too: by its endpoint, never by its address."""
    endpoint, took = request.endpoint or "none", perf_counter() - g.get("began", perf_counter())
    keep(lambda: _count(endpoint, response.status_code, took))
    if took >= SLOW:
        said = {"endpoint": endpoint, "method": request.method, "status": response.status_code}
        log.info("slow_request", **said, seconds=round(took, 3))
    return response


def count_trouble(trouble: str) -> None:
    """Count a request that met a trouble of the database."""
    keep(lambda: troubles.labels(trouble).inc())


def keep(figure: Callable[[], None]) -> None:
    """Count if it can be: no answer is ever spoilt because a figure cannot be kept. Told once in the log."""
    global _is_kept
    try:
        make_room()
        figure()
        _is_kept = True
    except Exception as fault:
        if _is_kept:
            log.warning("figures_not_kept", reason=type(fault).__name__)
        _is_kept = False


def make_room() -> None:
    """Take this process's room on the disk before the first figure: they are kept in files mapped into memory, and a
    process that writes there when the disk is full is killed. Raises OSError when there is no room."""
    global _roomy
    folder = os.environ.get(SHARED)
    if not folder or _roomy == os.getpid():
        return
    for kind in ("counter", "histogram"):
        _allocate(Path(folder) / f"{kind}_{os.getpid()}.db")
    _roomy = os.getpid()


def _allocate(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        os.posix_fallocate(handle, 0, ROOM)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _count(endpoint: str, status: int, took: float) -> None:
    requests.labels(endpoint, status).inc()
    seconds.labels(endpoint).observe(took)


def figures() -> bytes:
    """All figures of all processes of this server, with the jobs that wait now, in Prometheus' text format."""
    registry, settings = CollectorRegistry(), current_app.extensions["settings"]
    folder = os.environ.get(SHARED)
    if folder and Path(folder).is_dir():
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for metric in (requests, seconds, troubles):
            registry.register(metric)
    registry.register(Now(settings.instance / LAST_BACKUP))
    return generate_latest(registry)


class Now(Collector):
    """Jobs by state and the newest backup, as they are at that moment. (A `Gauge` would be kept for each process, and
    told for those that a reload has ended.)"""

    def __init__(self, last_backup: Path) -> None:
        self.last_backup = last_backup

    def collect(self) -> Iterator[Metric]:
        """No jobs when the database is away, which is when the others are wanted most; 0 when there is no backup."""
        jobs = GaugeMetricFamily("cascade_jobs", "Later work, by its state.", labels=["state"])
        with suppress(SQLAlchemyError):
            for state, number in db.session.execute(select(Job.state, func.count()).group_by(Job.state)):
                jobs.add_metric([state], number)
        yield jobs
        made_at = self.last_backup.stat().st_mtime if self.last_backup.exists() else 0.0
        yield GaugeMetricFamily("cascade_last_backup_timestamp_seconds", "When the newest backup was made.", made_at)


def check_is_near() -> None:
    """Let only this machine read the figures: to others there is no such page."""
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - no address to listen on
        raise NotFound

"""Figures for whoever watches the server: how many requests, how long, which troubles; no personal data, no ids."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
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
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
requests = Counter("cascade_requests", "Requests answered.", ["endpoint", "status"])
seconds = Histogram("cascade_request_seconds", "Seconds until an answer was ready.", ["endpoint"], buckets=BUCKETS)
troubles = Counter("cascade_database_troubles", "Requests that met a trouble of the database.", ["trouble"])
log = structlog.get_logger(__name__)


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
    requests.labels(endpoint, response.status_code).inc()
    seconds.labels(endpoint).observe(took)
    if took >= SLOW:
        log.info(
            "request", endpoint=endpoint, method=request.method, status=response.status_code, seconds=round(took, 3)
        )
    return response


def figures() -> bytes:
    """All figures of all processes of this server, with the jobs that wait now, in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for metric in (requests, seconds, troubles):
            registry.register(metric)
    registry.register(JobsNow())
    return generate_latest(registry)


class JobsNow(Collector):
    """Jobs by state, asked of the database at that moment. (A `Gauge` would be kept for each process, and told for
    those that a reload has ended.)"""

    def collect(self) -> Iterator[Metric]:
        """The one figure; empty when the database is away, which is when the others are wanted most."""
        jobs = GaugeMetricFamily("cascade_jobs", "Later work, by its state.", labels=["state"])
        with suppress(SQLAlchemyError):
            for state, number in db.session.execute(select(Job.state, func.count()).group_by(Job.state)):
                jobs.add_metric([state], number)
        yield jobs


def check_is_near() -> None:
    """Let only this machine read the figures: to others there is no such page."""
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - no address to listen on
        raise NotFound

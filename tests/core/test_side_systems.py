"""Figures, logs and the queue's storage: what they cannot do spoils nothing else."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from huey import Huey
from structlog.testing import capture_logs

from lms.core.jobs import ticking
from lms.core.jobs.storage import FileStorage
from lms.core.logging import Errors
from lms.core.web import metrics


@pytest.fixture
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has counted nothing yet."""
    monkeypatch.setattr(metrics, "_roomy", 0)
    monkeypatch.setattr(metrics, "_is_kept", True)


@pytest.mark.usefixtures("afresh")
def test_figures_that_cannot_be_kept_are_told_once_and_fail_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(metrics.SHARED, "/dev/null/metrics")
    counted: list[int] = []
    with capture_logs() as logs:
        for number in range(3):
            metrics.keep(lambda number=number: counted.append(number))  # type: ignore[misc]
    assert counted == []
    assert [(line["event"], line["reason"]) for line in logs] == [("figures_not_kept", "NotADirectoryError")]


@pytest.mark.usefixtures("afresh")
def test_room_for_figures_is_taken_before_the_first_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(metrics.SHARED, str(tmp_path))
    metrics.make_room()
    sizes = {path.name: path.stat().st_blocks * 512 for path in tmp_path.iterdir()}
    assert sizes == {f"{kind}_{os.getpid()}.db": metrics.ROOM for kind in ("counter", "histogram")}


@pytest.mark.usefixtures("afresh")
def test_without_room_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv(metrics.SHARED, str(tmp_path))
    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(OSError, match="No space"):
        metrics.make_room()
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_cannot_be_written_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stderr", full)
        Errors().write("a line\n")
        Errors().flush()
        monkeypatch.setattr(sys, "stderr", None)
        Errors().write("a line\n")
        Errors().flush()
        monkeypatch.undo()
        with pytest.raises(OSError, match="No space"):
            full.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Huey]:
    """A queue that nobody has used yet."""
    made = Huey("probe", storage_class=FileStorage, filename=str(tmp_path / "jobs.db"))
    yield made
    made.storage.close()


def test_a_queue_asks_nothing_before_it_is_used(queue: Huey, tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []
    queue.storage.enqueue(b"call")
    assert queue.pending_count() == 1


def test_a_spoilt_queue_is_put_aside(queue: Huey, tmp_path: Path) -> None:
    (tmp_path / "jobs.db").write_bytes(b"no database" * 100)
    with capture_logs() as logs:
        queue.storage.enqueue(b"call")
    assert queue.storage.dequeue() == b"call"
    assert (tmp_path / "jobs.db.spoilt").read_bytes().startswith(b"no database")
    assert [line["event"] for line in logs] == ["queue_put_aside"]


def test_a_queue_that_cannot_be_opened_is_no_reason_to_put_it_aside(queue: Huey, tmp_path: Path) -> None:
    (tmp_path / "jobs.db").mkdir()
    with pytest.raises(sqlite3.OperationalError):
        queue.storage.enqueue(b"call")
    (tmp_path / "jobs.db").rmdir()
    queue.storage.enqueue(b"call")
    assert queue.pending_count() == 1


def test_what_is_due_each_minute_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "EVERY", 0.001)
    stop, done = threading.Event(), list[int]()

    def work() -> None:
        done.append(1)
        if len(done) == 3:
            stop.set()
        raise OSError("no")

    with capture_logs() as logs:
        ticking.keep_ticking(work, stop)
    assert [line["event"] for line in logs] == ["minute_failed"] * 3

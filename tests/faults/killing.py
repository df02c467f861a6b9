"""Kill a piece of work at one of its steps, in a process of its own, as a power cut would."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from lms.core.database import bulk
from tests.faults.sizes import FULL

KILLED = 9
DONE = 0
STEPS: tuple[tuple[Any, str], ...] = (
    (Path, "rename"),
    (Path, "replace"),
    (Path, "unlink"),
    (Path, "mkdir"),
    (os, "fsync"),
)
"""What changes something on disk."""


def kill_at(step: int, work: Callable[[], object], arm: Callable[[int], None] | None = None) -> bool:
    """Do the work in a child that is killed just before its step of this number (from 0); whether it was killed. What
    a step is says `arm`: without it, each change on disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads: the child only works and ends
        child = os.fork()
    if child == 0:
        (arm or die_at_change)(step)
        status = 1
        try:
            work()
            status = DONE
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (KILLED, -signal.SIGKILL, DONE), f"the work failed by itself at step {step}"
    return status != DONE


def die_at_statement(step: int) -> None:
    """Have this process die before its statement of this number."""
    left = [step]

    @event.listens_for(Engine, "before_cursor_execute")
    def count(*_words: object) -> None:
        if left[0] == 0:
            os._exit(KILLED)
        left[0] -= 1


def die_at_write(step: int) -> None:
    """Have this process kill itself (SIGKILL) before its statement, its row of a bulk write or its commit of this
    number; the commit itself is followed by one step more."""
    count_writes(lambda number: os.kill(os.getpid(), signal.SIGKILL) if number == step else None)


def count_writes(take: Callable[[int], object]) -> None:
    """Tell `take` before each statement, each row of a bulk write and each commit, and after each commit, how many of
    these there were before."""
    numbers = count()

    def next_step(*_words: object) -> None:
        take(next(numbers))

    def rows(*words: Any) -> Iterator[list[Any]]:
        for row in plain(*words):
            next_step()
            yield row

    plain = bulk._plain
    bulk._plain = rows
    event.listen(Engine, "before_cursor_execute", next_step)
    event.listen(Session, "before_commit", next_step)
    event.listen(Session, "after_commit", next_step)


def die_at_change(step: int) -> None:
    """Have this process die before its change on disk of this number."""
    left = [step]

    def counted(do: Callable[..., Any]) -> Callable[..., Any]:
        def step_of(*words: Any, **named: Any) -> Any:
            if left[0] == 0:
                os._exit(KILLED)
            left[0] -= 1
            return do(*words, **named)

        return step_of

    for owner, name in STEPS:
        setattr(owner, name, counted(getattr(owner, name)))


def steps(*, every: int) -> Iterator[int]:
    """Numbers of steps: each in the long campaign, every so many in the suite, first ones always."""
    number = 0
    while True:
        yield number
        number += 1 if FULL else every

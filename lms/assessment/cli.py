"""Commands about tests."""

from __future__ import annotations

import sys

import click

from lms.assessment.verifying import count_graded, list_differences
from lms.core.command import answer, in_app


@click.group("tests")
def tests() -> None:
    """Check tests that were taken."""


@tests.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def verify(as_json: bool) -> None:
    """Grade every test that was taken once more, from its answers, its paper, the questions as they were and what
    officers decided; say which stored scores and deadlines differ. Changes nothing; exit code 1 when any differs."""
    total = count_graded()
    with click.progressbar(length=total, label="Tests", hidden=not sys.stdout.isatty()) as bar:
        found = list(list_differences(bar.update))
    told = [
        {"attempt": one.attempt_id, "what": one.what, "stored": one.stored, "replayed": one.replayed} for one in found
    ]
    lines = [f"attempt {one.attempt_id}: {one.what} is {one.stored}, should be {one.replayed}" for one in found]
    answer(
        {"attempts": total, "differences": told},
        as_json=as_json,
        words="\n".join([*lines, f"{total} tests graded again, {len(found)} differences."]),
    )
    if found:
        sys.exit(1)


COMMANDS = [tests]

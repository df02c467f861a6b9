"""Commands about completion."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import click

from lms.campaigns.queries import get_open_campaign
from lms.commissions.cli import scope_named
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_central
from lms.core import clock
from lms.core.command import in_app
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.errors import Refused
from lms.reporting.export import note_export, stream_csv
from lms.reporting.queries import list_tops
from lms.reporting.recount import find_drift
from lms.reporting.rules import PACE_DAYS

SHOWN = 20


@click.group("reports")
def reports() -> None:
    """Figures about the training."""


@reports.command("completion")
@click.option("--csv", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--by", default=None, help="Login of whoever asks: only that branch is written.")
@in_app
def completion(file: Path, by: str | None) -> None:
    """Write the list of everyone who must be trained, with what each has yet to do, as CSV."""
    with only_reading():  # the list is long, and nobody's answer waits for it
        _write(file, scope_named(by) if by else SYSTEM, branch=by is not None)
        db.session.commit()
    click.echo(f"Written: {file}")


def _write(file: Path, scope: Scope, *, branch: bool) -> None:
    top = next(iter(list_tops(scope)), None) if branch else find_central()
    if top is None:
        raise Refused("There is no branch to report on: nobody watches one with this login, or nothing is set up yet.")
    campaign = get_open_campaign()
    note_export(commission_id=top.id, by=scope)
    handle, part = tempfile.mkstemp(dir=file.resolve().parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.writelines(stream_csv(scope, top.id, campaign.id))
        Path(part).replace(file)
    finally:
        Path(part).unlink(missing_ok=True)


@reports.command("verify")
@in_app
def verify() -> None:
    """Count everything another way and compare it with what the pages show."""
    with only_reading():
        compared, drift = find_drift(get_open_campaign().id, since=clock.now() - timedelta(days=PACE_DAYS))
        db.session.commit()
    if drift:
        more = f"\n... and {len(drift) - SHOWN} more." if len(drift) > SHOWN else ""
        raise Refused("\n".join(drift[:SHOWN]) + more)
    click.echo(f"The figures of {compared} commissions agree with the recount.")


COMMANDS = [reports]

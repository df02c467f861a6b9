"""Commands about completion."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from lms.campaigns.queries import get_open_campaign
from lms.commissions.cli import scope_named
from lms.commissions.models import Commission
from lms.commissions.permissions import SYSTEM, Scope
from lms.commissions.queries import find_central
from lms.core.command import answer, in_app
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.errors import Refused
from lms.core.web.languages import LANGUAGES, speaking
from lms.reporting import snapshot
from lms.reporting.actions import rebuild_counters
from lms.reporting.export import note_export, stream_csv
from lms.reporting.members import Wanted
from lms.reporting.pages import pace_of
from lms.reporting.paging import count_wanted
from lms.reporting.queries import list_tops
from lms.reporting.recount import find_drift
from lms.reporting.summary import print_summary, summarise

SHOWN = 20


@click.group("reports")
def reports() -> None:
    """Figures about the training."""


@reports.command("completion")
@click.option("--csv", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--by", default=None, help="Login of whoever asks: only that branch is written.")
@click.option("--reason", default="", help="What the list is needed for: it is recorded.")
@in_app
def completion(file: Path, by: str | None, reason: str) -> None:
    """Write the list of everyone who must be trained, with what each has yet to do, as CSV."""
    scope = scope_named(by) if by else SYSTEM
    note_export(commission_id=_get_top(scope, own=by is not None).id, reason=reason, by=scope)
    db.session.commit()  # nobody who writes waits while the list is read
    with only_reading():
        top = _get_top(scope, own=by is not None)
        campaign = get_open_campaign()
        total = count_wanted(scope, top, campaign.id, Wanted())
        _write(file, stream_csv(scope, top.id, campaign.id), total)
    click.echo(f"Written: {file}")


@reports.command("summary")
@click.option("--language", type=click.Choice(LANGUAGES), default="kk", help="Language of the names and the sheet.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("--pdf", "file", type=click.Path(path_type=Path, dir_okay=False), help="PDF to write.")
@in_app
def summary(language: str, as_json: bool, file: Path | None) -> None:
    """The campaign's figures, country and regions: commissions, members, must, begun, finished; with their date."""
    if as_json == (file is not None):
        raise click.UsageError("Say how: --json, or --pdf FILE.")
    with only_reading(), speaking(language):
        sheet = summarise(_get_top(SYSTEM, own=False), get_open_campaign())
        content = print_summary(sheet, language) if file else b""
    if file:
        file.write_bytes(content)
    answer(sheet.as_json(), as_json=as_json, words=f"Written: {file}")


@reports.command("verify")
@click.option("--mend", is_flag=True, help="Count everything again where something does not agree.")
@in_app
def verify(mend: bool) -> None:
    """Count everything another way and compare it with what counters and pages say."""
    compared, drift = _look()
    if not drift:
        click.echo(f"The figures of {compared} commissions agree with the recount.")
        return
    more = f"\n... and {len(drift) - SHOWN} more." if len(drift) > SHOWN else ""
    said = "\n".join(drift[:SHOWN]) + more
    if not mend:
        raise Refused(f"{said}\nlms reports verify --mend counts everything again.")
    rebuild_counters(campaign_id=get_open_campaign().id, by=SYSTEM)
    db.session.commit()
    click.echo(said)
    _compared, left = _look()
    click.echo(f"Everything was counted again; {len(left)} of {len(drift)} sentences still hold.")


def _look() -> tuple[int, list[str]]:
    """What does not agree. Nobody who writes has to wait for it."""
    with only_reading():
        campaign = get_open_campaign()
        since = pace_of(campaign, _get_top(SYSTEM, own=False).time_zone).since
        snapshot.refresh(campaign.id, now=True)
        db.session.commit()  # what is read from here on has seen that
        found = find_drift(campaign.id, since=since)
        db.session.commit()
        return found


def _get_top(scope: Scope, *, own: bool) -> Commission:
    top = next(iter(list_tops(scope)), None) if own else find_central()
    if top is None:
        raise Refused("There is no branch to report on: nobody watches one with this login, or nothing is set up yet.")
    return top


def _write(file: Path, lines: Iterable[str], total: int) -> None:
    """Write the file whole or not at all; a bar counts the people on a terminal."""
    handle, part = tempfile.mkstemp(dir=file.resolve().parent, prefix=f".{file.name}.")
    try:
        with (
            os.fdopen(handle, "w", encoding="utf-8", newline="") as out,
            click.progressbar(length=total, label="People", hidden=not sys.stdout.isatty()) as bar,
        ):
            for text in lines:
                out.write(text)
                bar.update(text.count("\r\n"))
        Path(part).replace(file)
    finally:
        Path(part).unlink(missing_ok=True)


COMMANDS = [reports]

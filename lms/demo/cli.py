"""Commands of the demo: load the invented region or country, say who can sign in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from lms.campaigns.queries import is_demo
from lms.core.command import in_app
from lms.core.errors import Refused
from lms.demo import actions
from lms.demo.loading import Loaded, Progress
from lms.demo.nation import ABROAD_UNDER
from lms.demo.national import FIRST_DAY, LAST_DAY, load_country
from lms.demo.sign_ins import Kind, SignIn, list_sign_ins

SEED = 2022


@click.group("demo")
def demo() -> None:
    """An invented region, or the whole country, to try everything with."""


@demo.command("load")
@click.option("--scale", type=click.Choice(["region", "national"]), default="region", show_default=True)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another number invents other people.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help=f"National: the day that the installation keeps, from {FIRST_DAY}.  [default: {LAST_DAY}]",
)
@click.option(
    "--abroad-under", default=None, help=f"National: the district of the precincts abroad.  [default: {ABROAD_UNDER}]"
)
@in_app
def load(scale: str, seed: int, until: datetime | None, abroad_under: str | None) -> None:
    """Load invented people and their training: a region 21 days before an election, or the whole country in the
    campaign of 2022, which then stays on one day of it."""
    if scale == "national":
        _load_country(seed, until.date() if until else LAST_DAY, abroad_under or ABROAD_UNDER)
        return
    if until is not None or abroad_under is not None:
        raise Refused("A day and a place for the precincts abroad belong to the whole country: add --scale national.")
    with _bar() as progress:
        loaded = actions.load_region(seed=seed, progress=progress)
    if loaded is Loaded.EARLIER:
        click.echo("The demo region is there already. Nothing has changed.")
    else:
        click.echo("The demo region is loaded. Who can sign in: lms demo sign-ins")


def _load_country(seed: int, until: date, abroad_under: str) -> None:
    with _bar() as progress:
        loaded = load_country(seed=seed, until=until, abroad_under=abroad_under, progress=progress)
    if loaded is Loaded.EARLIER:
        click.echo(f"The whole country is there already, on {until}. Nothing has changed.")
        return
    click.echo(
        f"The whole country is loaded. Here it stays {until}: every page, command and job sees that day.\n"
        "Who can sign in: lms demo sign-ins"
    )


@demo.command("sign-ins")
@click.option("--role", type=click.Choice([kind.value for kind in Kind]), default=None, help="One role only.")
@click.option("--count", type=click.IntRange(min=1), default=1, show_default=True, help="So many of each role.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@in_app
def sign_ins(role: str | None, count: int, as_json: bool) -> None:
    """Say who can sign in, with passwords: demo installations only."""
    if not is_demo():
        raise Refused("This is no demo installation, so nobody's password is known. Load the demo: lms demo load")
    kinds = [Kind(role)] if role else list(Kind)
    found = [sign_in for kind in kinds for sign_in in list_sign_ins(kind, count)]
    if not found:
        raise Refused("There is nobody to sign in as yet. Load the demo region: lms demo load --scale region")
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in found], ensure_ascii=False, indent=2))
    else:
        _print_table(found)


def _print_table(found: list[SignIn]) -> None:
    table = Table("Role", "Login", "Password", "Commission", box=None, pad_edge=False, header_style="bold")
    for one in found:
        table.add_row(one.role.replace("_", " "), one.login, one.password, one.commission)
    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False)
    console.print(table)
    if any(one.totp_secret for one in found):
        console.print("Second step: the page that asks for six digits shows them, because this is a demo.")


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar where the output is a terminal; nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        tasks = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield progress


COMMANDS = [demo]

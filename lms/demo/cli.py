"""Commands of the demo: load the invented region, say who can sign in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from lms.campaigns.queries import is_demo
from lms.core.command import in_app
from lms.core.errors import Refused
from lms.demo import actions
from lms.demo.sign_ins import Kind, SignIn, list_sign_ins

SEED = 2022


@click.group("demo")
def demo() -> None:
    """An invented region to try everything with."""


@demo.command("load")
@click.option("--scale", type=click.Choice(["region", "national"]), default="region", show_default=True)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another number invents other people.")
@in_app
def load(scale: str, seed: int) -> None:
    """Load invented people and three weeks of their training: a region 21 days before an election."""
    if scale == "national":
        raise Refused(
            "The whole country is not there yet; it comes in a later version. Load one region: --scale region."
        )
    with _bar() as progress:
        loaded = actions.load_region(seed=seed, progress=progress)
    if loaded is actions.Loaded.EARLIER:
        click.echo("The demo region is there already. Nothing has changed.")
    else:
        click.echo("The demo region is loaded. Who can sign in: lms demo sign-ins")


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
def _bar() -> Iterator[actions.Progress]:
    """A progress bar where the output is a terminal; nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        tasks = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield progress


COMMANDS = [demo]

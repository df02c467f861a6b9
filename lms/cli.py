"""The `lms` command: collects the rooms' commands."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

import click

from lms.app import create_app

ROOMS = (
    "accounts",
    "commissions",
    "campaigns",
    "packs",
    "rosters",
    "certificates",
    "manuals",
    "reporting",
    "assessment",
    "home",
    "demo",
    "operations",
)


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Cascade: the training system of an election commission."""
    context.obj = create_app


def _collect() -> None:
    for room in ROOMS:
        if find_spec(f"lms.{room}.cli") is not None:
            for command in importlib.import_module(f"lms.{room}.cli").COMMANDS:
                main.add_command(command)


_collect()

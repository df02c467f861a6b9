"""The `lms` command: the rooms' commands, each room loaded only when one of its commands is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask

ROOM_OF: Mapping[str, str] = MappingProxyType(
    {
        "accounts": "commissions",
        "audit": "operations",
        "backup": "operations",
        "certificates": "certificates",
        "country": "operations",
        "db": "operations",
        "demo": "demo",
        "init": "operations",
        "manuals": "manuals",
        "packs": "packs",
        "people": "retention",
        "questions": "exchange",
        "reports": "reporting",
        "restore": "operations",
        "retention": "retention",
        "roles": "commissions",
        "rosters": "rosters",
        "serve": "operations",
        "tests": "assessment",
        "worker": "operations",
    }
)
"""The room whose `cli.py` holds a command."""


class Rooms(click.Group):
    """The commands of every room's `cli.py`, found by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return sorted(ROOM_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name; its room is loaded now."""
        room = ROOM_OF.get(cmd_name)
        if room is None:
            return None
        commands: list[click.Command] = importlib.import_module(f"lms.{room}.cli").COMMANDS
        return next(command for command in commands if command.name == cmd_name)


@click.group(cls=Rooms)
@click.pass_context
def main(context: click.Context) -> None:
    """Cascade: the training system of an election commission."""
    context.obj = make_app


def make_app() -> Flask:
    """The application, loaded when a command is run in it: help is given without."""
    from lms.app import create_app

    return create_app()

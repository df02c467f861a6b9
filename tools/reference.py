"""Write the pages of the documentation that the code itself knows: `python -m tools.reference`.

docs/routes.md lists every page with who may enter, docs/commands.md every `lms` command. A test compares them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from werkzeug.routing import Rule

from lms.app import create_app
from lms.cli import main as lms
from lms.core.config import ROOT
from lms.core.web.access import mark_of
from tools.migrations import scratch_settings

ROUTES = ROOT / "docs" / "routes.md"
COMMANDS = ROOT / "docs" / "commands.md"
ROUTES_HEAD = """# Every route, and who may enter

Written by `python -m tools.reference` from the access marks in the code; a test fails when it is out of date. The app
does not start while an endpoint has no mark. A duty opens the door; the view then asks about the place: what lies
outside the reader's branch answers 404, like what does not exist. Every address is also read as `/kk/...`, `/ru/...`
and `/en/...`.

| Route | Methods | Who may enter | Endpoint |
|---|---|---|---|
"""
COMMANDS_HEAD = """# Every `lms` command

Written by `python -m tools.reference` from the commands themselves; a test fails when it is out of date. The command
lies in `.venv/bin`. It ends with 0 when it is done, with 1 when it was refused (a sentence says why, and nothing has
happened), with 2 when it was used wrongly. `--help` explains each; `--json` answers for programs.
"""


def routes_page(app: Flask) -> str:
    """The page of all routes."""
    return ROUTES_HEAD + "".join(sorted(_row(app, rule) for rule in app.url_map.iter_rules()))


def commands_page() -> str:
    """The page of all commands."""
    return COMMANDS_HEAD + "".join(_section(words, command) for words, command in commands(lms, "lms"))


def commands(group: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group: what is typed, and the command."""
    if not isinstance(group, click.Group):
        yield words, group
        return
    context = click.Context(group)
    for name in sorted(group.list_commands(context)):
        found = group.get_command(context, name)
        if found is not None:
            yield from commands(found, f"{words} {name}")


def _row(app: Flask, rule: Rule) -> str:
    methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    mark = mark_of(app.view_functions[rule.endpoint])
    return f"| `{rule}` | {methods} | {mark.words if mark else 'nobody'} | `{rule.endpoint}` |\n"


def _section(words: str, command: click.Command) -> str:
    usage = [f" {found.make_metavar(click.Context(command))}" for found in _arguments(command)]
    lines = [f"\n## `{words}{''.join(usage)}`\n\n", f"{' '.join((command.help or '').split())}\n"]
    options = [found for found in command.params if isinstance(found, click.Option)]
    lines += ["\n"] if options else []
    return "".join([*lines, *(_option(option) for option in options)])


def _arguments(command: click.Command) -> list[click.Argument]:
    return [found for found in command.params if isinstance(found, click.Argument)]


def _option(option: click.Option) -> str:
    need = " (needed)" if option.required else ""
    choices = f" ({', '.join(option.type.choices)})" if isinstance(option.type, click.Choice) else ""
    return f"- `{option.opts[0]}`{need}: {option.help or ''}{choices}".rstrip(": ") + "\n"


def main() -> None:
    """Write both pages."""
    with tempfile.TemporaryDirectory() as folder:
        ROUTES.write_text(routes_page(create_app(scratch_settings(Path(folder)))), encoding="utf-8")
    COMMANDS.write_text(commands_page(), encoding="utf-8")
    print(f"Written: {ROUTES.relative_to(ROOT)}, {COMMANDS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""The house holds: who may import whom, and habits that a reader relies on."""

from __future__ import annotations

import ast
import configparser
import functools
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from lms.cli import ROOM_OF
from lms.core.config import ROOT

LMS = ROOT / "lms"
ROOMS = sorted(path.parent.name for path in LMS.glob("*/__init__.py"))
MODULES = sorted(LMS.rglob("*.py"))


def test_the_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_room_stands_in_the_contracts() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    inside = contracts["importlinter:contract:room"]["containers"].split()
    assert inside == [f"lms.{room}" for room in ROOMS if room != "core"]


def test_every_rooms_commands_are_found_by_their_names() -> None:
    rooms = [room for room in ROOMS if (LMS / room / "cli.py").exists()]
    held = {command.name: room for room in rooms for command in importlib.import_module(f"lms.{room}.cli").COMMANDS}
    assert dict(ROOM_OF) == held


def test_no_code_in_init() -> None:
    busy = [path for path in MODULES if path.name == "__init__.py" and any(map(is_code, tree_of(path).body))]
    assert busy == []


def is_code(part: ast.stmt) -> bool:
    """Whether a statement is more than a docstring."""
    return not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))


def test_parts_of_views_and_forms_stay_in_their_room() -> None:
    """The contracts protect views and forms; this also holds for parts such as `views_attendance`."""
    foreign = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        for name in imported_names(path)
        if (found := re.match(r"lms\.(\w+)\.(views|forms)", name)) and not path.is_relative_to(LMS / found[1])
    ]
    assert foreign == []


def test_only_doors_commit() -> None:
    """One commit a request, a command or a job: the rooms' own code flushes."""
    doors = {"command.py", "setup.py", "queue.py", "cli.py", "tasks.py"}
    commits = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if path.name not in doors
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit" and "session" in ast.unparse(node.value)
    ]
    assert commits == []


def test_relationships_point_downward_without_backrefs() -> None:
    backrefs = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword) and node.arg in ("backref", "back_populates")
    ]
    assert backrefs == []


def test_public_functions_say_what_the_caller_gets() -> None:
    silent = [f"{path.relative_to(ROOT)}:{node.lineno} {node.name}" for path in MODULES for node in silent_in(path)]
    assert silent == []


def silent_in(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Public functions and classes at the top of a module without a docstring."""
    for node in tree_of(path).body:
        named = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        if named and isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not ast.get_docstring(node):
            yield node


def imported_names(path: Path) -> Iterator[str]:
    """Every module and name imported anywhere in a file, in full."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))

"""The documentation knows every command, target and setting, and leads nowhere that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lms.core.config import ROOT
from tools.reference import COMMANDS, commands_page

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


def words_of(*names: str) -> str:
    """The text of some pages."""
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def test_every_command_is_described() -> None:
    assert COMMANDS.read_text(encoding="utf-8") == commands_page(), "run: .venv/bin/python -m tools.reference"


def test_every_target_of_make_is_described() -> None:
    targets = re.findall(r"^([a-z]+):.*##", words_of("Makefile"), re.MULTILINE)
    assert len(targets) > 5
    readme = words_of("README.md")
    assert [target for target in targets if f"make {target}" not in readme] == []


def test_every_setting_is_described() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "lms").rglob("*.py"))
    settings = set(re.findall(r"""os\.environ(?:\.get\(|\[)["'](\w+)["']""", code))
    settings |= set(re.findall(r"^(?:export )?([A-Z_]+) \?=", words_of("Makefile"), re.MULTILINE))
    assert "DATABASE_URL" in settings
    described = words_of("docs/operating.md")
    assert [setting for setting in sorted(settings) if f"`{setting}`" not in described] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_guide() -> None:
    linked = set(LINK.findall(words_of("README.md")))
    guides = {str(guide.relative_to(ROOT)) for guide in (ROOT / "docs").glob("*.md")}
    assert guides - linked == set()


def test_decisions_say_why_what_and_what_follows() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert re.findall("^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], record.name


def test_the_rooms_are_all_on_the_map() -> None:
    readme = words_of("README.md")
    rooms = {path.parent.name for path in (ROOT / "lms").glob("*/__init__.py")}
    assert {room for room in rooms if f"`lms/{room}/`" not in readme} == set()


def test_the_readme_is_short() -> None:
    assert len(words_of("README.md").splitlines()) <= 120

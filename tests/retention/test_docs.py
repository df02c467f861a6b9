"""The table in the documentation is the one in the code."""

from __future__ import annotations

from lms.core.config import ROOT
from lms.retention.schedule import SCHEDULE, Category
from lms.retention.words import WORDS


def line_of(category: Category) -> str:
    """A category as a line of the table."""
    term, said = category.term, WORDS[category.code]
    bounds = "fixed" if term.is_fixed else f"{term.least} to {term.greatest}"
    cells = (f"`{category.code}`", said.name.message, said.begins.message, str(term.usual), bounds, said.why.message)
    return f"| {' | '.join(cells)} |"


def test_the_schedule_stands_in_the_documentation() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert [line for line in map(line_of, SCHEDULE) if line not in page] == []

"""How large the campaigns are: a smoke of seconds in the suite, full figures when FAULTS=full (`make faults`)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TypeVar

from tests.journeys.live import Live

T = TypeVar("T")
FULL = os.environ.get("FAULTS") == "full"


def size(smoke: T, full: T) -> T:
    """What the suite takes, or what the full campaign takes."""
    return full if FULL else smoke


def name_of(server: Live) -> str:
    """The database of an installation, in words."""
    return "PostgreSQL" if server.product.environment["DATABASE_URL"] else "SQLite"


def report(fault: str, database: str, figure: object, target: str) -> None:
    """Print one row of the table of `tools/faults`, and keep it in the file that FAULT_FIGURES names."""
    print(f"{fault}, {database}: {figure} (target: {target})")  # noqa: T201 - the figures are the point
    kept = os.environ.get("FAULT_FIGURES")
    if kept:
        row = {"fault": fault, "database": database, "figure": str(figure), "target": target}
        with Path(kept).open("a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def table(kept: Path) -> str:
    """The table of all rows kept in a file: fault, database, figure reached, target."""
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    cells = [("fault", "database", "figure reached", "target"), ("---",) * 4]
    cells += [(row["fault"], row["database"], row["figure"], row["target"]) for row in rows]
    return "\n".join(f"| {' | '.join(cell)} |" for cell in cells)


if __name__ == "__main__":
    print(table(Path(sys.argv[1])))  # noqa: T201 - the table is the point

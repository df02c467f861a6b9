"""The roster of every precinct of the country, by command: looked at, applied, sent once more, undone.

python -m bench.rosters [sqlite] [postgresql]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import python_calamine

from bench.measure import Ran, line, run
from tests import postgres
from tests.journeys.live import fresh_database
from tests.journeys.region import Product, installation

COURSE = Path(__file__).parents[1] / "courses" / "election-day"
TARGET = "<= 60 s, <= 400 MB"


def send(product: Product, file: Path, *words: str) -> tuple[Ran, dict[str, int], str]:
    """The command's figures, how many rows would be or were dealt with in which way, and the number of the import."""
    done = run(product.environment, "lms", "rosters", "import", str(file), "--by", "head", "--json", *words)
    said = json.loads(done.said)
    outcomes: dict[str, int] = said["outcomes"]
    return done, outcomes, str(said["import"])


def sums(product: Product) -> str:
    """Checksums of all that a roster touches."""
    return run(product.environment, "bench.sums").said


def measure(database: postgres.Server | None, file: Path, beside: str) -> None:
    """The rows of one database. Everyone who is seated is enrolled in a course too."""
    kind = "PostgreSQL" if database else "SQLite"
    with installation(fresh_database(database, f"rosters_{os.getpid()}")) as product:
        product.lms("init", "--demo", "--login", "head", "--json")
        product.lms("packs", "publish", str(COURSE), "--by", "head")
        start = run(product.environment, "lms", "rosters", "--help")
        before = sums(product)
        looked, outcomes, _number = send(product, file)
        rows = sum(outcomes.values())
        line(f"Roster of {rows:,} rows, looked at, {kind}", str(looked), f"{beside}, starting {start}", TARGET)
        applied, outcomes, number = send(product, file, "--apply")
        line(f"The same, applied, {kind}", f"{applied}: {outcomes['new']:,} new", "", TARGET)
        again, outcomes, _number = send(product, file, "--apply")
        changed = rows - outcomes["unchanged"]
        line(f"The same once more, {kind}", f"{again}: {changed} changed", "", f"{TARGET}, 0 changed")
        undone = run(product.environment, "lms", "rosters", "undo", number, "--by", "head", "--really")
        found = "as before" if sums(product) == before else "OTHERS THAN BEFORE"
        line(f"The import undone, {kind}", f"{undone}: checksums {found}", "", "checksums as before")


def read_cells(file: Path) -> float:
    """Seconds of a plain loop over every cell of the workbook."""
    begin = perf_counter()
    book = python_calamine.CalamineWorkbook.from_path(str(file))
    sum(len(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return perf_counter() - begin


def main(names: list[str]) -> None:
    """The rows of the databases named; of both when none is."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "country.xlsx"
        run(os.environ, "bench.roster_file", str(file))
        beside = f"reading the cells {read_cells(file):.1f} s"
        if not names or "sqlite" in names:
            measure(None, file, beside)
        if not names or "postgresql" in names:
            with postgres.running() as database:
                measure(database, file, beside)


if __name__ == "__main__":
    main(sys.argv[1:])

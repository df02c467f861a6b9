"""`python -m bench`: the figures, each beside a baseline of the same run. Takes minutes; close everything else."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import python_calamine

from bench.measure import line, rounds
from tests.journeys.region import installation

ROOT = Path(__file__).parents[1]
ROSTER = ROOT / "tests" / "rosters" / "data" / "mangystau-roster.xlsx"
CERTIFICATES = """
from time import process_time
from lms.app import create_app
from lms.certificates.models import Certificate
from lms.certificates.printing import render_sheets, sheet_of
from lms.core.database.base import db
with create_app().app_context():
    sheets = [sheet_of(one) for one in db.session.query(Certificate).limit(60)]
    render_sheets(sheets[:1], title="one")
    begin = process_time()
    size = sum(len(render_sheets([one], title="one")) for one in sheets[:20])
    alone = (process_time() - begin) / 20
    begin = process_time()
    together = render_sheets(sheets, title="all")
    print(len(sheets), alone, size / 20, (process_time() - begin) / len(sheets), len(together) / len(sheets))
"""


def head() -> None:
    """What was measured, where."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    print(f"Commit {commit}, {os.cpu_count()} cores, Python {platform.python_version()}. Medians; noisy machine.\n")
    print("| Work | Ours | Beside it in the same run | Target |")
    print("|---|---|---|---|", flush=True)


def bench_roster() -> None:
    """A region's roster: read, compared, applied; beside reading the same cells and a start of the command."""
    with installation() as product:
        product.lms("init", "--demo", "--login", "head", "--json")
        _low, bare, _high = rounds(lambda: read_cells(), 3)
        _low, start, _high = rounds(lambda: product.lms("--help"), 3)
        begin = perf_counter()
        product.lms("rosters", "import", str(ROSTER), "--by", "head", "--json")
        preview = perf_counter() - begin
        begin = perf_counter()
        product.lms("rosters", "import", str(ROSTER), "--by", "head", "--apply", "--leave-out-problems", "--json")
        applied = perf_counter() - begin
    beside = f"reading the cells {bare:.2f} s, starting the command {start:.2f} s"
    line("Roster of 1,765 rows, command in all: preview", f"{preview:.1f} s", beside, "<= 5 s")
    line("The same, applied", f"{applied:.1f} s", "", "<= 5 s")


def read_cells() -> int:
    """A plain loop over every cell of the workbook."""
    book = python_calamine.CalamineWorkbook.from_path(str(ROSTER))
    return sum(len(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())


def bench_certificates() -> None:
    """One certificate and a commission's document."""
    with installation() as product:
        product.lms("demo", "load", "--scale", "region")
        command = [sys.executable, "-c", CERTIFICATES]
        done = subprocess.run(command, env=product.environment, capture_output=True, text=True, check=True)
        n, alone, size, together, share = (float(value) for value in done.stdout.split())
    line("Certificate for its holder, tagged", f"{alone * 1000:.0f} ms CPU, {size / 1024:.0f} KB", "", "<= 45 ms")
    everyone = f"all 70,957 on 2 cores: {together * 70957 / 2 / 60:.0f} min"
    line(
        f"Certificate in one document of {n:.0f}",
        f"{together * 1000:.0f} ms CPU, {share / 1024:.1f} KB",
        everyone,
        "<= 15 min",
    )


def bench_manual() -> None:
    """The printed manual in one language, beside the start of a command."""
    with installation() as product, tempfile.TemporaryDirectory() as folder:
        product.lms("init", "--demo", "--login", "head", "--json")
        product.lms("packs", "publish", str(ROOT / "courses" / "election-day"), "--by", "head")
        _low, start, _high = rounds(lambda: product.lms("manuals", "--help"), 3)
        out = Path(folder) / "manual.pdf"
        begin = perf_counter()
        told = json.loads(
            product.lms("manuals", "build", "election-day", "--language", "kk", "--out", str(out), "--json")
        )
        took = (perf_counter() - begin) / told["pages"]
        size = out.stat().st_size / told["pages"] / 1024
    said = f"{took:.2f} s, {size:.0f} KB a page, {told['pages']} pages"
    line("The manual in Kazakh, A4", said, f"starting the command {start:.1f} s", "<= 0.25 s a page")


def main() -> None:
    """Print the table."""
    head()
    bench_roster()
    bench_certificates()
    bench_manual()
    for part in (
        "bench.journeys",
        "bench.journeys national postgresql",
        "bench.rosters",
        "bench.country",
        "bench.fairness",
        "bench.saves",
        "bench.drawing",
    ):
        subprocess.run([sys.executable, "-m", *part.split()], check=True)


if __name__ == "__main__":
    main()

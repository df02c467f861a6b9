"""Write a migration from the difference between the models and all migrations so far:

    .venv/bin/python -m tools.migrations new "Give workshops a second trainer"

The file lies in migrations/versions/; read it, mend it, and run the tests of tests/checks/test_migrations.py.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory
from flask_migrate import revision, upgrade

from lms.app import create_app
from lms.core.config import ROOT, Settings, load_secrets

VERSIONS = ROOT / "migrations" / "versions"


def new(message: str) -> Path:
    """The file of the new migration; it is numbered after the last one."""
    number = f"{len(list(VERSIONS.glob('*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder, create_app(scratch_settings(Path(folder))).app_context():
        upgrade()
        revision(message=message, autogenerate=True, rev_id=number)
    written = next(VERSIONS.glob(f"{number}_*.py"))
    lines = [line for line in written.read_text().splitlines() if not line.strip().startswith("# ###")]
    written.write_text("\n".join(lines))
    for step in (["check", "--fix", "--ignore", "E501"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *step, "--quiet", str(written)], check=True)
    return written


def scratch_settings(folder: Path) -> Settings:
    """Settings of an installation that is thrown away."""
    return Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'scratch.db'}",
        public_url="http://localhost",
        secrets=load_secrets(folder / "secrets"),
        immediate_jobs=True,
    )


def heads() -> list[str]:
    """The newest migrations; there must be exactly one."""
    return ScriptDirectory(str(ROOT / "migrations")).get_heads()


def main(words: list[str]) -> None:
    """Answer the command line."""
    if len(words) != 2 or words[0] != "new":
        sys.exit(__doc__)
    print(f"Written: {new(words[1]).relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])

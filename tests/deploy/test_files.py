"""The files of deploy/: filled in whole, refused with a sentence when the settings cannot be meant, fit for their
programs. Nothing is started here."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lms.core.config import ROOT
from lms.core.database.engine import connections_of_process
from lms.operations.serving import SPARE, server_command
from tests.deploy.machine import Machine, machine
from tests.postgres import Server

DEPLOY = ROOT / "deploy"
UNITS = ("cascade-web.service", "cascade-worker.service", "cascade-backup.service", "cascade-backup.timer")
DATABASE = "postgresql:///cascade?host=/var/run/postgresql"


@pytest.fixture
def empty(tmp_path: Path, database_kind: str) -> Iterator[Machine]:
    """A machine on which nothing is installed yet."""
    if database_kind != "sqlite":
        pytest.skip("files are the same for both databases")
    with machine(tmp_path, instance=tmp_path / "srv", database_url=DATABASE, port=8000) as made:
        yield made


def test_it_is_installed_by_running_it_twice_and_filling_one_file_in(empty: Machine) -> None:
    first = empty.install()
    assert first.returncode == 1
    assert "An example is at /etc/cascade/cascade.env now" in first.stderr
    still = empty.install()
    assert still.returncode == 1
    assert "still the example" in still.stderr
    empty.write_settings()
    for _again in range(2):
        assert empty.install().returncode == 0
    files = [path for path in empty.root.rglob("*") if path.is_file() and path.suffix != ".pem"]
    assert {path.name for path in files} >= {*UNITS, "cascade.conf", "cascade.env", "cascade"}
    assert [path for path in files if re.search(r"@[A-Z_]+@", path.read_text(encoding="utf-8"))] == []
    analyze = shutil.which("systemd-analyze")
    if analyze:
        units = [str(empty.root / "etc/systemd/system" / name) for name in UNITS]
        done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PUBLIC_URL", "http://learning.example", "must begin with https://"),
        ("PUBLIC_URL", "https://learning.example/lms", "must be https:// and a name"),
        ("PUBLIC_URL", "https://", "must begin with https://"),
        ("INSTANCE", "srv/cascade", "whole path"),
        ("TLS_KEY", "", "must name files"),
        ("TLS_KEY", "/etc/my key.pem", "no path may hold"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(empty: Machine, name: str, value: str, sentence: str) -> None:
    empty.install()
    empty.settings[name] = value
    empty.write_settings()
    done = empty.install()
    assert done.returncode == 1
    assert done.stderr.startswith("Not installed: ")
    assert sentence in done.stderr
    assert not (empty.root / "etc/nginx").exists()


def test_the_command_runs_lms_with_the_settings_of_the_installation(empty: Machine) -> None:
    empty.install()
    empty.settings["PUBLIC_URL"], empty.settings["DATABASE_URL"] = "https://learning.example", ""
    empty.write_settings()
    assert empty.install().returncode == 0
    script = (empty.root / "usr/local/bin/cascade").read_text(encoding="utf-8")
    shown = script.replace("runuser -u cascade -- ", "").replace(f'"{ROOT}/.venv/bin/lms"', "printenv")
    environment = {"SETTINGS": str(empty.root / "etc/cascade/cascade.env"), "PATH": "/usr/bin:/bin"}
    command = ["bash", "-c", shown, "cascade", "PUBLIC_URL", "INSTANCE"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["https://learning.example", str(empty.instance)]


def test_what_nginx_keeps_open_the_server_has_not_closed_yet() -> None:
    """And the whole of nginx' limits fits what the app takes."""
    site = (DEPLOY / "nginx/cascade.conf").read_text(encoding="utf-8")
    upstream = re.search(r"upstream cascade \{(.+?)\n\}", site, re.DOTALL)
    assert upstream is not None
    kept = re.search(r"keepalive_timeout (\d+)s;", upstream[1])
    assert kept is not None
    command = server_command(8000, 2, sqlite=False)
    assert int(kept[1]) < int(command[command.index("--keep-alive") + 1])
    assert "client_max_body_size 60m;" in site


def test_processes_and_connections_fit() -> None:
    given = re.search(r"^max_connections = (\d+)$", (DEPLOY / "postgresql/cascade.conf").read_text(), re.MULTILINE)
    assert given is not None
    assert 5 * (connections_of_process("postgresql") + 1) + SPARE <= int(given[1])


def test_postgresql_takes_its_settings_and_keeps_what_is_saved(postgres_server: Server | None) -> None:
    if postgres_server is None:
        pytest.skip("settings of PostgreSQL")
    main = postgres_server.folder / "data" / "postgresql.conf"
    before = main.read_text(encoding="utf-8")
    ours = postgres_server.folder / "cascade.conf"
    ours.write_bytes((DEPLOY / "postgresql/cascade.conf").read_bytes())
    ours.chmod(0o644)
    try:
        main.write_text(f"{before}\ninclude = '{ours}'\n", encoding="utf-8")
        engine = create_engine(postgres_server.url)
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT name, setting, error FROM pg_file_settings WHERE sourcefile = :file"), {"file": str(ours)}
            ).all()
        engine.dispose()
    finally:
        main.write_text(before, encoding="utf-8")
        ours.unlink()
    assert [row for row in rows if row.error not in (None, "setting could not be applied")] == []
    said = {row.name: row.setting for row in rows}
    assert len(said) > 15
    assert {said[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"on"}


def test_the_timer_calls_the_command_of_backups_and_forgets_old_ones(empty: Machine) -> None:
    empty.install()
    empty.write_settings()
    assert empty.install().returncode == 0
    unit = empty.unit("cascade-backup.service")
    shell, flag, words = shlex.split(unit["ExecStart"].replace("%%", "%").replace("$$", "$"))
    done = subprocess.run(
        [shell, flag, words.replace(f"exec {ROOT}/.venv/bin/lms", "echo")], capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"backup /var/backups/cascade/cascade-\d{4}-\d\d-\d\d-\d{4}\.cascade\n", done.stdout)
    assert "/var/backups/cascade" in unit["ReadWritePaths"].split()
    assert "-name cascade-*.cascade" in unit["ExecStartPost"]

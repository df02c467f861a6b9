"""A PostgreSQL server of the system, started for a test run on a free port and thrown away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path:
    """The folder of PostgreSQL's server programs; raises FileNotFoundError with what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running server; `url` is its address for SQLAlchemy."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def url(self) -> str:
        """Address of the database `postgres`."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Address of one database."""
        return f"postgresql+psycopg://cascade@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """Process id of the server; its connections run below it."""
        kept = self.folder / "data" / "postmaster.pid"
        return int(kept.read_text().splitlines()[0])

    def control(self, *words: str) -> None:
        """`pg_ctl` with the server's folder."""
        run([str(binaries() / "pg_ctl"), "-D", str(self.folder / "data"), "-w", *words])

    def start(self, *settings: str) -> None:
        """Start it, with settings as `name=value`; waits until it answers."""
        options = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += "".join(f" -c {setting}" for setting in ("shared_buffers=128MB", *settings))
        self.control("-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it."""
        self.control("-m", mode, "stop")


def make_folder() -> Path:
    """An empty folder for a server."""
    folder = Path(tempfile.mkdtemp(prefix="cascade-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    return folder


@contextmanager
def running() -> Iterator[Server]:
    """A fresh server for the time of the block. As root it runs as the user `postgres`."""
    folder = make_folder()
    run(
        [
            str(binaries() / "initdb"),
            "-D",
            str(folder / "data"),
            "-U",
            "cascade",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
    )
    server = Server(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str]) -> None:
    """Run a program as whoever may run the server: as root that is the user `postgres`."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=120)

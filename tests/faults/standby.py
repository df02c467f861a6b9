"""Two PostgreSQL servers, one of which follows the other: what an installation with a standby runs on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.faults.installed import run_sql
from tests.faults.serving import Process, children_of
from tests.postgres import Server, binaries, free_port, make_folder, run

SYNCHRONOUS = "synchronous_standby_names=*"
"""What the first confirms, the second has on its disk."""


@dataclass
class Pair:
    """The first server, which takes writes, and the second, which follows it."""

    first: Server
    second: Server

    def address(self, database: str) -> str:
        """An address that names both."""
        hosts = f"127.0.0.1:{self.first.port},127.0.0.1:{self.second.port}"
        return f"postgresql://cascade@{hosts}/{database}"

    def promote(self) -> None:
        """The second takes over."""
        self.second.control("promote")


@contextmanager
def paired(source: Server) -> Iterator[Pair]:
    """Two servers with everything that `source` has."""
    first = copy(source)
    second = None
    try:
        first.start(SYNCHRONOUS)
        second = copy(first, follows=True)
        second.start()
        yield Pair(first, second)
    finally:
        for server in (first, second):
            if server is not None:
                kill_server(server)
                shutil.rmtree(server.folder, ignore_errors=True)


def copy(source: Server, *, follows: bool = False) -> Server:
    """A copy of a running server, not started; one that will follow the source if told so."""
    server = Server(make_folder(), free_port())
    where = ["-h", "127.0.0.1", "-p", str(source.port), "-U", "cascade", "-D", str(server.folder / "data")]
    program = str(binaries() / "pg_basebackup")
    run([program, *where, "--checkpoint=fast", "--no-sync", *(["--write-recovery-conf"] if follows else [])])
    return server


def kill_server(server: Server) -> None:
    """kill -9 to a server and everything it started; nothing when it does not run."""
    with suppress(OSError):
        main = server.pid
        all_of_it = [main, *children_of(main)]
        for pid in all_of_it:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(Process(pid).is_there for pid in all_of_it):
            time.sleep(0.005)
        for lock in (server.folder / "data" / "postmaster.pid", *server.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)  # where nobody buries the dead, their locks look held


def set_read_only(server: Server, *, read_only: bool) -> None:
    """Have a server refuse writes from now on, on connections that are open already too; or take them again."""
    said = "on" if read_only else "off"
    run_sql(server, f"ALTER SYSTEM SET default_transaction_read_only = {said}", "SELECT pg_reload_conf()")


def end_connections(server: Server, database: str) -> None:
    """End every connection to a database, whatever it is doing."""
    run_sql(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")  # noqa: S608


def follow(server: Server, leader: Server) -> None:
    """A server that was stopped properly starts again, following another."""
    data = server.folder / "data"
    settings = f"\nprimary_conninfo = 'host=127.0.0.1 port={leader.port} user=cascade'\n"
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write(settings)
    (data / "standby.signal").touch()
    if os.geteuid() == 0:
        shutil.chown(data / "standby.signal", "postgres", "postgres")
    server.start()


def is_standby(server: Server) -> bool:
    """Whether a server follows another now."""
    words = [str(binaries() / "psql"), "-h", "127.0.0.1", "-p", str(server.port), "-U", "cascade", "-d", "postgres"]
    asked = subprocess.run([*words, "-Atc", "SELECT pg_is_in_recovery()"], capture_output=True, text=True, check=True)
    return asked.stdout.strip() == "t"

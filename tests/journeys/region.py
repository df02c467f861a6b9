"""The real product for browser tests: a fresh installation with the demo region, served by gunicorn with its worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

from tests.postgres import free_port

LMS = [sys.executable, "-m", "lms"]


@dataclass
class Product:
    """A running installation."""

    instance: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    host: str = "127.0.0.1"

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{self.host}:{self.port}"

    def lms(self, *words: str) -> str:
        """What an `lms` command prints; raises with its complaint when it fails."""
        done = subprocess.run([*LMS, *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"lms {' '.join(words)}: {done.stderr[-2000:]}"
        return done.stdout

    def sign_ins(self, role: str, count: int = 1) -> list[dict[str, Any]]:
        """Demo sign-ins of a role."""
        found: list[dict[str, Any]] = json.loads(
            self.lms("demo", "sign-ins", "--role", role, "--count", str(count), "--json")
        )
        return found

    def start(self, *words: str) -> None:
        """Serve, with the worker beside; returns when it answers."""
        command = [*LMS, "serve", "--port", str(self.port), *(words or ("--with-worker",))]
        with (self.instance / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.address}/sign-in", timeout=2).read()  # noqa: S310 - our own server
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self.instance / "server.log").read_text()[-3000:])

    def kill(self, how: int = signal.SIGTERM) -> None:
        """End the server and everything it started."""
        if self.process is not None:
            os.killpg(self.process.pid, how)
            self.process.wait(timeout=30)
            self.process = None


@contextmanager
def installation(database_url: str = "", host: str = "127.0.0.1", **settings: str) -> Iterator[Product]:
    """An empty, migrated installation in a folder of its own, not yet served. Under `localhost` browsers make
    passkeys."""
    instance = Path(tempfile.mkdtemp(prefix="cascade-"))
    port = free_port()
    environment = {
        **os.environ,
        "INSTANCE": str(instance),
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "PUBLIC_URL": f"http://{host}:{port}",
        **settings,
    }
    product = Product(instance, port, environment, host=host)
    try:
        product.lms("db", "upgrade")
        yield product
    finally:
        product.kill()
        shutil.rmtree(instance, ignore_errors=True)

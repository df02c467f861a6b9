"""A machine in a scratch folder: what `deploy/install` puts there, started as its files say, reached through nginx."""

from __future__ import annotations

import configparser
import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lms.core.config import ROOT
from tests.postgres import free_port

NAME = "cascade.localhost"
"""A public name to the app, which browsers find on this machine by themselves."""
MAIN = """
{user}
daemon off;
pid {root}/nginx.pid;
worker_processes 2;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    include {root}/etc/nginx/conf.d/*.conf;
}}
"""


def find_nginx() -> str:
    """nginx of the system; raises FileNotFoundError with what to install."""
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        raise FileNotFoundError("nginx is not installed: apt-get install nginx")
    return found


class Machine:
    """The installed files under `root`, and what of them runs."""

    def __init__(self, root: Path, *, instance: Path, database_url: str, port: int) -> None:
        self.root, self.instance, self.port = root, instance, port
        self.https_port, self.http_port = free_port(), free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.settings = {
            "PUBLIC_URL": f"https://{NAME}:{self.https_port}",
            "INSTANCE": str(instance),
            "DATABASE_URL": database_url,
            "PORT": str(port),
            "WORKERS": "2",
            "TLS_CERTIFICATE": str(root / "certificate.pem"),
            "TLS_KEY": str(root / "key.pem"),
        }

    @property
    def address(self) -> str:
        """What people open."""
        return self.settings["PUBLIC_URL"]

    def install(self) -> subprocess.CompletedProcess[str]:
        """`deploy/install` into the folder, as an operator runs it."""
        return subprocess.run(
            [str(ROOT / "deploy" / "install")],
            env={**os.environ, "DESTDIR": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )

    def write_settings(self) -> None:
        """Fill the example in, as the guide says."""
        path = self.root / "etc/cascade/cascade.env"
        words = path.read_text(encoding="utf-8")
        for name, value in self.settings.items():
            words, found = re.subn(f"^{name}=.*$", f"{name}={value}", words, flags=re.MULTILINE)
            assert found == 1, name
        path.write_text(words, encoding="utf-8")

    def unit(self, name: str) -> dict[str, str]:
        """The section [Service] of an installed unit."""
        parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment, method-assign]
        parser.read(self.root / "etc/systemd/system" / name)
        return dict(parser["Service"])

    def environment_of(self, unit: dict[str, str]) -> dict[str, str]:
        """What systemd gives the unit: its file of settings and next to nothing else. PYTHONPATH is the tests' own."""
        lines = (self.root / unit["EnvironmentFile"].lstrip("/")).read_text(encoding="utf-8").splitlines()
        given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        usual = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "HOME": str(self.instance)}
        return {**usual, **given, "PYTHONPATH": str(ROOT)}

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a unit as its ExecStart says."""
        unit = self.unit(name)
        return self._start(
            name, shlex.split(unit["ExecStart"]), env=self.environment_of(unit), cwd=unit["WorkingDirectory"]
        )

    def reload(self, name: str) -> None:
        """`systemctl reload`, as the unit's ExecReload says."""
        command = self.unit(name)["ExecReload"].replace("$MAINPID", str(self.running[name].pid))
        subprocess.run(shlex.split(command), check=True)

    def stop(self, name: str) -> int:
        """`systemctl stop`: TERM to the main process; its exit status."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(60)

    def prepare_nginx(self) -> list[str]:
        """Make the installed site fit this folder: nothing of the system's is written, no port below 1024 is taken. The
        command that starts nginx."""
        site = self.root / "etc/nginx/conf.d/cascade.conf"
        words = site.read_text(encoding="utf-8")
        for old, new in ((" /var/", f" {self.root}/var/"), ("listen 80;", f"listen {self.http_port};")):
            assert old in words
            words = words.replace(old, new)
        words = words.replace("listen [::]:80;", f"listen [::]:{self.http_port};")
        if not Path("/proc/net/if_inet6").exists():
            words = re.sub(r"^ *listen \[::\].*\n", "", words, flags=re.MULTILINE)
        site.write_text(words, encoding="utf-8")
        for folder in ("var/log/nginx", "var/lib/nginx"):
            (self.root / folder).mkdir(parents=True)
        main = self.root / "nginx.conf"
        main.write_text(MAIN.format(root=self.root, user="user root root;" if os.geteuid() == 0 else ""))
        return [find_nginx(), "-p", str(self.root), "-e", str(self.root / "error.log"), "-c", str(main)]

    def start_nginx(self, command: list[str]) -> None:
        """Start nginx in front."""
        self._start("nginx", command, env=dict(os.environ), cwd=str(self.root))
        self._wait_for(self.https_port)

    def wait_until_served(self) -> None:
        """Wait until the first page comes through nginx."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.ask("/kk/sign-in")[0] == 200:
                return
            time.sleep(0.1)
        raise AssertionError((self.root / "cascade-web.service.log").read_text()[-3000:])

    def connect(self, name: str = NAME) -> Connection:
        """A connection through HTTPS that trusts nobody but the certificate of this machine."""
        context = ssl.create_default_context(cafile=self.settings["TLS_CERTIFICATE"])
        return Connection(name, self.https_port, context)

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Status, headers and text of an answer through nginx; underscores in names of headers are dashes."""
        connection = self.connect()
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def _start(self, name: str, command: list[str], *, env: dict[str, str], cwd: str) -> subprocess.Popen[bytes]:
        with (self.root / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, env=env, cwd=cwd, stdout=log, stderr=log)
        return self.running[name]

    def _wait_for(self, port: int) -> None:
        for _try in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self.root / "error.log").read_text()[-3000:])


class Connection(http.client.HTTPConnection):
    """HTTPS to this machine under a name, the certificate checked."""

    def __init__(self, name: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(name, port, timeout=60)
        self.context = context

    def connect(self) -> None:
        """Connect and shake hands."""
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host)


@contextmanager
def machine(root: Path, *, instance: Path, database_url: str, port: int) -> Iterator[Machine]:
    """A machine whose processes end with the block."""
    made = Machine(root, instance=instance, database_url=database_url, port=port)
    make_certificate(made)
    try:
        yield made
    finally:
        for process in made.running.values():
            process.send_signal(signal.SIGTERM)
        for process in made.running.values():
            process.wait(60)


def make_certificate(made: Machine) -> None:
    """A certificate of the machine's own for its public name."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)  # noqa: TID251 - certificates are checked by the real time
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    Path(made.settings["TLS_CERTIFICATE"]).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    Path(made.settings["TLS_KEY"]).write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )

"""Settings from the environment, and the secrets of one installation (made on first run, kept in its folder)."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from lms.core import occupancy
from lms.core.address import SERVER, sqlalchemy_address
from lms.core.errors import Refused
from lms.core.provider import Provider, read_provider
from lms.core.public_url import is_own_name, read_public_url
from lms.core.settling import finish_interrupted

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Secrets:
    """Keys of the installation; none is ever stored in the database."""

    session: str
    encryption: bytes
    """Fernet key for identity numbers."""
    lookup: bytes
    """Key of the hashes by which identity numbers and one-time codes are found."""
    signing: Ed25519PrivateKey
    """Signs certificates."""
    rescue: ec.EllipticCurvePrivateKey
    """Opens files of answers that a browser encrypted because it could not send them (P-256)."""


@dataclass(frozen=True)
class Settings:
    """Where the installation lives and how it is reached."""

    instance: Path
    database_url: str
    public_url: str
    secrets: Secrets
    country: str = ""
    """The country that an operator names: the code of one that is shipped, or the path of a file; empty when none is
    named. Which one this installation keeps stands in its database."""
    jobs_url: str = ""
    immediate_jobs: bool = False
    """Later work is done at once, in the same process (tests, commands)."""
    provider: Provider | None = None
    """Through whom people may also sign in."""

    @property
    def files(self) -> Path:
        """Folder of stored documents."""
        return self.instance / "files"

    @property
    def behind_proxy(self) -> bool:
        """Whether people come through a proxy: the public address is not this machine's own."""
        return not is_own_name(urlsplit(self.public_url).hostname)

    @property
    def own_address(self) -> str | None:
        """The public address when it works on this machine only, so that nothing should be printed for real; None when
        others can reach it."""
        return None if self.behind_proxy else self.public_url

    @property
    def is_https(self) -> bool:
        """Whether people come over HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def load_settings() -> Settings:
    """Settings from INSTANCE, DATABASE_URL, PUBLIC_URL, COUNTRY, PORT and those of a provider (OIDC_...); makes the
    folder and its secrets when missing. Refused with a sentence when one cannot be meant, before anything is made."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Refused(f"PORT says {port!r}. Write a number, as PORT=8000.")
    provider = read_provider()
    public_url = read_public_url(os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}")
    instance = Path(os.environ.get("INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'cascade.db'}"
    check_database(url)
    finish_interrupted(instance, url)
    occupancy.enter(instance)
    return Settings(
        instance=instance,
        database_url=sqlalchemy_address(url),
        public_url=public_url,
        secrets=load_secrets(instance / "secrets"),
        provider=provider,
        country=os.environ.get("COUNTRY", "").strip(),
    )


def check_database(url: str) -> None:
    """Refused with a sentence, in which no password can stand, unless the address names a database known here."""
    known = SERVER.match(url) or url.startswith("sqlite:///")
    try:
        if known and make_url(sqlalchemy_address(url)).database:
            return
    except (ArgumentError, ValueError):
        pass
    kind = re.split(r"[:@/?]", url, maxsplit=1)[0][:20]
    raise Refused(
        f"DATABASE_URL is no address of a database that Cascade knows; it begins with “{kind}”. Write it as in "
        "postgresql://user@host/name, or leave it out: then the database is SQLite, in the folder INSTANCE."
    )


def load_secrets(folder: Path) -> Secrets:
    """The keys kept in `folder`, one file each; missing ones are made, readable by the owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Secrets(
        session=_keep(folder / "session.key", lambda: secrets.token_urlsafe(48).encode()).decode(),
        encryption=_keep(folder / "encryption.key", Fernet.generate_key),
        lookup=_keep(folder / "lookup.key", lambda: secrets.token_urlsafe(48).encode()),
        signing=Ed25519PrivateKey.from_private_bytes(
            bytes.fromhex(_keep(folder / "signing.key", lambda: secrets.token_hex(32).encode()).decode())
        ),
        rescue=ec.derive_private_key(int(_keep(folder / "rescue.key", _new_scalar), 16), ec.SECP256R1()),
    )


def _new_scalar() -> bytes:
    """A private key of P-256, in hex."""
    return f"{ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value:064x}".encode()


def _keep(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent) as whole:  # readable by the owner only
            whole.write(make())
            whole.flush()
            os.fsync(whole.fileno())
            with suppress(FileExistsError):  # another process made one first: that one counts
                os.link(whole.name, path)
    return path.read_bytes().strip()

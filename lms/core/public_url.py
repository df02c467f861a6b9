"""The address by which people reach the installation, as the operator writes it in PUBLIC_URL."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from lms.core.errors import Refused

OWN_NAMES = ("127.0.0.1", "localhost", "::1")
"""Names under which a machine reaches itself only."""
USUAL_PORTS = {"http": 80, "https": 443}
EXAMPLE = "Write it like this: PUBLIC_URL=https://training.example"


def read_public_url(said: str) -> str:
    """The address as it is printed: scheme, name and perhaps a port, nothing behind. Refused with a sentence when it
    could not be reached so, or when sign-ins would travel unencrypted."""
    if "://" not in said:
        raise Refused(f"PUBLIC_URL says {said!r}: the beginning is missing. {EXAMPLE}")
    try:
        parts = urlsplit(said.strip())
        name, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise Refused(f"PUBLIC_URL says {said!r}, which is no address. {EXAMPLE}") from fault
    _check(said, parts, name)
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, USUAL_PORTS[parts.scheme]) else "")


def is_own_name(name: str | None) -> bool:
    """Whether a name leads to this machine from this machine only."""
    return name in OWN_NAMES


def _check(said: str, parts: SplitResult, name: str) -> None:
    if parts.scheme not in USUAL_PORTS or not name or " " in name:
        raise Refused(f"PUBLIC_URL says {said!r}, which no browser opens. {EXAMPLE}")
    if parts.username is not None:
        raise Refused(f"PUBLIC_URL holds a name or password before the @: it would be printed. {EXAMPLE}")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Refused(
            f"PUBLIC_URL says {said!r}: nothing may follow the name. Cascade needs a name of its own. {EXAMPLE}"
        )
    if not name.isascii():
        raise Refused(
            f"PUBLIC_URL says {said!r}. Phones read QR codes in plain letters: write {_plain(name)} for {name}."
        )
    if parts.scheme == "http" and not _is_near(name):
        raise Refused(
            f"PUBLIC_URL says {said!r}: without https passwords would travel unencrypted. Write https://{parts.netloc} "
            "and set HTTPS up as docs/operating.md says."
        )


def _plain(name: str) -> str:
    with suppress(UnicodeError):
        return name.encode("idna").decode()
    return "its xn-- form"


def _is_near(name: str) -> bool:
    """This machine or a network of one's own, as in a rehearsal: a private number, or a name without a dot."""
    try:
        return ip_address(name).is_private
    except ValueError:
        return "." not in name

"""The secrets of an installation under a passphrase (Argon2id, AES-256-GCM), bound to the backup they belong to."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lms.core.errors import Refused

SHORTEST = 12
"""Signs of the shortest passphrase taken: the file may lie about for years, and can be guessed at without end."""
MOST_MEMORY = 2**20
"""KiB that a file may ask for: a forged one must not fill this machine's memory."""
COST = {"time": 4, "memory": 128 * 1024, "lanes": 2}


def read_secrets(folder: Path) -> dict[str, bytes]:
    """Every secret of an installation by the name of its file."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def marks_of(secrets: dict[str, bytes]) -> dict[str, str]:
    """A mark for each secret by which it is known again. A mark tells nothing of a secret: those are random keys."""
    return {
        name: hmac.new(content.strip(), b"mark of a backup", hashlib.sha256).hexdigest()[:32]
        for name, content in secrets.items()
    }


def check_passphrase(passphrase: str) -> None:
    """Raise Refused when a passphrase is too short."""
    if len(passphrase) < SHORTEST:
        raise Refused(f"The passphrase is too short. Take at least {SHORTEST} signs: five or six words are good.")


def seal(secrets: dict[str, bytes], passphrase: str, *, bound: bytes) -> bytes:
    """The secrets, sealed; they open only beside the very bytes of `bound`."""
    salt, nonce = os.urandom(16), os.urandom(12)
    plain = json.dumps({name: content.hex() for name, content in secrets.items()}).encode()
    sealed = AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, plain, bound)
    return json.dumps({**COST, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}).encode()


def unseal(part: bytes, passphrase: str, *, bound: bytes) -> dict[str, bytes]:
    """The secrets again. Raises Refused when the passphrase is another, or either part was altered."""
    try:
        kept: dict[str, Any] = json.loads(part)
        salt, nonce, sealed = (bytes.fromhex(kept[name]) for name in ("salt", "nonce", "sealed"))
        if kept["memory"] > MOST_MEMORY or kept["time"] > 100 or kept["lanes"] > 64:
            raise ValueError("too dear")
        key = _key(passphrase, salt, kept)
    except (KeyError, TypeError, ValueError) as fault:
        raise Refused(
            "The secrets in this backup cannot be read: the file was altered. Nothing has changed."
        ) from fault
    try:
        opened: dict[str, str] = json.loads(AESGCM(key).decrypt(nonce, sealed, bound))
    except InvalidTag:
        raise Refused(
            "The passphrase is not the one of this backup (or the file was altered). Nothing has changed."
        ) from None
    return {name: bytes.fromhex(content) for name, content in opened.items()}


def _key(passphrase: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, cost["time"], cost["memory"], cost["lanes"], hash_len=32, type=Type.ID
    )

"""Files of answers that a browser encrypts when it cannot send them: how they are sealed, and opened again.

The browser makes a fresh key pair of P-256 for each file, agrees on a key with the installation's public key (ECDH,
HKDF-SHA-256) and seals the answers with AES-256-GCM. What stands outside in plain words is bound to what is inside.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lms.core.errors import Refused
from lms.core.web.languages import _
from lms.people.vault import keyed_hash

FORMAT = "cascade-answers-1"
LARGEST = 256 * 1024
"""Bytes of a file; a paper of 200 answers has a tenth of that."""
OUTSIDE = ("format", "key", "attempt", "account", "made", "sender", "salt")
"""What stands outside the seal and is bound to it, in this order."""


@dataclass(frozen=True)
class Opened:
    """A file that was opened: whose it says it is, and the answers as the page had kept them."""

    attempt_id: int
    account_id: int
    made_at: datetime | None
    digest: str
    client: str
    items: dict[str, Any]


def public_point(key: ec.EllipticCurvePrivateKey) -> str:
    """The public key as a browser takes it: the raw point, in base64."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


def mark_of(public: str) -> str:
    """A short mark by which an installation knows its own key."""
    return hashlib.sha256(base64.b64decode(public)).hexdigest()[:16]


def proof_of(attempt_id: int, account_id: int) -> str:
    """What only pages of this attempt, shown to this account, know: sealed inside the file, it says that the file was
    made there."""
    return keyed_hash("rescue", f"{attempt_id}:{account_id}")


def open_file(content: bytes, key: ec.EllipticCurvePrivateKey) -> Opened:
    """What a file holds. Refused, with a sentence each, when it is none, too large, of another installation, or was
    altered."""
    if len(content) > LARGEST:
        raise Refused(
            _("This file is too large to hold the answers of a test. Choose the one that the test's page saved.")
        )
    told = _read(content)
    if told["key"] != mark_of(public_point(key)):
        raise Refused(
            _("This file was saved by another installation of this system. Bring it in where the test was taken.")
        )
    try:
        inside = json.loads(_unseal(told, key))
        good = hmac.compare_digest(inside["proof"], proof_of(told["attempt"], told["account"]))
        client, items = inside["client"], inside["items"]
    except (InvalidTag, KeyError, TypeError, ValueError, RecursionError) as fault:
        raise _altered() from fault
    if not good or not isinstance(client, str) or not isinstance(items, dict):
        raise _altered()
    digest = hashlib.sha256(content).hexdigest()
    return Opened(told["attempt"], told["account"], _moment(told["made"]), digest, client, items)


def _read(content: bytes) -> dict[str, Any]:
    """What stands outside; Refused when the file is something else."""
    try:
        told = json.loads(content)
        if not isinstance(told, dict) or told["format"] != FORMAT:
            raise ValueError("another format")
        numbers = all(type(told[name]) is int and 0 < told[name] < 2**31 for name in ("attempt", "account"))
        words = all(isinstance(told[name], str) for name in ("key", "made", "sender", "salt", "iv", "sealed"))
        if not numbers or not words:
            raise ValueError("another shape")
    except (KeyError, ValueError, RecursionError) as fault:
        raise Refused(
            _(
                "This is no file of saved answers. It is called answers-…, ends in .json and lies where the browser "
                "keeps what it saves."
            )
        ) from fault
    return told


def _unseal(told: dict[str, Any], key: ec.EllipticCurvePrivateKey) -> bytes:
    try:
        point, salt, iv, sealed = (
            base64.b64decode(told[name], validate=True) for name in ("sender", "salt", "iv", "sealed")
        )
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except binascii.Error as fault:
        raise ValueError("no base64") from fault
    agreed = key.exchange(ec.ECDH(), sender)
    shared = HKDF(hashes.SHA256(), 32, salt, FORMAT.encode()).derive(agreed)
    return AESGCM(shared).decrypt(iv, sealed, bound(told))


def bound(told: dict[str, Any]) -> bytes:
    """What stands outside, as it is bound to the seal."""
    return "|".join(str(told[name]) for name in OUTSIDE).encode()


def _moment(said: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _altered() -> Refused:
    return Refused(
        _("This file was altered or is damaged, so nothing of it was taken. Copy it from the device once more.")
    )

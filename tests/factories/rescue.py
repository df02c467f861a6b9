"""Files of answers as a browser makes them."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from lms.assessment import rescue
from lms.assessment.models import Attempt


def make_file(attempt: Attempt, account_id: int, items: dict[str, Any], **changes: Any) -> bytes:
    """The file that a page of the attempt saves, with `changes` laid over what is sealed in it."""
    key = current_app.extensions["settings"].secrets.rescue
    own, salt, iv = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), os.urandom(12)
    told = {
        "format": rescue.FORMAT,
        "key": rescue.mark_of(rescue.public_point(key)),
        "attempt": attempt.id,
        "account": account_id,
        "made": "2026-11-26T03:00:00.000Z",
        "sender": rescue.public_point(own),
        "salt": base64.b64encode(salt).decode(),
    }
    inside = {"proof": rescue.proof_of(attempt.id, account_id), "client": "phone", "items": items, **changes}
    shared = HKDF(hashes.SHA256(), 32, salt, rescue.FORMAT.encode()).derive(own.exchange(ec.ECDH(), key.public_key()))
    sealed = AESGCM(shared).encrypt(iv, json.dumps(inside).encode(), rescue.bound(told))
    packed = {"iv": base64.b64encode(iv).decode(), "sealed": base64.b64encode(sealed).decode()}
    return json.dumps({**told, **packed}).encode()

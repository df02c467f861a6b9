"""Files of answers as a browser makes them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lms.assessment import rescue
from lms.assessment.models import Attempt
from lms.assessment.web import rescue_data


def make_file(attempt: Attempt, account_id: int, items: dict[str, Any], **changes: Any) -> bytes:
    """The file that a page of the attempt saves, with `changes` laid over what is sealed in it."""
    page = rescue_data(attempt.id, account_id)
    inside = {"proof": page["proof"], "client": "phone", "items": items, **changes}
    return seal(page, attempt.id, account_id, inside)


def seal(page: Mapping[str, str], attempt_id: int, account_id: int, inside: Mapping[str, Any]) -> bytes:
    """The file as the script makes it of what a page of the attempt knows (`web.rescue_data`), no secret of the server
    among it; `inside` is what only the server can read."""
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(page["public"]))
    own, salt, iv = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), os.urandom(12)
    told = {
        "format": page["format"],
        "key": page["key"],
        "attempt": attempt_id,
        "account": account_id,
        "made": "2026-11-26T03:00:00.000Z",
        "sender": rescue.public_point(own),
        "salt": base64.b64encode(salt).decode(),
    }
    shared = HKDF(hashes.SHA256(), 32, salt, page["format"].encode()).derive(own.exchange(ec.ECDH(), point))
    sealed = AESGCM(shared).encrypt(iv, json.dumps(inside).encode(), rescue.bound(told))
    packed = {"iv": base64.b64encode(iv).decode(), "sealed": base64.b64encode(sealed).decode()}
    return json.dumps({**told, **packed}).encode()

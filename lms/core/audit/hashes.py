"""Hashes that the record keeps of what may be erased. Salted: who has the hash alone cannot try out what it was of."""

from __future__ import annotations

import hashlib
import json
import secrets

SIGNS = 32
"""Hexadecimal digits that are kept of a hash: 128 bits."""


def new_salt() -> str:
    """128 random bits."""
    return secrets.token_hex(16)


def hash_of(salt: str, *texts: str) -> str:
    """The hash of some texts in their order."""
    return hashlib.sha256(json.dumps([salt, *texts], ensure_ascii=False).encode()).hexdigest()[:SIGNS]

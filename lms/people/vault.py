"""Identity numbers: encrypted to keep, hashed with a key to find."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache

from cryptography.fernet import Fernet
from flask import current_app

from lms.core.config import Settings


def seal_text(text: str) -> bytes:
    """`text` encrypted with the installation's key."""
    return _fernet().encrypt(text.encode())


def open_text(sealed: bytes) -> str:
    """The text that `seal_text` encrypted."""
    return _fernet().decrypt(sealed).decode()


def seal_bytes(content: bytes) -> bytes:
    """`content` encrypted with the installation's key."""
    return _fernet().encrypt(content)


def open_bytes(sealed: bytes) -> bytes:
    """The content that `seal_bytes` encrypted."""
    return _fernet().decrypt(sealed)


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 (hex) of `text` for one purpose: the same text has another hash for another purpose."""
    key = _settings().secrets.lookup
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def number_hash(number: str) -> str:
    """The hash by which a person is found by identity number (all its digits)."""
    return keyed_hash("identity-number", number)


def bulk_sealer() -> Callable[[str], tuple[bytes, str]]:
    """A function number -> (encrypted, hash) that looks its keys up only once."""
    fernet, key = _fernet(), _settings().secrets.lookup

    def sealed(number: str) -> tuple[bytes, str]:
        digest = hmac.new(key, f"identity-number:{number}".encode(), hashlib.sha256).hexdigest()
        return fernet.encrypt(number.encode()), digest

    return sealed


def bulk_hasher() -> Callable[[str], str]:
    """A function number -> hash (as `number_hash`) that looks its key up only once."""
    key = _settings().secrets.lookup

    def hashed(number: str) -> str:
        return hmac.new(key, f"identity-number:{number}".encode(), hashlib.sha256).hexdigest()

    return hashed


def _fernet() -> Fernet:
    return _fernet_of(_settings().secrets.encryption)


@lru_cache(maxsize=4)
def _fernet_of(key: bytes) -> Fernet:
    return Fernet(key)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

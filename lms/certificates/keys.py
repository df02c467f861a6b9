"""The installation's signing key and public address, as certificates need them."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from lms.core.config import Settings


def signing_key() -> Ed25519PrivateKey:
    """The key that signs certificates."""
    return _settings().secrets.signing


def public_url() -> str:
    """Where the installation is reached, without a slash at the end."""
    return _settings().public_url


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

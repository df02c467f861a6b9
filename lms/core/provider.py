"""The OpenID Connect provider through which people may also sign in, as the operator names it; none unless named."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from lms.core.errors import Refused
from lms.core.public_url import is_own_name

EXAMPLE = "Write it like this: OIDC_ISSUER=https://id.example"


@dataclass(frozen=True)
class Provider:
    """Who vouches for people, and what is believed."""

    issuer: str
    """As it names itself in its tokens, to the letter."""
    client_id: str
    client_secret: str = field(repr=False)
    labels: dict[str, str]
    """language -> what the button calls it"""
    scope: str = "openid"
    number_claim: str = ""
    """The claim that holds the identity number; empty when people are found by what they linked themselves."""
    second_factor: frozenset[str] = frozenset()
    """Values of `acr` or `amr` that count as a second factor."""


def read_provider() -> Provider | None:
    """The provider that the environment names; None when it names none. Refused with a sentence when something is
    missing or cannot be meant."""
    issuer = (os.environ.get("OIDC_ISSUER") or "").strip()
    if not issuer:
        return None
    _check(issuer)
    client_id = (os.environ.get("OIDC_CLIENT_ID") or "").strip()
    if not client_id:
        raise Refused("OIDC_ISSUER is set and OIDC_CLIENT_ID is not. Write the name that the provider gave Cascade.")
    return Provider(
        issuer=issuer,
        client_id=client_id,
        client_secret=_secret(),
        labels=_labels(urlsplit(issuer).hostname or ""),
        scope=" ".join(dict.fromkeys(["openid", *(os.environ.get("OIDC_SCOPE") or "").split()])),
        number_claim=(os.environ.get("OIDC_NUMBER_CLAIM") or "").strip(),
        second_factor=frozenset((os.environ.get("OIDC_SECOND_FACTOR") or "").replace(",", " ").split()),
    )


def _check(issuer: str) -> None:
    try:
        parts = urlsplit(issuer)
        name = parts.hostname
    except ValueError as fault:
        raise Refused(f"OIDC_ISSUER says {issuer!r}, which is no address. {EXAMPLE}") from fault
    if not name or parts.query or parts.fragment or parts.username is not None:
        raise Refused(f"OIDC_ISSUER says {issuer!r}, which is no address of a provider. {EXAMPLE}")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_own_name(name)):
        raise Refused(f"OIDC_ISSUER says {issuer!r}: a provider is believed over https only. {EXAMPLE}")


def _secret() -> str:
    named = os.environ.get("OIDC_CLIENT_SECRET_FILE")
    try:
        secret = Path(named).read_text(encoding="utf-8") if named else os.environ.get("OIDC_CLIENT_SECRET") or ""
    except (OSError, ValueError):
        raise Refused(
            f"OIDC_CLIENT_SECRET_FILE names {named}, which cannot be read. Look at the path and its rights."
        ) from None
    if not secret.strip():
        raise Refused("OIDC_ISSUER is set and no secret is. Name its file in OIDC_CLIENT_SECRET_FILE.")
    return secret.strip()


def _labels(name: str) -> dict[str, str]:
    said = {
        "kk": os.environ.get("OIDC_LABEL_KK"),
        "ru": os.environ.get("OIDC_LABEL_RU"),
        "en": os.environ.get("OIDC_LABEL_EN"),
    }
    return {language: label.strip() for language, label in said.items() if label and label.strip()} or {"en": name}

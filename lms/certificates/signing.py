"""Signatures of certificates (Ed25519): of the claim in the QR, and of the whole file."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lms.certificates.rules import Claim, claim_text, read_claim

SEAL = b"\n%cascade-seal "
"""Begins the last line of a sealed PDF: a comment, which readers skip."""


class Forged(ValueError):
    """The signature does not belong to the words, or there is none."""


def sign_claim(claim: Claim, key: Ed25519PrivateKey) -> str:
    """The payload of the QR: the claim and its signature, in signs that an address may hold."""
    words = claim_text(claim).encode()
    return f"{_encode(words)}.{_encode(key.sign(words))}"


def read_payload(payload: str, key: Ed25519PublicKey) -> Claim:
    """The claim in a payload, once its signature holds. Raises Forged."""
    words, _dot, signature = payload.strip().partition(".")
    try:
        plain = _decode(words)
        key.verify(_decode(signature), plain)
        return read_claim(plain.decode())
    except (InvalidSignature, ValueError) as wrong:
        raise Forged("the signature does not hold") from wrong


def seal_file(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """The PDF with a signature of all its bytes as a last line."""
    return content + SEAL + _encode(key.sign(content)).encode() + b"\n"


def holds_seal(content: bytes, key: Ed25519PublicKey) -> bool:
    """Whether a sealed PDF is exactly as it was issued, to the byte."""
    body, mark, signature = content.rpartition(SEAL)
    if not mark:
        return False
    try:
        key.verify(_decode(signature.decode().removesuffix("\n")), body)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_words(key: Ed25519PublicKey) -> str:
    """The public key in hex digits, to be handed to whoever checks certificates elsewhere."""
    return key.public_bytes_raw().hex()


def read_public(words: str) -> Ed25519PublicKey:
    """The public key of such hex digits. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(words.strip()))


def _encode(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes of exactly the text `_encode` gives: another spelling of the same bytes is refused."""
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise ValueError("not in base64") from wrong
    if _encode(plain) != text:
        raise ValueError("not in canonical base64")
    return plain

"""An authenticator in a few lines, as a phone or a security key has one: it makes passkeys and answers questions."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost"
PRESENT, VERIFIED, BACKED_UP, ATTESTED = 0x01, 0x04, 0x18, 0x40


@dataclass
class Authenticator:
    """One device with one passkey. What it says of itself can be bent, to see it refused."""

    count: int = 0
    """How often it has signed; None in spirit when it stays 0."""
    counts: bool = True
    origin: str = ORIGIN
    party: str = "localhost"
    verifies: bool = True
    backed_up: bool = False
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, question: str) -> str:
        """The answer to `navigator.credentials.create`."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {"clientDataJSON": self._client(question, "webauthn.create"), "attestationObject": text(attestation)}
        return self._answer({**said, "transports": ["internal", "hybrid"]})

    def sign(self, question: str) -> str:
        """The answer to `navigator.credentials.get`."""
        self.count += self.counts
        data, client = self._data(0), self._client(question, "webauthn.get")
        signed = data + hashlib.sha256(octets(client)).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": text(data), "signature": text(signature)})

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0) | (BACKED_UP if self.backed_up else 0)
        return hashlib.sha256(self.party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, question: str, kind: str) -> str:
        challenge = json.loads(question)["challenge"]
        return text(json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode())

    def _answer(self, response: dict[str, Any]) -> str:
        name = text(self.credential_id)
        whole = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(whole)


def text(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def octets(said: str) -> bytes:
    """The bytes behind base64url without padding."""
    return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))

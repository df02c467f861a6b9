"""A small OpenID Connect provider on loopback: real addresses, real keys, real tokens. What it says can be bent."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "cascade", "a secret of the test"


@dataclass
class OidcProvider:
    """Who is signed in there, and what it says of them."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "person-1"})
    """Of whoever is signed in; what stands here replaces what a good token says."""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    """What it publishes."""
    signs_with: RSAKey | OctKey | None = None
    """Another key than the published one."""
    algorithm: str = "RS256"
    refuses: bool = False
    """Whether the person says no there."""
    broken: int = 0
    """The status of every answer, when it is not what it should be."""
    without_nonce: bool = False
    asked: list[str] = field(default_factory=list)
    """Paths that were asked for."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """What it says of itself."""
        ends = ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "keys")
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in ends}}

    def authorize(self, said: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        assert {name: said.get(name) for name in wanted} == wanted
        assert "openid" in said["scope"].split()
        back = {"state": said["state"]}
        if self.refuses:
            return f"{said['redirect_uri']}?{urlencode({**back, 'error': 'access_denied'})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = said
        return f"{said['redirect_uri']}?{urlencode({**back, 'code': code})}"

    def exchange(self, said: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code: once, to the client that has the secret and the verifier."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {basic}":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(said.get("code", ""), None)
        verifier = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != said.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "nothing here", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        """A token for whoever is signed in."""
        now = int(time.time())
        good = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        said = {**good, **self.claims}
        if self.without_nonce:
            del said["nonce"]
        header = {"alg": self.algorithm, "kid": "one"}
        return jwt.encode(header, said, self.signs_with or self.key, algorithms=[self.algorithm])

    def keys(self) -> dict[str, Any]:
        """The published keys."""
        return dict(KeySet([self.key]).as_dict(private=False))


def handler_of(provider: OidcProvider) -> type[BaseHTTPRequestHandler]:
    """What answers for the provider."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if provider.broken:
                self.answer(provider.broken, {})
            elif parts.path == "/.well-known/openid-configuration":
                self.answer(200, provider.describe())
            elif parts.path == "/keys":
                self.answer(200, provider.keys())
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(flat(parts.query)))
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if provider.broken:
                self.answer(provider.broken, {})
            else:
                self.answer(*provider.exchange(flat(body), self.headers.get("Authorization", "")))

        def answer(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            return

    return Handler


def flat(query: str) -> dict[str, str]:
    """Each name with its first value."""
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def running() -> Iterator[OidcProvider]:
    """The provider, answering."""
    provider = OidcProvider()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(provider)) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()

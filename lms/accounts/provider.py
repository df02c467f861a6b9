"""OpenID Connect: send a browser to the provider, and read what comes back. Authorization code, PKCE, state and nonce;
nothing that the provider says is believed without its signature, and nothing of it is kept here."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from lms.core import clock
from lms.core.provider import Provider

if TYPE_CHECKING:
    from joserfc.jwt import Token

log = structlog.get_logger(__name__)
TIMEOUT = 5.0
"""Seconds within which the provider is to answer."""
KEPT = 3600.0
"""Seconds for which its description and keys are kept."""
LEFT_ALONE = 10.0
"""Seconds for which a provider that did not answer is not asked again: others would only wait as long."""
LEEWAY = 60
"""Seconds by which its clock may be wrong."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with a key pair only: none that could be made with what a client knows."""


class ProviderAway(Exception):
    """The provider does not answer, or not as one should."""


class NotVouched(Exception):
    """What came back is not to be believed."""


@dataclass(frozen=True)
class Request:
    """What is to be known again when the browser comes back: never shown to anybody but its own server."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for."""

    subject: str
    number: str
    """What the claim of the identity number says; empty when none is asked for."""
    has_second_factor: bool
    """Whether the provider says that it asked for as much as a second factor is."""


@dataclass
class _Known:
    """What a provider says of itself, for a while."""

    description: dict[str, Any]
    keys: Any
    """A set of JSON web keys."""
    until: float


_known: dict[str, _Known] = {}
_left_alone: dict[str, float] = {}
_asking = threading.Lock()


def begin(provider: Provider, back: str, request: Request) -> str:
    """The address at the provider to which a browser goes, to come back to `back`. Raises ProviderAway."""
    address = _describe(provider).description["authorization_endpoint"]
    client = _client(provider, back)
    url, _state = client.create_authorization_url(
        address, state=request.state, nonce=request.nonce, code_verifier=request.verifier
    )
    return str(url)


def finish(provider: Provider, back: str, request: Request, code: str) -> Vouched:
    """Whom the provider vouches for, who came back with `code`. Raises ProviderAway, or NotVouched when the token is
    not signed by the provider, not for us, not for this request, or out of date."""
    token = _fetch_token(provider, back, request, code)
    claims = _read_token(provider, token, request.nonce)
    subject = str(claims.get("sub") or "")
    if not subject:
        raise NotVouched("no subject")
    said = {str(claims.get("acr"))} | {str(one) for one in claims.get("amr") or []}
    number = claims.get(provider.number_claim, "") if provider.number_claim else ""
    return Vouched(subject, number if isinstance(number, str) else "", bool(said & provider.second_factor))


def forget_providers() -> None:
    """Ask providers anew (tests)."""
    _known.clear()
    _left_alone.clear()


def _fetch_token(provider: Provider, back: str, request: Request, code: str) -> dict[str, Any]:
    import requests
    from authlib.common.errors import AuthlibBaseError

    address = _describe(provider).description["token_endpoint"]
    _check_not_left_alone(provider)
    try:
        token: dict[str, Any] = _client(provider, back).fetch_token(
            address,
            grant_type="authorization_code",
            code=code,
            code_verifier=request.verifier,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except AuthlibBaseError as refusal:
        raise NotVouched(str(refusal.error)) from None
    except (requests.RequestException, ValueError) as fault:
        _leave_alone(provider)
        raise ProviderAway(type(fault).__name__) from None
    return token


def _read_token(provider: Provider, token: dict[str, Any], nonce: str) -> dict[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    said = token.get("id_token")
    if not isinstance(said, str):
        raise NotVouched("no id token")
    known = _describe(provider)
    try:
        read = _decode(said, known)
    except (JoseError, ValueError):  # a provider may have changed its keys since
        try:
            read = _decode(said, _describe(provider, instead_of=known))
        except (JoseError, ValueError) as fault:
            raise NotVouched(type(fault).__name__) from None
    options: Any = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    params = {"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(read.claims, read.header, options, params)
    try:
        claims.validate(now=int(clock.machine_time().timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as fault:
        raise NotVouched(str(fault)) from None
    return dict(claims)


def _decode(said: str, known: _Known) -> Token:
    """The token, its signature checked."""
    from joserfc import jwt
    from joserfc.jwk import KeySet

    return jwt.decode(said, KeySet.import_key_set(known.keys), algorithms=ALGORITHMS)


def _client(provider: Provider, back: str) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    known = _known.get(provider.issuer)
    ways = known.description.get("token_endpoint_auth_methods_supported") if known else None
    basic = ways is None or "client_secret_basic" in ways
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
        scope=provider.scope,
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _describe(provider: Provider, *, instead_of: _Known | None = None) -> _Known:
    """The provider's description and keys, asked for when they were not within the hour, or when others are wanted than
    those known so far."""
    import requests

    with _asking:  # one asks, the others take what it heard
        known = _known.get(provider.issuer)
        if known is None or known is instead_of or known.until <= monotonic():
            _check_not_left_alone(provider)
            try:
                known = _known[provider.issuer] = _ask(provider)
            except (requests.RequestException, KeyError, ValueError) as fault:
                _leave_alone(provider)
                raise ProviderAway(type(fault).__name__) from None
    return known


def _ask(provider: Provider) -> _Known:
    description = _get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if description["issuer"] != provider.issuer:
        raise ValueError("it names itself otherwise than OIDC_ISSUER does")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if urlsplit(description[name]).scheme not in _schemes(provider):
            raise ValueError(f"it names no {name} over https")
    return _Known(description, _get(description["jwks_uri"]), monotonic() + KEPT)


def _schemes(provider: Provider) -> tuple[str, ...]:
    return ("https",) if provider.issuer.startswith("https:") else ("https", "http")


def _get(address: str) -> dict[str, Any]:
    import requests

    answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
    answer.raise_for_status()
    said: Any = answer.json()
    if not isinstance(said, dict):
        raise ValueError("it answered something else")
    return said


def _check_not_left_alone(provider: Provider) -> None:
    if _left_alone.get(provider.issuer, 0.0) > monotonic():
        raise ProviderAway("it did not answer just now")


def _leave_alone(provider: Provider) -> None:
    """Nobody waits for it for a while."""
    _left_alone[provider.issuer] = monotonic() + LEFT_ALONE
    log.warning("provider away", issuer=provider.issuer)

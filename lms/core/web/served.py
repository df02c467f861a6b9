"""The Flask application as it is served here: nothing in it is asynchronous, and its templates share one set of
words. Both are asked for hundreds of times in each request."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer


class SharedWords(Environment):
    """Templates that look their global words up in one plain mapping: a chain of mappings, which each template would
    have of its own, is copied name by name for every page and every macro."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class OneSigner(SecureCookieSessionInterface):
    """Sessions whose signer is made once; its key does not change while the server runs."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


class Served(Flask):
    """Flask without the questions whose answers are known."""

    jinja_environment = SharedWords

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.session_interface = OneSigner()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

"""What is sent is read without the one sign that no text has: PostgreSQL refuses it, and SQLite would keep it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NUL = "\x00"
NO_SIGN = "\N{REPLACEMENT CHARACTER}".encode().decode("latin-1")
"""As addresses stand in WSGI."""


class CleanRequest(Request):
    """A request whose fields and arguments hold no NUL, whatever was sent."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The arguments of the address."""
        return _clean(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _clean(self.__dict__["form"])


class CleanAddress:
    """WSGI layer that puts another sign for it into an address: nothing is called so."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if NUL in path:
            environ["PATH_INFO"] = path.replace(NUL, NO_SIGN)
        return self.app(environ, start_response)


def _clean(values: MultiDict[str, str]) -> MultiDict[str, str]:
    sent = list(values.items(multi=True))
    if not any(NUL in name or NUL in value for name, value in sent):
        return values
    return ImmutableMultiDict((name.replace(NUL, ""), value.replace(NUL, "")) for name, value in sent)

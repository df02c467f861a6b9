"""Requests for another name than ours are answered before anything else sees them.

Nothing we print or send is made from the `Host` header, and this keeps it so: a request that names another host, sent
to have its name repeated in a page, never reaches one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from lms.core.public_url import OWN_NAMES

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
WRONG = (
    "Бұл сервер {address} мекенжайында. Осы мекенжайды ашыңыз.\n"
    "Этот сервер находится по адресу {address}. Откройте этот адрес.\n"
    "This server is at {address}. Open that address.\n"
)


class OurNamesOnly:
    """WSGI layer that lets the public name through, and this machine's own names (health checks, figures); anything
    else gets 400 and the public address."""

    def __init__(self, app: WsgiApp, public_url: str) -> None:
        self.app = app
        self.names = {urlsplit(public_url).hostname, *OWN_NAMES}
        self.answer = WRONG.format(address=public_url).encode()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if name_of(environ.get("HTTP_HOST", "")) in self.names:
            return self.app(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(self.answer)))]
        start_response("400 Bad Request", headers)
        return [self.answer]


def name_of(host: str) -> str | None:
    """The name in a `Host` header, without its port; None when there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None

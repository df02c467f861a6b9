"""Who sends the request, as far as the web layer needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, g


@dataclass(frozen=True)
class Identity:
    """A signed-in account: what it may enter, and what it has to do first."""

    account_id: int
    person_id: int
    login: str
    name: str
    duties: frozenset[str]
    """Names of the roles held anywhere (`commissions.rules.Role`), and `chair`."""
    first_step: str | None = None
    """Endpoint that must be dealt with before anything else: a password to choose, a second factor."""
    needs_second_factor: bool = False
    """Whether this account may not be without a second factor."""


Loader = Callable[[], Identity | None]


def current_identity() -> Identity | None:
    """The identity behind the request, loaded once; None for a stranger."""
    if "identity" not in g:
        loader: Loader = current_app.extensions["load_identity"]
        g.identity = loader()
    found: Identity | None = g.identity
    return found


def forget_identity() -> None:
    """Have the identity loaded again (after signing in or out)."""
    g.pop("identity", None)

"""Access marks: every endpoint says who may enter. The app does not start while one says nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.web.identity import current_identity

View = TypeVar("View", bound=Callable[..., Any])
MARK = "_access"


@dataclass(frozen=True)
class Mark:
    """Who may enter: anyone, anyone signed in, or holders of one of some duties."""

    public: bool = False
    duties: frozenset[str] = frozenset()
    first_steps: bool = False
    """Open also to a person who has yet to choose a password or prove a second factor."""
    asks_itself: bool = False
    """The view does the whole check in its own statement (the answer save)."""

    @property
    def words(self) -> str:
        """The mark in words, for the list of routes."""
        if self.public:
            return "anyone"
        return " or ".join(sorted(self.duties)) or "signed in"


def public(view: View) -> View:
    """Anyone may enter."""
    return _mark(view, Mark(public=True))


def signed_in(view: View) -> View:
    """Anyone signed in; what they see is their own."""
    return _mark(view, Mark())


def during_sign_in(view: View) -> View:
    """Signed in, also before the password is chosen or the second factor proven."""
    return _mark(view, Mark(first_steps=True))


def checks_itself(view: View) -> View:
    """Signed in; the view checks owner, state and session in the one statement that writes."""
    return _mark(view, Mark(asks_itself=True))


def duty(*duties: str) -> Callable[[View], View]:
    """Holders of one of `duties` somewhere in the cascade; the view then asks about the place."""

    def decorate(view: View) -> View:
        return _mark(view, Mark(duties=frozenset(duties)))

    return decorate


def mark_of(view: Callable[..., Any] | None) -> Mark | None:
    """The mark of a view function, or None when it has none."""
    return getattr(view, MARK, None)


def unmarked_endpoints(app: Flask) -> list[str]:
    """Endpoints that say nothing about who may enter."""
    return sorted(name for name, view in app.view_functions.items() if mark_of(view) is None)


def refuse_unmarked(app: Flask) -> None:
    """Raise RuntimeError naming every endpoint without a mark."""
    missing = unmarked_endpoints(app)
    if missing:
        raise RuntimeError("These endpoints have no access mark: " + ", ".join(missing))


def guard() -> ResponseReturnValue | None:
    """Before each request: let in, send to sign in (401 for posts), or answer 404 as if the page were not there."""
    if request.endpoint is None:
        return None
    mark = mark_of(current_app.view_functions[request.endpoint])
    if mark is None:
        abort(404)
    if mark.public or mark.asks_itself:
        return None
    identity = current_identity()
    if identity is None:
        return _to_sign_in()
    if identity.first_step and not mark.first_steps:
        return redirect(url_for(identity.first_step, next=_here()))
    if mark.duties and not mark.duties & identity.duties:
        abort(404)
    return None


def _to_sign_in() -> ResponseReturnValue:
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.sign_in", next=_here()))
    return abort(401)


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def _mark(view: View, mark: Mark) -> View:
    setattr(view, MARK, mark)
    return view

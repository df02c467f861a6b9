"""Who may enter where is said in one place for each page, and the app does not start without it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.core.web import access
from lms.core.web.access import Mark, mark_of, refuse_unmarked
from tools.reference import ROUTES, routes_page

PUBLIC = {
    "accounts.come_back",
    "accounts.go_to_provider",
    "accounts.sign_in",
    "certificates.verify",
    "home.figures",
    "curriculum.figure",
    "home.healthz",
    "manuals.download",
    "manuals.earlier",
    "manuals.newest",
    "manuals.start",
    "workshops.calendar",
}
"""Endpoints open to strangers, each one meant."""


def test_an_unmarked_endpoint_keeps_the_app_from_starting() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/marked", "marked", access.public(lambda: "in"))
    refuse_unmarked(app)
    app.add_url_rule("/open-door", "open_door", lambda: "in")
    with pytest.raises(RuntimeError, match="open_door"):
        refuse_unmarked(app)


def test_strangers_enter_only_where_it_is_meant(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if (mark_of(view) or Mark(public=True)).public}
    assert public == PUBLIC


def test_every_route_is_listed_with_who_may_enter(app: Flask) -> None:
    assert ROUTES.read_text(encoding="utf-8") == routes_page(app), "run: .venv/bin/python -m tools.reference"


def test_addresses_are_in_kebab_case_with_typed_parameters(app: Flask) -> None:
    part = re.compile(r"[a-z0-9.-]+|<(int|string|path|uuid):[a-z_]+>(\.[a-z]+)?|<code>|<key>(\.[a-z]+)?")
    words = {str(rule): [word for word in str(rule).split("/") if word] for rule in app.url_map.iter_rules()}
    odd = [rule for rule, parts in words.items() if not all(map(part.fullmatch, parts))]
    assert odd == []


def test_a_stranger_is_sent_to_sign_in_everywhere_else(app: Flask, client: object) -> None:
    """GET pages lead to the sign-in page and back; nothing is shown on the way."""
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        if mark is None or mark.public or mark.asks_itself or "GET" not in (rule.methods or ()):
            continue
        address = re.sub(r"<(?:int:)?\w+>", "1", str(rule))
        response = client.get("/en" + re.sub(r"<[^>]+>", "x", address))  # type: ignore[attr-defined]
        assert response.status_code == 302, rule
        assert response.headers["Location"].startswith("/en/sign-in?next="), rule

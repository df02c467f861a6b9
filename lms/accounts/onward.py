"""Where a person goes on after a step of signing in."""

from __future__ import annotations

from flask import request, url_for


def safe_next() -> str:
    """A page of ours named in `next`, or the first page."""
    return safe_page(request.args.get("next", ""))


def safe_page(target: str) -> str:
    """The page of ours that `target` names without its language, or the first page."""
    if target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target:
        return request.script_root + target
    return url_for("home.start")

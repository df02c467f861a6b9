"""The page of a long list that an address asks for."""

from __future__ import annotations

from flask import request


def asked_page(total: int, of: int) -> tuple[int, int]:
    """(the page that the address asks for by `?page=`, the last one) of a list of `total` with `of` on a page: from 1;
    what is no page is the nearest one that is, of an empty list the first."""
    last = max(1, -(-total // of))
    return min(max(request.args.get("page", 1, type=int), 1), last), last

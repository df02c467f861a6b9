"""Which page of a list an address asks for."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.core.web.paging import asked_page


@pytest.mark.parametrize(
    ("query", "total", "page"),
    [
        ("", 0, (1, 1)),
        ("page=7", 0, (1, 1)),
        ("", 50, (1, 1)),
        ("", 51, (1, 2)),
        ("page=2", 51, (2, 2)),
        ("page=3", 51, (2, 2)),
        ("page=0", 51, (1, 2)),
        ("page=-1", 51, (1, 2)),
        ("page=x", 51, (1, 2)),
    ],
)
def test_what_is_no_page_is_the_nearest_one(app: Flask, query: str, total: int, page: tuple[int, int]) -> None:
    with app.test_request_context(f"/en/?{query}"):
        assert asked_page(total, 50) == page

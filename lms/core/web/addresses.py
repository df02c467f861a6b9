"""What may stand in an address."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map


class RowNumber(IntegerConverter):
    """A whole number that a row can have: a larger one leads to no page, instead of to a fault of the database."""

    def __init__(self, map: Map, *words: Any, **values: Any) -> None:
        values.setdefault("max", 2**31 - 1)
        super().__init__(map, *words, **values)

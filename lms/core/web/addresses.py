"""What may stand in an address."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter


class RowNumber(IntegerConverter):
    """A whole number that a row can have: one of more digits leads to no page, not to a fault of the database."""

    regex = r"\d{1,9}"

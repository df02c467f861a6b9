"""What is sent is read without the one sign that no text has: PostgreSQL refuses it, and SQLite would keep it."""

from __future__ import annotations

from functools import cached_property

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

NUL = "\x00"


class CleanRequest(Request):
    """A request whose fields and arguments hold no NUL, whatever was sent."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The arguments of the address."""
        return _clean(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _clean(self.__dict__["form"])

    @property
    def has_strange_path(self) -> bool:
        """Whether the address itself holds one: no page has."""
        return NUL in self.path


def _clean(values: MultiDict[str, str]) -> MultiDict[str, str]:
    sent = list(values.items(multi=True))
    if not any(NUL in name or NUL in value for name, value in sent):
        return values
    return ImmutableMultiDict((name.replace(NUL, ""), value.replace(NUL, "")) for name, value in sent)

"""What a page sends: one answer as JSON, or as the fields of a plain form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Request
from werkzeug.datastructures import MultiDict

from lms.assessment.papers import Asked
from lms.core.errors import CascadeError
from lms.core.web.languages import lazy

MOST = 2**31 - 1
LARGEST = 16 * 1024
"""Bytes of one answer."""
SENTENCES = (
    lazy("This answer has a shape the question does not know. Answer again."),
    lazy("This answer is not one of the question's options. Choose again."),
    lazy("This answer names an option twice or none at all. Choose again."),
    lazy("This answer is neither true nor false. Choose again."),
    lazy("This answer is not a number. Write digits alone, without a word."),
    lazy("This answer does not name each step once. Number the steps again."),
    lazy("This answer numbers steps that the question does not have. Number the steps again."),
    lazy("This answer does not match anything. Choose for each line what belongs to it."),
    lazy("This answer names something that the protocol does not have. Answer again."),
    lazy("This answer matches something the question does not have. Choose again."),
    lazy("This answer does not begin with a number. Write it in digits, then the unit."),
    lazy("This answer is not one line of words. Write a shorter one."),
    lazy("This answer fills gaps that the question does not have. Fill the gaps again."),
    lazy("This answer is about steps that the question does not have. Answer again."),
)
"""What the kinds of questions say of an answer that does not fit; said in the reader's language by the pages."""
_CLIENT = re.compile(r"[A-Za-z0-9-]{1,48}")


class Unreadable(CascadeError):
    """What was sent is not an answer at all."""

    status = 422


@dataclass(frozen=True)
class Sent:
    """An answer as JSON, its names and numbers checked; what it says is not checked yet."""

    position: int
    client: str
    seq: int
    base: int
    data: dict[str, Any]


def read_sent(request: Request) -> Sent:
    """The answer in a JSON request; Unreadable when it has another shape."""
    request.max_content_length = LARGEST
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        raise Unreadable("This is not an answer in JSON.")
    said = data.get("client")
    client = read_client(said) if isinstance(said, str) else None
    if client is None:
        raise Unreadable("'client' must be 1 to 48 letters, digits or dashes.")
    return Sent(read_whole(data, "position", 1), client, read_whole(data, "seq", 1), read_whole(data, "base", 0), data)


def read_response(asked: Asked, sent: Sent) -> dict[str, Any]:
    """What the answer says: given as `response`, or as the page's own `fields`. BadResponse when it does not fit."""
    if "response" in sent.data:
        return dict(asked.check(sent.data["response"]))
    return read_fields(asked, sent.data.get("fields"))


def read_fields(asked: Asked, fields: object) -> dict[str, Any]:
    """What the fields of a page say; BadResponse when it does not fit, Unreadable when they are none."""
    if not isinstance(fields, dict) or not all(isinstance(values, list) for values in fields.values()):
        raise Unreadable("An answer has a 'response', or 'fields' with a list of values each.")
    form = MultiDict([(name, str(value)) for name, values in fields.items() for value in values])
    return dict(asked.check(asked.read(form, prefix_of(asked.position))))


def prefix_of(position: int) -> str:
    """What stands before the names of a question's fields, so that a whole paper fits on one page."""
    return f"q{position}-"


def read_client(typed: str | None) -> str | None:
    """The name of the page or form that sends, if it can be one."""
    return typed if typed and _CLIENT.fullmatch(typed) else None


def read_whole(data: dict[str, Any], name: str, least: int) -> int:
    """A whole number of what was sent, from `least`; Unreadable when it is none."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST:
        raise Unreadable(f"'{name}' must be a whole number from {least}.")
    return value

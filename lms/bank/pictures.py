"""A file put into a question as its picture: looked at, cleaned, and written anew as the question keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.bank.drawings import read_drawing
from lms.bank.errors import BadPicture, PictureFault
from lms.bank.photographs import is_photograph, read_photograph

LARGEST = 5 * 1024 * 1024
"""Bytes of a file."""


def read_picture(content: bytes, before: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """The picture of a question with what a file shows in the place of what was there `before`; its words for those who
    cannot see it stay. BadPicture says what is wrong with the file."""
    kept = {"alt": before.get("alt", {})}
    if not content:
        raise BadPicture(PictureFault.NONE)
    if len(content) > LARGEST:
        raise BadPicture(PictureFault.LARGE)
    if is_photograph(content):
        return {**kept, **read_photograph(content)}
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadPicture(PictureFault.UNKNOWN) from None
    if "<svg" not in text:
        raise BadPicture(PictureFault.UNKNOWN)
    labels = before.get("labels")
    return {**kept, **read_drawing(text, labels if isinstance(labels, Mapping) else {}, languages)}

"""Source marks: which source says a thing, and in which articles, written `law:20,41`."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator

_MARK = re.compile(r"([a-z0-9][a-z0-9-]{0,47})(?::([0-9A-Za-z.-]{1,12}(?:,[0-9A-Za-z.-]{1,12})*))?")


class Mark(NamedTuple):
    """A source mark: the id of the source, and the articles named."""

    source: str
    articles: tuple[str, ...]


def find_mark(text: str) -> Mark | None:
    """The mark that this text is; None when it is none (words of a question kept before marks were written)."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    source, articles = found.groups()
    return Mark(source, tuple(articles.split(",")) if articles else ())


def check_mark(text: str) -> str:
    """The mark as it is; ValueError says how one is written."""
    if find_mark(text) is None:
        raise ValueError(f"'{text}' is not a source mark; write the source's id and articles, as in law:20,41")
    return text


SourceMark = Annotated[str, AfterValidator(check_mark)]


def in_order(articles: set[str]) -> list[str]:
    """Articles as one counts them: 9, 20, 20-1, 41."""
    return sorted(articles, key=lambda article: [int(part) if part.isdigit() else 0 for part in article.split("-")])

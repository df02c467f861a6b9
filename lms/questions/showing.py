"""A question made ready for a page: its text in one language and its fields in the order of one paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import WHOLE, Body, Order, Response, Section, paragraphs, pick, points_of


@dataclass(frozen=True)
class Shown:
    """What a template of a kind needs, under the name `shown`; every text is in one language."""

    kind: str
    template: str
    paragraphs: list[str]
    """The question: the first paragraph is its heading."""
    fields: dict[str, Any]
    prefix: str = ""
    """Stands before each field's name and id, so that several questions fit on one page."""
    heading: str = "h1"
    error: str = ""
    """What is wrong with the answer in the fields, if anything."""
    marking: str = ""
    """whole | parts, of a question that may be right in part"""


@dataclass(frozen=True)
class Explained:
    """What a result page says about one answer."""

    paragraphs: list[str]
    credit: int
    """What the answer is worth, in thousandths of one question."""
    given: list[str]
    """The answer in words, one line for each part; empty when there was none."""
    expected: list[str]
    explanation: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    """The answer part by part; when there are some, they stand for `given` and `expected`."""
    sources: list[str] = field(default_factory=list)
    """Where the explanation is from, a line for each source."""
    ruled: str = ""
    """What was ruled on the question, if anything."""
    left_out: bool = False
    """By a ruling the question does not count."""
    also: list[str] = field(default_factory=list)
    """What is right too, by a ruling, in words."""

    @property
    def right(self) -> bool:
        """Whether the answer is right in all its parts."""
        return self.credit == WHOLE

    @property
    def points(self) -> Decimal:
        """What the answer is worth, of one."""
        return points_of(self.credit)


def show(
    kind: str,
    body: Body,
    *,
    language: str,
    order: Order | None = None,
    response: Response | None = None,
    prefix: str = "",
    heading: str = "h1",
    error: str = "",
) -> Shown:
    """The question as its template wants it, with what was answered so far."""
    found = get_kind(kind)
    body, schema = found.resolve(body, order or {}), found.schema.model_fields
    return Shown(
        kind=kind,
        template=found.template,
        paragraphs=found.read(body, language),
        fields=found.form.fields(body, order or {}, response or {}, language, prefix),
        prefix=prefix,
        heading=heading,
        error=error,
        marking=str(body.get("marking") or schema["marking"].default) if "marking" in schema else "",
    )


def explain(
    kind: str,
    body: Body,
    response: Response | None,
    *,
    language: str,
    order: Order | None = None,
    sources: Sequence[str] = (),
) -> Explained:
    """What was answered on the paper with this `order`, what is right, and why; `sources` in words."""
    found = get_kind(kind)
    rules, body = found.rules, found.resolve(body, order or {})
    return Explained(
        paragraphs=found.read(body, language),
        credit=rules.credit(body, response) if response else 0,
        given=rules.describe(body, response or {}, language),
        expected=found.expected(body, language),
        explanation=paragraphs(pick(body["explanation"], language)),
        sections=found.sections(body, response or {}, language),
        sources=list(sources),
    )


def right_words(kind: str, body: Body, *, language: str, order: Order | None = None) -> list[str]:
    """What is right on the paper with this `order`, in words, a line for each part."""
    found = get_kind(kind)
    return found.expected(found.resolve(body, order or {}), language)


def steady_order(kind: str, body: Body, *, seed: str) -> Order:
    """An order of the parts that is mixed but always the same: on a page and in print alike."""
    return get_kind(kind).rules.shuffle(body, Random(seed))  # noqa: S311 - nothing secret hangs on it

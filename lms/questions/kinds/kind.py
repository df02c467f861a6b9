"""What a kind of question is: its schema, its rules, its form, its template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from lms.questions.kinds.shapes import Body, Fault, FormData, Order, QuestionBody, Response, as_written, text_of


class KindRules(Protocol):
    """What `rules.py` of a kind answers."""

    def find_faults(self, body: Body) -> list[Fault]:
        """What makes a question useless though its shape is good."""

    def right_response(self, body: Body) -> Response:
        """An answer that gets the whole credit."""

    def credit(self, body: Body, response: Response) -> int:
        """What an answer is worth, in thousandths of one question, 0 to WHOLE; never raises on a strange answer."""

    def is_complete(self, body: Body, response: Response) -> bool:
        """Whether nothing is left to answer."""

    def check_response(self, body: Body, response: Response) -> None:
        """Raise BadResponse unless the answer fits the question."""

    def describe(self, body: Body, response: Response, language: str) -> list[str]:
        """The answer in words, a line for each part."""

    def shuffle(self, body: Body, rng: Random) -> Order:
        """The order in which the parts stand on one paper."""


class KindFields(Protocol):
    """What `fields.py` of a kind does with a form."""

    def fields(self, body: Body, order: Order, response: Response, language: str, prefix: str) -> dict[str, Any]:
        """The fields to show, as plain data for the kind's template."""

    def parse_form(self, body: Body, form: FormData, prefix: str = "") -> dict[str, Any] | None:
        """The answer in a form; None when there is none."""


@dataclass(frozen=True)
class Kind:
    """One kind of question: its schema, its rules, its form and the template that draws it."""

    name: str
    schema: type[QuestionBody]
    rules: KindRules
    form: KindFields
    resolve: Callable[[Body, Order], Body] = as_written
    """The question as it stands on one paper, of a kind that has variants: `Order` names the paper's. Everything but
    `find_faults` and `shuffle` is asked of what this gives."""
    read: Callable[[Body, str], list[str]] = text_of
    """The question in words, a line each, in one language; of a kind with fields in its text, without them."""
    tell: Callable[[Body, str], list[str]] | None = None
    """What is right, in words, of a kind whose right answer is another in each language."""

    def expected(self, body: Body, language: str) -> list[str]:
        """What is right, in words, a line for each part."""
        if self.tell:
            return self.tell(body, language)
        return self.rules.describe(body, self.rules.right_response(body), language)

    @property
    def template(self) -> str:
        """The template of the fields; it reads the variable `shown`."""
        return f"questions/kinds/{self.name.replace('-', '_')}.html"

"""The kinds of question there are. A new kind is a new folder with the same files, and one line in KINDS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from lms.core.errors import NotFound
from lms.questions.kinds.matching import fields as matching_fields
from lms.questions.kinds.matching import rules as matching_rules
from lms.questions.kinds.matching.schema import MatchingBody
from lms.questions.kinds.multiple import fields as multiple_fields
from lms.questions.kinds.multiple import rules as multiple_rules
from lms.questions.kinds.multiple.schema import MultipleBody
from lms.questions.kinds.number import fields as number_fields
from lms.questions.kinds.number import rules as number_rules
from lms.questions.kinds.number.schema import NumberBody
from lms.questions.kinds.ordering import fields as ordering_fields
from lms.questions.kinds.ordering import rules as ordering_rules
from lms.questions.kinds.ordering.schema import OrderingBody
from lms.questions.kinds.protocol import fields as protocol_fields
from lms.questions.kinds.protocol import rules as protocol_rules
from lms.questions.kinds.protocol.schema import ProtocolBody
from lms.questions.kinds.protocol.telling import tell as tell_protocol
from lms.questions.kinds.protocol.variant import resolve as resolve_protocol
from lms.questions.kinds.shapes import (
    Body,
    Fault,
    FormData,
    Order,
    QuestionBody,
    Response,
    Section,
    as_written,
    tells_nothing,
)
from lms.questions.kinds.single import fields as single_fields
from lms.questions.kinds.single import rules as single_rules
from lms.questions.kinds.single.schema import SingleBody
from lms.questions.kinds.true_false import fields as true_false_fields
from lms.questions.kinds.true_false import rules as true_false_rules
from lms.questions.kinds.true_false.schema import TrueFalseBody


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
    tell: Callable[[Body, Response, str], list[Section]] = tells_nothing
    """What a result page says of an answer, instead of the answer and the right one in a few lines."""

    @property
    def template(self) -> str:
        """The template of the fields; it reads the variable `shown`."""
        return f"questions/kinds/{self.name.replace('-', '_')}.html"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("single", SingleBody, single_rules, single_fields),
        Kind("multiple", MultipleBody, multiple_rules, multiple_fields),
        Kind("true-false", TrueFalseBody, true_false_rules, true_false_fields),
        Kind("ordering", OrderingBody, ordering_rules, ordering_fields),
        Kind("matching", MatchingBody, matching_rules, matching_fields),
        Kind("number", NumberBody, number_rules, number_fields),
        Kind("protocol", ProtocolBody, protocol_rules, protocol_fields, resolve_protocol, tell_protocol),
    )
}


def get_kind(name: str) -> Kind:
    """The kind with this name; NotFound when there is none."""
    if name not in KINDS:
        raise NotFound(f"There is no kind of question '{name}'. Use one of: {', '.join(KINDS)}.")
    return KINDS[name]

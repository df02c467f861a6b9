"""The law of the question bank: reading a question from plain data, grading one answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from lms.questions.errors import BadQuestion, BadResponse
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.kinds.shapes import LANGUAGES, Body, Fault, Key, Order, Part, Response
from lms.questions.marks import SourceMark


class Use(StrEnum):
    """What a question is for."""

    TEST = "test"
    SELF_CHECK = "self-check"
    ENTRY = "entry"
    """Asked before the course, to tell what to read with care; never graded."""


class Head(Part):
    """What a question says about itself, beside its body."""

    id: Key
    kind: Literal[
        "single",
        "multiple",
        "true-false",
        "ordering",
        "matching",
        "number",
        "short-text",
        "gap-text",
        "hotspot",
        "case",
    ]
    topic: Key
    use: Literal["test", "self-check", "entry"]
    source: Annotated[list[SourceMark], Field(min_length=1)]


@dataclass(frozen=True)
class LoadedQuestion:
    """A question without faults, ready to be kept."""

    id: str
    kind: str
    topic: str
    use: Use
    source: list[str]
    """Source marks."""
    body: Body

    @property
    def checksum(self) -> str:
        """SHA-256 of the whole question in a canonical form: equal questions have equal checksums."""
        return checksum_of([self.id, self.kind, self.topic, self.use.value, self.source, self.body])


def checksum_of(value: object) -> str:
    """SHA-256, in hexadecimal, of plain data written canonically (keys sorted, no spaces, UTF-8)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def grade(kind: str, body: Body, response: object, order: Order | None = None) -> int:
    """What the answer is worth on the paper with this `order`, in thousandths of one question, 0 to WHOLE. No answer
    and an answer of a strange shape get nothing."""
    if not isinstance(response, Mapping) or not response:
        return 0
    found = get_kind(kind)
    return found.rules.credit(found.resolve(body, order or {}), response)


def check_response(kind: str, body: Body, response: object, order: Order | None = None) -> Response:
    """The answer as it came, when it fits the question as it stands on the paper with this `order`; BadResponse says
    what to do otherwise."""
    if not isinstance(response, Mapping) or not all(isinstance(key, str) for key in response):
        raise BadResponse("This answer has a shape the question does not know. Answer again.")
    found = get_kind(kind)
    found.rules.check_response(found.resolve(body, order or {}), response)
    return response


def find_question_faults(raw: Mapping[str, Any], languages: Sequence[str] = LANGUAGES) -> list[Fault]:
    """Every fault of a question as it was read from a file; none when it can be kept."""
    head, body = split(raw)
    faults = _shape_faults(Head, head, languages)
    kind = KINDS.get(str(raw.get("kind")))
    if kind is None:
        return faults
    faults += _shape_faults(kind.schema, body, languages)
    return faults + [fault for fault in kind.rules.find_faults(body) if fault not in faults]


def load_question(raw: Mapping[str, Any], languages: Sequence[str] = LANGUAGES) -> LoadedQuestion:
    """The question in a form that can be kept; BadQuestion with every fault when it has any."""
    faults = find_question_faults(raw, languages)
    if faults:
        raise BadQuestion(faults)
    head, body = split(raw)
    read = get_kind(head["kind"]).schema.model_validate(body, context={"languages": languages})
    return LoadedQuestion(
        id=head["id"],
        kind=head["kind"],
        topic=head["topic"],
        use=Use(head["use"]),
        source=list(head["source"]),
        body=read.model_dump(exclude_defaults=True, by_alias=True),
    )


def split(raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head and the body of a question as it was read from a file."""
    head = {key: value for key, value in raw.items() if key in Head.model_fields}
    return head, {key: value for key, value in raw.items() if key not in Head.model_fields}


def _shape_faults(schema: type[Part], raw: Mapping[str, Any], languages: Sequence[str]) -> list[Fault]:
    try:
        schema.model_validate(raw, context={"languages": languages})
    except ValidationError as error:
        return faults_of(error)
    return []


def faults_of(error: ValidationError) -> list[Fault]:
    """What pydantic found, in words for the person who wrote the file."""
    return [Fault(tuple(found["loc"]), _say(found)) for found in error.errors(include_url=False)]


def _say(found: Mapping[str, Any]) -> str:
    name = found["loc"][-1] if found["loc"] else ""
    sentences = {
        "extra_forbidden": f"the key '{name}' is not known here; remove it or mend its spelling",
        "missing": f"'{name}' is missing",
        "string_type": f"'{name}' must be text; put it in quotes",
        "dict_type": f"'{name}' must have parts of its own, as in {name}: {{...}}",
        "list_type": f"'{name}' must be a list, as in {name}: [...]",
        "too_short": f"'{name}' is too short; {found['msg'][:1].lower()}{found['msg'][1:]}",
        "value_error": str(found.get("ctx", {}).get("error", "")),
        "union_tag_invalid": "a step is of kind " + str(found.get("ctx", {}).get("expected_tags", "")),
        "union_tag_not_found": "'kind' is missing; a step says of which kind it is",
        "literal_error": f"'{name}' is {found.get('input')!r}; it must be {found.get('ctx', {}).get('expected', '')}",
    }
    return sentences.get(found["type"], f"'{name}': {found['msg']}")

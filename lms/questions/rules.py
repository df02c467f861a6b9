"""The law of the question bank: reading a question from plain data, grading one answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from lms.questions.errors import BadQuestion, BadResponse
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.kinds.shapes import LANGUAGES, Body, Fault, Key, Order, Part, Response
from lms.questions.marks import SourceMark
from lms.questions.uses import Difficulty, Use


class Valid(Part):
    """From which day to which, both included, a question is drawn; at least one of them is said."""

    from_: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def check_order(self) -> Valid:
        """The days as they are; ValueError when there is none, or the last comes before the first."""
        if self.from_ is None and self.until is None:
            raise ValueError("'valid' names no day; say from or until, or leave it out")
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise ValueError(f"the last day {self.until} comes before the first {self.from_}")
        return self


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
        "protocol",
    ]
    topic: Key
    use: Literal["test", "self-check", "entry"]
    source: Annotated[list[SourceMark], Field(min_length=1)]
    difficulty: Literal["easy", "medium", "hard"] = "medium"
    valid: Valid | None = None


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
    difficulty: Difficulty = Difficulty.MEDIUM
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def checksum(self) -> str:
        """SHA-256 of the whole question in a canonical form: equal questions have equal checksums. What is not said of
        difficulty and days does not count, so that questions of before have the checksums they had."""
        said = [self.id, self.kind, self.topic, self.use.value, self.source, self.body]
        more = usage_data(self.difficulty, self.valid_from, self.valid_until, days=str)
        return checksum_of([*said, more] if more else said)


def usage_data(
    difficulty: str, valid_from: date | None, valid_until: date | None, days: Callable[[date], Any] = lambda day: day
) -> dict[str, Any]:
    """`difficulty` and `valid` as a pack says them; nothing where nothing is out of the ordinary. `days` writes one."""
    valid = {"from": valid_from, "until": valid_until}
    said = {name: days(day) for name, day in valid.items() if day is not None}
    hard = {"difficulty": str(difficulty)} if difficulty != Difficulty.MEDIUM else {}
    return {**hard, **({"valid": said} if said else {})}


WORDLESS = ("id", "svg", "png")
"""Parts of a body whose text nobody reads: ids, drawings and photographs. The words of drawings are labels."""


def words_in(said: object) -> str:
    """Every word of a body, in all languages, as `fold_words` writes them: a line for each text."""
    if isinstance(said, str):
        return fold_words(said)
    if isinstance(said, Mapping):
        parts = [value for key, value in said.items() if key not in WORDLESS]
    else:
        parts = list(said) if isinstance(said, list | tuple) else []
    return "\n".join(filter(None, map(words_in, parts)))


def fold_words(text: str) -> str:
    """A text as it is looked up: small letters, single spaces, no difference between е and ё."""
    return " ".join(text.casefold().replace("ё", "е").split())


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
    valid = Head.model_validate(head).valid
    return LoadedQuestion(
        id=head["id"],
        kind=head["kind"],
        topic=head["topic"],
        use=Use(head["use"]),
        source=list(head["source"]),
        body=read.model_dump(exclude_defaults=True, by_alias=True),
        difficulty=Difficulty(head.get("difficulty", Difficulty.MEDIUM)),
        valid_from=valid.from_ if valid else None,
        valid_until=valid.until if valid else None,
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

"""A situation with several steps: the shape of the question."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, create_model

from lms.questions.kinds.arithmetic import LONGEST
from lms.questions.kinds.plain import PLAIN
from lms.questions.kinds.shapes import Key, Part, QuestionBody, Texts


class Follows(Part):
    """From which earlier number a number follows, and how: in `formula`, `a` is the number given there."""

    step: Key
    formula: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


def _step_of(name: str, schema: type[QuestionBody]) -> Any:
    """A question of a plain kind as a step: with an id, and without an explanation of its own if it needs none."""
    more: dict[str, Any] = {
        "id": (Key, ...),
        "kind": (Literal[name], ...),
        "explanation": (Texts | None, None),
        **({"follows": (Follows | None, None)} if name == "number" else {}),
    }
    return create_model(f"{schema.__name__}Step", __base__=schema, **more)


_STEPS: Any = Annotated[
    reduce(or_, [_step_of(kind.name, kind.schema) for kind in PLAIN.values()]), Field(discriminator="kind")
]


class CaseBody(QuestionBody):
    """A situation, its text, and steps that lead through it. `marking` "parts": each step has its share."""

    marking: Literal["whole", "parts"] = "parts"
    steps: Annotated[list[_STEPS], Field(min_length=2, max_length=6)]

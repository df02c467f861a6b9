"""A results protocol to fill in or to check: the shape of the question."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lms.questions.kinds.shapes import Key, QuestionBody

MOST_VOTERS = 3000
"""A precinct is no larger."""
LEAST_VOTERS = 20


def check_span(span: list[int]) -> list[int]:
    """From the least to the most as it is; ValueError when the least is the larger one."""
    if span[0] > span[1]:
        raise ValueError(f"the least, {span[0]}, is larger than the most, {span[1]}")
    return span


Voters = Annotated[
    list[Annotated[int, Field(ge=LEAST_VOTERS, le=MOST_VOTERS)]],
    Field(min_length=2, max_length=2),
    AfterValidator(check_span),
]
Few = Annotated[
    list[Annotated[int, Field(ge=0, le=100)]], Field(min_length=2, max_length=2), AfterValidator(check_span)
]


class ProtocolBody(QuestionBody):
    """An evening of a precinct, told in sentences, and its protocol: to fill in, or filled in with at most one fault.

    Every paper has figures of its own.
    """

    form: Key
    """Code of a form of `lms.countries.protocol`."""
    mode: Literal["fill", "find"]
    candidates: Annotated[int, Field(ge=2, le=8)]
    voters: Voters
    """In the list, from the least to the most."""
    outside: bool = True
    """Whether ballots are issued outside the premises."""
    certificates: bool = True
    """Whether voters are added on absentee certificates."""
    invalid: Few
    """Invalid ballots, from the least to the most."""
    missing: Few
    """Ballots issued but not found in the boxes, from the least to the most."""
    figures: Literal["given", "mixed", "worked"] = "mixed"
    """Whether the story gives the figures as they are, or in parts that have to be added."""
    faults: list[Key] = Field(default_factory=list)
    """Of a question to find a fault: those that may be planted, by code; `none` for a protocol without one."""

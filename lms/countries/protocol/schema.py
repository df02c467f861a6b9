"""The shape of a form's file, and of the two files that the forms share: the story of an evening, and faults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from lms.countries.protocol.relations import read_comparisons, read_sum
from lms.countries.schema import LANGUAGES, Piece, Texts

TRAINING = {"kk": "оқу нысаны", "ru": "учебная форма", "en": "training form"}
"""What the title of a form says in each language: it is not the official one."""
SWAP = "swap "
"""Before a line's key: its figure with two neighbouring digits swapped."""
EMPTY = "empty"
"""Instead of a figure: nothing."""
_FIELD = re.compile(r"{(\w+)}")


def check_sum(text: str) -> str:
    """The sum as it is; ValueError when it is none."""
    read_sum(text)
    return text


def check_change(text: str) -> str:
    """What a fault writes into a line: a sum, `swap U`, or `empty`; ValueError when it is none."""
    return text if text == EMPTY else SWAP * text.startswith(SWAP) + check_sum(text.removeprefix(SWAP))


def check_relation(text: str) -> str:
    """Comparisons, or `whole`, as they are; ValueError when they are none."""
    if text != WHOLE:
        read_comparisons(text)
    return text


def check_need(text: str) -> str:
    """Comparisons as they are; ValueError when they are none."""
    read_comparisons(text)
    return text


WHOLE = "whole"
"""Instead of comparisons: every cell holds a whole number, zero or more."""
LineKey = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,3}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,47}$")]
RelationCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{1,2}$")]
SumText = Annotated[str, AfterValidator(check_sum)]


class LinePart(Piece):
    """A line: its words, where its figure comes from, and the sum it is where the line itself says so."""

    key: LineKey
    each: bool = False
    """One line for each candidate; `{n}` in the words is the candidate's number."""
    words: Texts
    comes_from: Texts
    adds_up: SumText | None = None

    @model_validator(mode="after")
    def _numbers_each(self) -> LinePart:
        if self.each and any("{n}" not in words for words in self.words.values()):
            raise ValueError(f"the words of {self.key} have no {{n}}, the number of the candidate")
        return self


class RelationPart(Piece):
    """A control relation: what must hold, how grave it is when it does not, and what to do then."""

    code: RelationCode
    holds: Annotated[str, AfterValidator(check_relation)]
    shown: Texts | None = None
    """The comparison as it is written for people, where its signs alone would be hard to read."""
    severity: Literal["stop", "recount", "form"]
    """`stop`: stop and tell the commission above; `recount`: count again; `form`: the sheet is not filled in."""
    words: Texts
    message: Texts
    """What to do if it fails."""


class FormFile(Piece):
    """A results protocol of one country and kind of election, as a training form."""

    format: Literal[1]
    code: Code
    country: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]
    title: Texts
    note: Texts
    edition: str
    source: str
    reserve: Annotated[int, Field(ge=0, le=100)]
    """Ballots printed beyond the voters in the list, at most so many for a thousand."""
    candidates: Annotated[list[int], Field(min_length=2, max_length=2)]
    """The least and the most that the exercise takes."""
    lines: Annotated[list[LinePart], Field(min_length=5)]
    relations: Annotated[list[RelationPart], Field(min_length=3)]
    story: Annotated[list[Code], Field(min_length=3)]
    """Steps of the evening, in order."""
    faults: dict[Code, list[RelationCode]]
    """Faults that can be planted, with exactly the relations that each breaks."""
    unseen: list[Code]
    """Faults that no relation of this form shows."""

    @model_validator(mode="after")
    def _fits_together(self) -> FormFile:
        check_different([line.key for line in self.lines], "line")
        check_different([relation.code for relation in self.relations], "relation")
        for language, words in TRAINING.items():
            if words not in self.title[language].casefold():
                raise ValueError(f"the title in {language} does not say '{words}': no form here is an official one")
        self._check_names()
        return self

    def _check_names(self) -> None:
        keys = {line.key for line in self.lines}
        for relation in self.relations:
            if relation.holds != WHOLE:
                names = (name for one in read_comparisons(relation.holds) for name in one.names)
                check_known(names, keys, f"the relation {relation.code}")
        for line in self.lines:
            check_known((name for name, _ in read_sum(line.adds_up or "0").terms), keys, f"the line {line.key}")
        codes = {relation.code for relation in self.relations}
        for fault, broken in self.faults.items():
            check_known(broken, codes, f"the fault {fault}", "relation")
            if not broken:
                raise ValueError(f"the fault {fault} breaks no relation; name it under 'unseen'")


class Telling(Piece):
    """One way to tell a step: sentences with `{a}`, `{b}`, and what they stand for."""

    text: Texts
    says: dict[str, SumText] = Field(default_factory=dict)
    """placeholder -> the sum of lines that it is."""
    packs: LineKey | None = None
    """The line is told as packs of a hundred, `{a}`, and loose ones, `{b}`."""
    parts: LineKey | None = None
    """The line is told in two parts that make it up, `{a}` and `{b}`."""
    listing: LineKey | None = None
    """Every line of the candidates, in the place of `{list}`."""
    other: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    """A figure of the evening that no line asks for, `{a}`, from the least to the most."""

    @model_validator(mode="after")
    def _fills_its_fields(self) -> Telling:
        wanted = set(self.says) | ({"a", "b"} if self.packs or self.parts else set())
        wanted |= ({"list"} if self.listing else set()) | ({"a"} if self.other else set())
        for language in LANGUAGES:
            if set(_FIELD.findall(self.text[language])) != wanted:
                raise ValueError(f"the sentence in {language} must have {', '.join(sorted(wanted))} in braces")
        return self


class StepPart(Piece):
    """A step of the evening. The first telling gives its figures as they are."""

    code: Code
    needs: Annotated[str, AfterValidator(check_need)] | None = None
    """Told only when this is so."""
    worked: bool = False
    """Told only in exercises where figures must be worked out."""
    tellings: Annotated[list[Telling], Field(min_length=1)]


class FaultPart(Piece):
    """A fault: what happened, what it writes into which lines, and when it can happen at all."""

    code: Code
    words: Texts
    writes: Annotated[dict[LineKey, Annotated[str, AfterValidator(check_change)]], Field(min_length=1)]
    needs: Annotated[str, AfterValidator(check_need)] | None = None
    shown_by: Texts
    """How it comes to light."""


class StoryFile(Piece):
    """Every step that a form may have."""

    format: Literal[1]
    item: Texts
    """One candidate in a list: `{n}` and `{a}`."""
    steps: list[StepPart]

    @model_validator(mode="after")
    def _has_each_once(self) -> StoryFile:
        check_different([step.code for step in self.steps], "step")
        return self


class FaultFile(Piece):
    """Every fault that a form may have."""

    format: Literal[1]
    faults: list[FaultPart]

    @model_validator(mode="after")
    def _has_each_once(self) -> FaultFile:
        check_different([fault.code for fault in self.faults], "fault")
        return self


def check_different(values: Iterable[str], what: str) -> None:
    """ValueError when a value stands twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"the {what} {value} stands twice")
        seen.add(value)


def check_known(names: Iterable[str], known: Iterable[str], where: str, what: str = "line") -> None:
    """ValueError when a name is not one of the known ones."""
    missing = sorted(set(names).difference(known))
    if missing:
        raise ValueError(f"{where} names the {what} {', '.join(missing)}, which the form does not have")

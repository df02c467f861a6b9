"""The settings of a course's test: how long, how many tries, what is drawn, what is enough."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from lms.questions.uses import Difficulty

Count = Annotated[int, Field(ge=1, le=200)]
Quota = Annotated[int, Field(ge=0, le=200)]
DIFFICULTIES = tuple(one.value for one in Difficulty)


class Setting(BaseModel):
    """A part of the settings; knows every key it may have and converts nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_serializer(mode="wrap")
    def leave_out_unsaid(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without what is not said: settings of before keep their checksum when a new one may be said."""
        return {name: value for name, value in write(self).items() if value is not None}


class Draw(Setting):
    """How many questions of a topic a paper has; if wanted, how many of them of each difficulty."""

    topic: str
    draw: Count
    easy: Quota | None = None
    medium: Quota | None = None
    hard: Quota | None = None

    @property
    def quotas(self) -> dict[str, int]:
        """Difficulty -> so many questions, of those that are said."""
        said = {"easy": self.easy, "medium": self.medium, "hard": self.hard}
        return {name: count for name, count in said.items() if count is not None}

    @model_validator(mode="after")
    def check_quotas(self) -> Draw:
        """The line as it is; ValueError when its difficulties come to more questions than are drawn, or to fewer
        though all three are said."""
        together = sum(self.quotas.values())
        if together > self.draw or (len(self.quotas) == len(DIFFICULTIES) and together < self.draw):
            raise ValueError(f"the difficulties come to {together} questions, but {self.draw} are drawn")
        return self


class Minimum(Setting):
    """How many questions of some topics together must be right, whatever the whole result is."""

    topics: Annotated[list[str], Field(min_length=1)]
    right: Count


class EntrySettings(Setting):
    """The questions asked before the course, if the member likes: how many of each topic. No clock, no pass mark."""

    blueprint: Annotated[list[Draw], Field(min_length=1)]

    @property
    def size(self) -> int:
        """Questions on one paper."""
        return sum(part.draw for part in self.blueprint)


class TestSettings(Setting):
    """The test of a course: `minutes` for one attempt, `hours_between` two of them, `pass_percent` of all questions."""

    __test__ = False  # pytest: this is no test

    minutes: Annotated[int, Field(ge=1, le=480)]
    pass_percent: Annotated[int, Field(ge=1, le=100)]
    attempts: Annotated[int, Field(ge=1, le=100)]
    hours_between: Annotated[int, Field(ge=0, le=720)]
    blueprint: Annotated[list[Draw], Field(min_length=1)]
    minimums: list[Minimum] = []
    most_seen_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    """A question that stood on this share of the papers is left out as long as enough others are left."""
    after_attempts: Literal["officer", "workshop"] = "officer"
    """Who opens the way again when every attempt is used: an officer's decision alone, or a workshop of the course too,
    attended after the last attempt."""
    more: Annotated[int, Field(ge=1, le=20)] = 1
    """How many attempts such a workshop gives."""
    supervised: bool = False
    """Whether the test begins only in a room, with the code that whoever supervises it has there."""

    @model_serializer(mode="wrap")
    def leave_out_usual(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The settings as plain data. What came later and is as usual is left out: what was published before it stays
        the same, to the checksum."""
        usual = {"most_seen_percent": None, "after_attempts": "officer", "more": 1, "supervised": False}
        return {name: value for name, value in dump(self).items() if usual.get(name) != value}

    @property
    def size(self) -> int:
        """Questions on one paper."""
        return sum(part.draw for part in self.blueprint)

    @property
    def enough(self) -> int:
        """Right answers that are enough to pass, rounded up."""
        return -(-self.size * self.pass_percent // 100)

"""Read the forms that are shipped, with the story and the faults they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lms.core.errors import Refused
from lms.countries.protocol.relations import Comparison, read_comparisons, read_sum
from lms.countries.reading import FILES, read_yaml_part

if TYPE_CHECKING:
    from lms.countries.protocol.schema import FaultPart, FormFile, StepPart, StoryFile
    from lms.countries.schema import Piece

FORMS = FILES / "protocols"
SHARED = FORMS / "shared"
P = TypeVar("P", bound="Piece")


@dataclass(frozen=True)
class Form:
    """A form with everything that its file names."""

    file: FormFile
    story: StoryFile
    steps: tuple[StepPart, ...]
    faults: Mapping[str, FaultPart]
    """Those it may have, planted and unseen, by code."""

    @property
    def code(self) -> str:
        """What a question names it by."""
        return self.file.code

    @cached_property
    def has(self) -> frozenset[str]:
        """Keys of its lines."""
        return frozenset(line.key for line in self.file.lines)

    @cached_property
    def compared(self) -> Mapping[str, tuple[Comparison, ...] | None]:
        """Each relation, read; None for the one that asks for whole numbers in every cell."""
        return {one.code: None if one.holds == "whole" else read_comparisons(one.holds) for one in self.file.relations}

    def breaks(self, fault: str) -> tuple[str, ...]:
        """The relations that a fault breaks; none where no relation shows it."""
        return tuple(self.file.faults.get(fault, ()))


def list_forms() -> list[str]:
    """Codes of the forms that come with the product."""
    return sorted(path.stem for path in FORMS.glob("*.yaml"))


@lru_cache(maxsize=16)
def get_form(code: str) -> Form:
    """The form with this code; Refused when there is none."""
    if code not in list_forms():
        raise Refused(f"No protocol form '{code}' comes with Cascade. Use one of: {', '.join(list_forms())}.")
    return read_form((FORMS / f"{code}.yaml").read_text(encoding="utf-8"), f"{code}.yaml")


def read_form(text: str, name: str) -> Form:
    """The form that a file's text says; Refused, and every fault named, when it is none. `name`: of the file."""
    from lms.countries.protocol.schema import FormFile

    file = read_yaml_part(text, name, FormFile, "protocol form")
    story, faults = _shared()
    try:
        return _joined(file, story, faults)
    except ValueError as error:
        raise Refused(f"{name} is no protocol form. {error}.") from error


@lru_cache(maxsize=1)
def _shared() -> tuple[StoryFile, Mapping[str, FaultPart]]:
    from lms.countries.protocol.schema import FaultFile, StoryFile

    story = _read_shared(SHARED / "story.yaml", StoryFile, "story of an evening")
    faults = _read_shared(SHARED / "faults.yaml", FaultFile, "list of faults")
    return story, {fault.code: fault for fault in faults.faults}


def _read_shared(path: Path, kind: type[P], what: str) -> P:
    return read_yaml_part(path.read_text(encoding="utf-8"), path.name, kind, what)


def _joined(file: FormFile, story: StoryFile, faults: Mapping[str, FaultPart]) -> Form:
    """The form with its steps and faults; ValueError when it names one that there is not, or one that names a line
    which this form does not have."""
    from lms.countries.protocol.schema import check_different, check_known

    steps = {step.code: step for step in story.steps}
    named = [*file.faults, *file.unseen]
    check_known(file.story, steps, "the story", "step")
    check_known(named, faults, "the form", "fault")
    check_different(named, "fault")
    form = Form(file, story, tuple(steps[code] for code in file.story), {code: faults[code] for code in named})
    lines = form.has | {"C1", "C2"}
    for step in form.steps:
        check_known(_lines_told(step), lines, f"the step {step.code}")
    for code, fault in form.faults.items():
        check_known(_lines_touched(fault), lines, f"the fault {code}")
    return form


def _lines_told(step: StepPart) -> set[str]:
    found: set[str] = set()
    for telling in step.tellings:
        found |= {name for text in telling.says.values() for name, _times in read_sum(text).terms}
        found |= {key for key in (telling.packs, telling.parts, telling.listing) if key}
    return found


def _lines_touched(fault: FaultPart) -> set[str]:
    from lms.countries.protocol.schema import EMPTY, SWAP

    sums = [text.removeprefix(SWAP) for text in fault.writes.values() if text != EMPTY]
    return set(fault.writes) | {name for text in sums for name, _times in read_sum(text).terms}

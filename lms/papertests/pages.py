"""Pages of papers as plain data for the templates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lms.assessment.sent import prefix_of
from lms.commissions.permissions import Scope
from lms.core.web.languages import current_language
from lms.papertests import keying, queries
from lms.papertests.models import PaperSheet
from lms.papertests.permissions import find_hindrance, is_own
from lms.papertests.queries import Seated
from lms.papertests.rules import LETTERS, Mark, marks_of
from lms.questions.kinds.shapes import Response
from lms.questions.showing import Shown, show


@dataclass(frozen=True)
class Candidate:
    """Somebody for whom a paper may be printed: the one they have out, or what stands in the way."""

    seated: Seated
    out: PaperSheet | None
    hindrance: str
    own: bool
    ticked: bool

    @property
    def may(self) -> bool:
        """Whether one can be printed."""
        return not self.own and (self.out is not None or not self.hindrance)


@dataclass(frozen=True)
class Compared:
    """What was keyed in at one place, in letters and figures of the paper; what counted before, where it differs."""

    position: int
    marks: Sequence[Mark]
    before: Sequence[Mark]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written there."""
        return not any(mark.said for mark in self.marks)


def list_candidates(
    scope: Scope, people: Sequence[Seated], *, ticked: Collection[int] | None, at: datetime | None
) -> list[Candidate]:
    """People in the order of their names. `ticked`: enrolments; None: those for whom nothing stands in the way and who
    have none out."""
    out = queries.find_waiting([one.enrolment.id for one in people])
    found = []
    for one in sorted(people, key=lambda one: (one.commission.code, one.person.full_name)):
        sheet = out.get(one.enrolment.id)
        hindrance = "" if sheet else find_hindrance(one.enrolment, one.commission.time_zone, at)
        own = is_own(scope, one.enrolment)
        chosen = one.enrolment.id in ticked if ticked is not None else not (sheet or hindrance or own)
        found.append(Candidate(one, sheet, hindrance, own, chosen))
    return found


def list_shown(sheet: PaperSheet, answers: Mapping[int, Response], faults: Mapping[int, str]) -> list[Shown]:
    """The questions of a sheet to key in, in the reader's language, with what was keyed in."""
    return [
        _lettered(
            show(
                asked.question.kind,
                asked.question.body,
                language=current_language(),
                order=asked.order,
                response=answers.get(asked.position, {}),
                prefix=prefix_of(asked.position),
                heading="h3",
                error=faults.get(asked.position, ""),
            )
        )
        for asked in keying.list_asked(sheet)
    ]


def _lettered(shown: Shown) -> Shown:
    """The question with the letters of the paper before the answers to choose from for a gap: lists on a page
    have none."""
    if shown.kind != "gap-text":
        return shown
    lines = [[_with_letters(piece) for piece in line] for line in shown.fields["lines"]]
    return replace(shown, fields={**shown.fields, "lines": lines})


def _with_letters(piece: Mapping[str, Any]) -> dict[str, Any]:
    named = zip(LETTERS, piece.get("choices", []), strict=False)
    lettered = [{**one, "text": f"{letter} {one['text']}"} for letter, one in named]
    return {**piece, "choices": lettered} if lettered else dict(piece)


def list_compared(sheet: PaperSheet) -> list[Compared]:
    """What was keyed in of a sheet, place by place; of a correction with what counted before, where it differs."""
    said = _marks(sheet, keying.answers_of(sheet))
    before = _marks(sheet, keying.counted_of(sheet)) if sheet.attempt_id is not None else said
    return [
        Compared(position, marks, before[position] if before[position] != marks else [])
        for position, marks in said.items()
    ]


def _marks(sheet: PaperSheet, answers: Mapping[int, Response]) -> dict[int, list[Mark]]:
    shown = list_shown(sheet, answers, {})
    return {place: marks_of(one.kind, one.fields) for place, one in enumerate(shown, start=1)}

"""Questions whose answers are worth so many per cent each, and questions with steps to put in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from lms.core.web.languages import _
from lms.exchange.formats.making import Making, build, options_of
from lms.exchange.formats.shapes import Raw
from lms.exchange.naming import mixed_letters

_Answer = TypeVar("_Answer")
NEAR = 0.1
"""Per cent by which a share may be rounded."""
WHOLE = ("ALL_OR_NOTHING", "-1")
PAIRWISE = ("RELATIVE_NEXT_EXCLUDE_LAST", "RELATIVE", "REL", "1", "")
"""How Moodle calls our two ways of marking an order; the second also when it says nothing."""


def single_from(making: Making, text: str, explanation: str, answers: Sequence[tuple[str, float]]) -> Raw:
    """One right answer: the one that is worth everything."""
    whole = [weight >= 100 - NEAR for _text, weight in answers]
    if sum(whole) != 1:
        making.skip(_("%(n)s answers are wholly right; one must be.", n=sum(whole)))
    if any(0 < weight < 100 - NEAR for _text, weight in answers):
        making.say(_("Answers that were right in part count as wrong."))
    if any(weight < 0 for _text, weight in answers):
        making.say(_("Wrong answers that took something away count nothing."))
    options = [(text, right) for (text, _weight), right in zip(answers, whole, strict=True)]
    return build(making, "single", text, explanation, options=options_of(making, options))


def multiple_from(making: Making, text: str, explanation: str, answers: Sequence[tuple[str, float]]) -> Raw:
    """Several right answers: those that are worth something, now each the same."""
    right = [weight > 0 for _text, weight in answers]
    share = 100 / max(1, sum(right))
    even = all(abs(abs(weight) - share) <= NEAR for _text, weight in answers)
    if not even and any(right):
        making.say(
            _("Its answers were weighed otherwise: each right one counts alike, and a wrong one takes as much away.")
        )
    options = [(text, is_right) for (text, _weight), is_right in zip(answers, right, strict=True)]
    return build(making, "multiple", text, explanation, marking="parts", options=options_of(making, options))


def only_whole(making: Making, whole: Sequence[_Answer]) -> _Answer:
    """The one number that is wholly right; the question is skipped when there is none, or more than one."""
    if not whole:
        making.skip(_("No number is wholly right."))
    if len(whole) > 1:
        making.skip(_("%(n)s answers are wholly right; one must be.", n=len(whole)))
    return whole[0]


def ordering_from(making: Making, text: str, explanation: str, steps: Sequence[str], *, drawn: str, graded: str) -> Raw:
    """Steps in their right order. `drawn`, `graded`: how Moodle calls which steps are asked and how they are marked."""
    if drawn.upper() not in ("ALL", "EXACT", "0", ""):
        making.say(_("Some of its steps were drawn for each paper; here all of them are asked."))
    if graded.upper() not in (*WHOLE, *PAIRWISE):
        making.say(_("It was marked otherwise; here a step counts that follows on the one it should follow."))
    items = [{"id": key, "text": making.texts(step)} for key, step in zip(mixed_letters(steps), steps, strict=True)]
    marking = None if graded.upper() in WHOLE else "parts"
    return build(making, "ordering", text, explanation, marking=marking, items=items)

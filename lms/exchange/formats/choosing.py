"""Questions with options, from answers that are worth so many per cent each."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.web.languages import _
from lms.exchange.formats.making import Making, build, options_of
from lms.exchange.formats.shapes import Raw

NEAR = 0.1
"""Per cent by which a share may be rounded."""


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

"""What will become of a branch, in one sentence: the same on every page that tells it."""

from __future__ import annotations

from lms.reporting.pages import Branch, Pace
from lms.reporting.words import outlook_sentence, slow_sentence


def branch_sentence(branch: Branch, pace: Pace) -> str:
    """Which territories are too slow and how many people that is, or when the whole branch has finished."""
    lately = branch.total.lately
    if branch.slow and pace.today < pace.election_on:
        names = [line.place.name for line in branch.slow]
        others = branch.others_in_time
        return slow_sentence(
            names, branch.short, others=others, days=pace.days, lately=lately, election_on=pace.election_on
        )
    return outlook_sentence(branch.forecast, days=pace.days, lately=lately, election_on=pace.election_on)

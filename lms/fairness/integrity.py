"""Signs of help that was not allowed, from papers alone. Pure. Each may have a harmless reason, so each is a question
to people and never an answer.

*Pace*: the whole test, from its beginning to the sending, took less time than its questions can be read in. A quick
reader reads four words a second, so three times as fast is the bound. The time between two answers is not looked at: a
device without a link sends what it kept all at once.

*Similar*: two people of one commission gave the same wrong answers more often than chance gives. Of a question that
both answered wrongly, they agree by chance with the probability that two wrong answers drawn from everybody's do: the
sum of squares of the shares that the wrong answers have among the wrong. How able they are plays no part, as only
questions that both got wrong are counted. The probability of so many agreements or more is exact (the distribution of a
sum of trials with different chances), and is held against ALPHA divided by the number of pairs that were compared
(Bonferroni): in a search without any help, some pair is named with a probability of at most ALPHA.

*Same client*: one browser page or form sent answers of two people. A page is named anew for each test and device, so
this is seen only where answers were carried over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

WORDS_A_SECOND = 12
"""Three times as fast as a quick reader."""
LEAST_ANSWERED = 10
LEAST_RIGHT = 0.8
"""Share of the whole credit: who sends a test unread and fails has not been helped."""
ALPHA = 0.01
LEAST_SAME = 4
"""Same wrong answers below which nothing is said, however improbable."""
LEAST_WRONG = 30
"""Wrong answers of everybody to a question below which it is not known how they spread."""
LEAST_CLIENT = 10
"""Signs of a client's name: shorter ones are no page's."""


class Kind(StrEnum):
    """What was seen."""

    PACE = "pace"
    SIMILAR = "similar"
    SAME_CLIENT = "same_client"


class Judgement(StrEnum):
    """How somebody who looked into a sign judges it."""

    OPEN = "open"
    """Somebody is at it."""
    HARMLESS = "harmless"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Pace:
    """A test that was quicker than it can be read: seconds it took, and seconds that a quick reader takes three times
    as fast."""

    seconds: int
    words: int
    least: int


@dataclass(frozen=True)
class Pair:
    """Two papers with the same wrong answers."""

    first: int
    second: int
    same: int
    both_wrong: int
    expected: float
    probability: float
    bound: float
    """The probability below which a pair is named in this search."""


def find_pace(*, seconds: int | None, words: int, answered: int, share: float) -> Pace | None:
    """The pace of a test if it is too quick. `words`: of its questions; `share`: of the whole credit that it got."""
    least = words // WORDS_A_SECOND
    if seconds is None or answered < LEAST_ANSWERED or share < LEAST_RIGHT or seconds >= least:
        return None
    return Pace(seconds, words, least)


def chances_of(wrong: Mapping[int, Counter[int]]) -> dict[int, float]:
    """By question: how probably two people who both answer it wrongly give the same answer. `wrong`: by question, how
    often each wrong answer was given; questions with few are left out."""
    found = {}
    for question, answers in wrong.items():
        n = sum(answers.values())
        if n >= LEAST_WRONG:
            found[question] = sum((times / n) ** 2 for times in answers.values())
    return found


def tail(chances: Sequence[float], least: int) -> float:
    """The probability that at least so many of independent trials with these chances come true; exact."""
    spread = [1.0]
    for chance in chances:
        spread = [
            (spread[k] * (1 - chance) if k < len(spread) else 0.0) + (spread[k - 1] * chance if k else 0.0)
            for k in range(len(spread) + 1)
        ]
    return min(1.0, sum(spread[least:]))


Wrongs = Mapping[int, int]
"""Of one paper: question -> which wrong answer, by number."""


def find_pairs(
    groups: Iterable[Sequence[tuple[int, int, Wrongs]]], chances: Mapping[int, float]
) -> tuple[list[Pair], int]:
    """Pairs of papers of different people within each group (paper, person, wrong answers) that are alike beyond
    chance, the least probable first; and how many pairs were compared."""
    compared = 0
    alike: list[tuple[int, int, list[float], int]] = []
    for group in groups:
        for (first, one, ours), (second, other, theirs) in combinations(group, 2):
            if one == other:
                continue
            compared += 1
            both = [question for question in ours.keys() & theirs.keys() if question in chances]
            same = sum(ours[question] == theirs[question] for question in both)
            if same >= LEAST_SAME:
                alike.append((first, second, [chances[question] for question in both], same))
    bound = ALPHA / max(1, compared)
    pairs = [
        Pair(first, second, same, len(both), sum(both), probability, bound)
        for first, second, both, same in alike
        if (probability := tail(both, same)) < bound
    ]
    return sorted(pairs, key=lambda pair: pair.probability), compared


def find_shared(clients: Iterable[tuple[int, int, Iterable[str]]]) -> Iterator[tuple[int, int]]:
    """Two papers (paper, person, clients) of different people, whose answers came from one page, each once."""
    by_client: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for paper, person, names in clients:
        for name in names:
            if len(name) >= LEAST_CLIENT:
                by_client[name].append((paper, person))
    found = set()
    for papers in by_client.values():
        for (first, one), (second, other) in combinations(papers, 2):
            if one != other:
                found.add((first, second))
    yield from sorted(found)

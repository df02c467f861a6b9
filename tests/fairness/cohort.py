"""A cohort that answers by known parameters (two-parameter logistic model), and what its figures must come to.

Everything is drawn from a seed. What the parameters give is computed by summing over the distribution of abilities, not
by simulating once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, pi, sqrt
from random import Random

from lms.fairness.rules import WHOLE, Known, Place

WRONG = ("b", "c", "d")
LANGUAGES = ("kk", "ru")
GRID = [(-4 + 0.1 * step, exp(-((-4 + 0.1 * step) ** 2) / 2) / sqrt(2 * pi) * 0.1) for step in range(81)]
"""Abilities with their weights."""


@dataclass(frozen=True)
class Item:
    """A question: how steep, how hard; harder by `harder_in_ru` for those who read Russian; its key may be wrong."""

    number: int
    topic: str
    slope: float
    hard: float
    harder_in_ru: float = 0.0
    wrong_key: bool = False

    def knows(self, ability: float, language: str) -> float:
        """How probably somebody chooses what is truly right."""
        hard = self.hard + (self.harder_in_ru if language == "ru" else 0.0)
        return 1 / (1 + exp(-self.slope * (ability - hard)))

    def credit(self, ability: float, language: str) -> float:
        """How probably somebody gets the point: by a wrong key, who falls for the first wrong option."""
        known = self.knows(ability, language)
        return (1 - known) / 2 if self.wrong_key else known

    def mean(self, ability: float) -> float:
        """The same over both languages."""
        return sum(self.credit(ability, language) for language in LANGUAGES) / len(LANGUAGES)


@dataclass(frozen=True)
class Cohort:
    """Items by topic, how many of each topic stand on a paper, and how many people."""

    items: Sequence[Item]
    drawn: dict[str, int]
    people: int
    seed: int = 7

    def papers(self) -> Iterator[list[Place]]:
        """The papers, each drawn and answered."""
        rng = Random(self.seed)
        for number in range(self.people):
            ability, language = rng.gauss(0, 1), LANGUAGES[number % 2]
            paper = [item for topic, n in self.drawn.items() for item in rng.sample(self.by_topic[topic], n)]
            yield [self._answer(item, ability, language, rng) for item in paper]

    def _answer(self, item: Item, ability: float, language: str, rng: Random) -> Place:
        knows = rng.random() < item.knows(ability, language)
        wrong = "b" if rng.random() < 0.5 else rng.choice(WRONG[1:])
        said = "a" if knows else wrong
        key = "b" if item.wrong_key else "a"
        seconds = rng.randint(5, 60)
        return Place(item.number, item.topic, WHOLE * (said == key), f'{{"choice":"{said}"}}', language, seconds)

    def known(self) -> dict[int, Known]:
        """The options and keys of its items."""
        return {item.number: Known(("a", *WRONG), frozenset({"b" if item.wrong_key else "a"})) for item in self.items}

    @cached_property
    def by_topic(self) -> dict[str, list[Item]]:
        """Items of each topic."""
        return {topic: [item for item in self.items if item.topic == topic] for topic in self.drawn}

    def facility(self, item: Item) -> float:
        """What the facility must be."""
        return expect(item.mean)

    def discrimination(self, item: Item) -> float:
        """What the discrimination must be."""
        facilities = {one.number: self.facility(one) for one in self.items}
        parts = []
        for topic, n in self.drawn.items():
            pool = [one for one in self.by_topic[topic] if one is not item]
            parts.append((pool, n - (topic == item.topic)))

        def excess(ability: float) -> float:
            return sum(
                k * sum(one.mean(ability) - facilities[one.number] for one in pool) / len(pool) for pool, k in parts
            )

        def chance(ability: float) -> float:
            return sum(
                drawn_variance([one.mean(ability) for one in pool], k, [facilities[one.number] for one in pool])
                for pool, k in parts
            )

        facility, mean = facilities[item.number], expect(excess)
        covariance = expect(lambda ability: (item.mean(ability) - facility) * (excess(ability) - mean))
        spread = expect(lambda ability: (excess(ability) - mean) ** 2) + expect(chance)
        return covariance / sqrt(facility * (1 - facility) * spread)

    def reliability(self) -> float:
        """What the reliability must be, as it is estimated: topics taken for unlimited."""

        def true(ability: float) -> float:
            return sum(n * mean([one.mean(ability) for one in self.by_topic[topic]]) for topic, n in self.drawn.items())

        def error(ability: float) -> float:
            return sum(
                n * (mean([p * (1 - p) for p in chances]) + sample_variance(chances))
                for topic, n in self.drawn.items()
                for chances in [[one.mean(ability) for one in self.by_topic[topic]]]
            )

        def chance(ability: float) -> float:
            return sum(
                drawn_variance([one.mean(ability) for one in self.by_topic[topic]], n)
                for topic, n in self.drawn.items()
            )

        middle = expect(true)
        spread = expect(lambda ability: (true(ability) - middle) ** 2) + expect(chance)
        return 1 - expect(error) / spread


def expect(of: Callable[[float], float]) -> float:
    """The mean over all abilities."""
    return sum(weight * of(ability) for ability, weight in GRID)


def mean(values: Sequence[float]) -> float:
    """Their mean."""
    return sum(values) / len(values)


def sample_variance(values: Sequence[float]) -> float:
    """With one less below the sum."""
    middle = mean(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1)


def drawn_variance(chances: Sequence[float], n: int, facilities: Sequence[float] | None = None) -> float:
    """The variance of the sum of `n` answers to questions drawn of these, each less its facility."""
    if not n:
        return 0.0
    left = [p - f for p, f in zip(chances, facilities or [0.0] * len(chances), strict=True)]
    return n * mean([p * (1 - p) for p in chances]) + n * (1 - n / len(left)) * sample_variance(left)


def make_items(topics: Sequence[str], each: int, seed: int = 3) -> list[Item]:
    """Ordinary questions, neither too easy nor too hard."""
    rng = Random(seed)
    return [
        Item(number, topic, rng.uniform(0.9, 1.8), rng.uniform(-1.8, 0.4))
        for number, topic in enumerate((topic for topic in topics for _ in range(each)), start=1)
    ]

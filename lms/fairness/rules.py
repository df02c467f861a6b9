"""How a test and its questions did, from the papers alone. Pure; two passes over any number of papers, which are never
held together.

*Facility* is the mean credit of a question (0 to 1). *Discrimination* is the correlation of a question's credit with
the rest score of the paper. As papers are drawn, one is harder than another; so the rest score is the sum, over the
other questions of the paper, of the credit less that question's facility: how much better somebody did than people do
on just these questions.

*Reliability* of drawn papers. A person's credits within a topic are a random sample of what they would get on the whole
topic, so the error variance of their sum over the topic is n times the sample variance of the credits (n - 1 below the
sum); over the topics it adds up. That is Lord's compound binomial error (F. M. Lord, "Estimating test reliability",
1955, and "A strong true-score theory", 1965), with any credits in place of right and wrong. Reliability is 1 - (mean
error variance) / (variance of the sums). With one topic and whole credits it is KR-21, as one sees by writing
x (n - x) / (n - 1) for the error. Topics that have a single question on a paper are taken together, for one credit has
no variance. Topics are taken for unlimited: of a small pool the figure is a little too low, never too high.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import sqrt
from typing import Any, NamedTuple

WHOLE = 1000
FEW = 50
"""Answers below which nothing is judged; of a language too."""
SOME = 200
"""Answers below which discrimination, key and options that nobody chose are not judged: chance would decide."""
EASY, HARD = 0.97, 0.25
"""Facility above which a question is too easy, and below which it is too hard."""
WEAK = 0.1
"""Discrimination below which a question tells the strong from the weak too little."""
STRONGER = 3.0
"""Standard errors by which the rest score of those who chose a wrong option must exceed that of the key."""
COMMON = 0.05
"""Share of the answers that a wrong option must have before it can put the key in doubt."""
GAP, GAP_ERRORS = 0.1, 3.0
"""Difference between two languages, in facility and in standard errors, above which it is a gap."""
MOST_SAID = 2_000
"""Different answers to one question that are told apart."""
SHOWN = 12
"""Answers of a question without options that are listed, the most frequent."""


class Doubt(StrEnum):
    """What is doubtful about a question."""

    FEW = "few"
    EASY = "easy"
    HARD = "hard"
    WEAK = "weak"
    NEGATIVE = "negative"
    KEY = "key"
    """A wrong option is chosen by the stronger ones."""
    LANGUAGE = "language"
    NEVER = "never"
    """Wrong options that nobody chose."""


class Place(NamedTuple):
    """One place of a paper."""

    question: int
    """Id of the question version."""
    topic: str
    credit: int
    """In thousandths."""
    said: str
    """The answer that counts, in JSON; empty for none."""
    language: str | None
    seconds: int | None
    """Since the answer before, or the beginning."""


@dataclass(frozen=True)
class Known:
    """The options of a question and the right ones; without options, the answers that are right, in JSON."""

    options: tuple[str, ...] = ()
    right: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Chosen:
    """One option, or one answer of a question without options."""

    name: str
    n: int
    share: float
    rest: float
    """Mean rest score of those who chose it."""
    right: bool


@dataclass(frozen=True)
class Said:
    """A question in one language."""

    n: int
    facility: float


@dataclass(frozen=True)
class Gap:
    """The greatest difference between two languages, by how much better or worse people do on this question than on the
    others of their papers, with its standard error."""

    low: str
    high: str
    difference: float
    error: float


@dataclass(frozen=True)
class QuestionFigures:
    """How one question did."""

    question: int
    n: int
    exposure: float
    """Share of the papers that have it."""
    facility: float
    discrimination: float | None
    seconds: float | None
    """Median."""
    chosen: list[Chosen] = field(default_factory=list)
    languages: dict[str, Said] = field(default_factory=dict)
    gap: Gap | None = None
    doubts: dict[str, list[str]] = field(default_factory=dict)
    """`Doubt` -> the options that it is about, if any."""

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True)
class TestFigures:
    """How the test did."""

    __test__ = False  # pytest: this is no test

    papers: int
    passed: int
    mean: float
    """In questions, as the two below."""
    spread: float
    """Standard deviation of the sums."""
    error: float
    """Standard error of measurement."""
    reliability: float | None
    near: float
    """Share of the papers within one standard error of what is enough to pass: chance may have decided there."""
    enough: int
    questions: list[QuestionFigures] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


class Many:
    """How many, their sum and their squares."""

    __slots__ = ("n", "squares", "sum")

    def __init__(self) -> None:
        self.n, self.sum, self.squares = 0, 0.0, 0.0

    def add(self, value: float) -> None:
        """Count one more."""
        self.n += 1
        self.sum += value
        self.squares += value * value

    def join(self, other: Many) -> None:
        """Count all of another."""
        self.n += other.n
        self.sum += other.sum
        self.squares += other.squares

    @property
    def mean(self) -> float:
        """Their mean; 0 of none."""
        return self.sum / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Sample variance; 0 of one."""
        return max(0.0, (self.squares - self.sum * self.sum / self.n) / (self.n - 1)) if self.n > 1 else 0.0

    @property
    def error_squared(self) -> float:
        """Of the mean."""
        return self.variance / self.n if self.n else 0.0


class _Sums:
    """What is added up of one question."""

    __slots__ = ("credit", "languages", "products", "rest", "said", "seconds")

    def __init__(self) -> None:
        self.credit, self.rest, self.products = Many(), Many(), 0.0
        self.said: dict[str, Many] = {}
        self.languages: dict[str, tuple[Many, Many]] = {}
        self.seconds: dict[int, int] = {}


class Tally:
    """Adds papers up. `facilities`: of every question, from the first pass."""

    def __init__(self, facilities: Mapping[int, float]) -> None:
        self.facilities = facilities
        self.questions: dict[int, _Sums] = defaultdict(_Sums)
        self.totals: Counter[int] = Counter()
        self.errors, self.passed = Many(), 0

    def add(self, places: Sequence[Place], *, passed: bool) -> None:
        """Count one paper: its places that count. Written out, for a country has a million and a half of them."""
        facilities = self.facilities
        excess = [place[2] / WHOLE - facilities[place[0]] for place in places]
        together = sum(excess)
        others = max(1, len(places) - 1)
        topics: dict[str, Many] = {}
        for (question, topic, thousandths, told, language, seconds), own in zip(places, excess, strict=True):
            sums, credit, rest = self.questions[question], thousandths / WHOLE, together - own
            many = sums.credit
            many.n += 1
            many.sum += credit
            many.squares += credit * credit
            many = sums.rest
            many.n += 1
            many.sum += rest
            many.squares += rest * rest
            sums.products += credit * rest
            said = sums.said.get(told)
            if said is None:
                said = sums.said.setdefault(told if len(sums.said) < MOST_SAID else "", Many())
            said.n += 1
            said.sum += rest
            said.squares += rest * rest
            if language:
                pair = sums.languages.get(language)
                if pair is None:
                    pair = sums.languages[language] = Many(), Many()
                pair[0].add(credit)
                pair[1].add(credit - rest / others)
            if seconds is not None:
                sums.seconds[seconds] = sums.seconds.get(seconds, 0) + 1
            found = topics.get(topic)
            if found is None:
                found = topics[topic] = Many()
            found.n += 1
            found.sum += credit
            found.squares += credit * credit
        self.totals[sum([place[2] for place in places])] += 1
        self.errors.add(_error_of(topics.values()))
        self.passed += passed

    def figures(
        self, known: Mapping[int, Known], read: Mapping[str, Sequence[str]] | None = None, *, enough: int
    ) -> TestFigures:
        """What it all comes to. `read`: the options in an answer that was told; the answer itself where it is not in
        it. `enough`: questions that are enough to pass."""
        papers = sum(self.totals.values())
        totals = Many()
        for credit, times in self.totals.items():
            totals.n += times
            totals.sum += times * credit / WHOLE
            totals.squares += times * (credit / WHOLE) ** 2
        error = sqrt(self.errors.mean)
        near = sum(times for credit, times in self.totals.items() if abs(credit / WHOLE - enough) <= error)
        return TestFigures(
            papers=papers,
            passed=self.passed,
            mean=totals.mean,
            spread=sqrt(totals.variance),
            error=error,
            reliability=1 - self.errors.mean / totals.variance if papers > 1 and totals.variance else None,
            near=near / papers if papers else 0.0,
            enough=enough,
            questions=[
                _figures(question, sums, papers, known.get(question, Known()), read or {})
                for question, sums in sorted(self.questions.items())
            ],
        )


def error_variance(places: Iterable[Place]) -> float:
    """By how much the sum of a paper's credits varies by chance, in questions squared (see above)."""
    topics: dict[str, Many] = {}
    for place in places:
        topics.setdefault(place.topic, Many()).add(place.credit / WHOLE)
    return _error_of(topics.values())


def _error_of(topics: Iterable[Many]) -> float:
    """The same, of the credits in each topic."""
    single, error = Many(), 0.0
    for found in topics:
        if found.n == 1:
            single.join(found)
        else:
            error += found.n * found.variance
    return error + single.n * single.variance


def _figures(
    question: int, sums: _Sums, papers: int, known: Known, read: Mapping[str, Sequence[str]]
) -> QuestionFigures:
    chosen = _choose(sums, known, read)
    gap = _find_gap(sums)
    discrimination = _correlate(sums)
    figures = QuestionFigures(
        question=question,
        n=sums.credit.n,
        exposure=sums.credit.n / papers if papers else 0.0,
        facility=sums.credit.mean,
        discrimination=discrimination,
        seconds=median(sums.seconds),
        chosen=[
            Chosen(name, many.n, many.n / sums.credit.n, many.mean, name in known.right)
            for name, many in sorted(chosen.items(), key=lambda one: -one[1].n)
        ][: None if known.options else SHOWN],
        languages={
            language: Said(credit.n, credit.mean) for language, (credit, _own) in sorted(sums.languages.items())
        },
        gap=gap,
    )
    figures.doubts.update(_doubt(figures, chosen, known))
    return figures


def _choose(sums: _Sums, known: Known, read: Mapping[str, Sequence[str]]) -> dict[str, Many]:
    """Rest scores by option; one who ticks two counts for both."""
    chosen: dict[str, Many] = {option: Many() for option in known.options}
    for said, many in sums.said.items():
        for name in read.get(said, (said,)) if said else ():
            chosen.setdefault(name, Many()).join(many)
    return chosen


def _correlate(sums: _Sums) -> float | None:
    n, credit, rest = sums.credit.n, sums.credit, sums.rest
    if n < 2 or credit.variance <= 1e-12 or rest.variance <= 1e-12:
        return None
    covariance = (sums.products - credit.sum * rest.sum / n) / (n - 1)
    return covariance / sqrt(credit.variance * rest.variance)


def _find_gap(sums: _Sums) -> Gap | None:
    enough = {language: own for language, (_credit, own) in sums.languages.items() if own.n >= FEW}
    if len(enough) < 2:
        return None
    low = min(enough, key=lambda language: enough[language].mean)
    high = max(enough, key=lambda language: enough[language].mean)
    difference = enough[high].mean - enough[low].mean
    return Gap(low, high, difference, sqrt(enough[high].error_squared + enough[low].error_squared))


def _doubt(figures: QuestionFigures, chosen: Mapping[str, Many], known: Known) -> dict[str, list[str]]:
    if figures.n < FEW:
        return {Doubt.FEW: []}
    said: dict[str, list[str]] = {}
    if figures.facility > EASY:
        said[Doubt.EASY] = []
    if figures.facility < HARD:
        said[Doubt.HARD] = []
    if figures.n >= SOME and figures.discrimination is not None and figures.discrimination < WEAK:
        said[Doubt.NEGATIVE if figures.discrimination < 0 else Doubt.WEAK] = []
    if figures.n >= SOME and (stronger := _find_stronger(figures.n, chosen, known)):
        said[Doubt.KEY] = stronger
    gap = figures.gap
    if gap and gap.difference > GAP and gap.difference > GAP_ERRORS * gap.error:
        said[Doubt.LANGUAGE] = [gap.low, gap.high]
    never = [name for name in known.options if name not in known.right and not chosen[name].n]
    if never and figures.n >= SOME:
        said[Doubt.NEVER] = never
    return said


def _find_stronger(n: int, chosen: Mapping[str, Many], known: Known) -> list[str]:
    """Wrong options that the stronger ones choose rather than the key."""
    key = Many()
    for name in known.right:
        key.join(chosen.get(name, Many()))
    found = []
    for name, many in chosen.items():
        if name in known.right or not key.n or many.n < max(COMMON * n, 20):
            continue
        if many.mean - key.mean > STRONGER * sqrt(many.error_squared + key.error_squared):
            found.append(name)
    return found


def median(values: Mapping[int, int]) -> float | None:
    """The median of numbers, given how often each occurs; None of none."""
    n, seen = sum(values.values()), 0
    lower = None
    for value, times in sorted(values.items()):
        seen += times
        if lower is None and seen * 2 >= n:
            if seen * 2 > n:
                return float(value)
            lower = value
        elif lower is not None:
            return (lower + value) / 2
    return None if lower is None else float(lower)

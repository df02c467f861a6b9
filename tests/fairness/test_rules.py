"""How a test did: known parameters come back, what is planted is found, and hardly anything else."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest

from lms.fairness import rules
from lms.fairness.reading import options_in
from lms.fairness.rules import WHOLE, Doubt, Known, Place, Tally, TestFigures, error_variance, median
from tests.fairness.cohort import Cohort, make_items

TOPICS = {"opening": 5, "voting": 5, "count": 5, "protocol": 4, "disputes": 1}
WRONG_KEY, GAP = 8, 45
SIGMAS = 4.5


def analyse(papers: list[list[Place]], known: dict[int, Known], enough: int = 12) -> TestFigures:
    """Both passes."""
    sums: dict[int, list[int]] = {}
    for paper in papers:
        for place in paper:
            sums.setdefault(place.question, []).append(place.credit)
    tally = Tally({question: sum(credits) / WHOLE / len(credits) for question, credits in sums.items()})
    for paper in papers:
        tally.add(paper, passed=sum(place.credit for place in paper) >= enough * WHOLE)
    told = {place.said for paper in papers for place in paper if place.said}
    return tally.figures(known, {said: options_in(said) for said in told}, enough=enough)


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    items = make_items(list(TOPICS), 20)
    items[WRONG_KEY - 1] = replace(items[WRONG_KEY - 1], wrong_key=True, slope=1.4, hard=-1.0)
    items[GAP - 1] = replace(items[GAP - 1], harder_in_ru=1.4)
    return Cohort(items, TOPICS, people=6_000)


@pytest.fixture(scope="module")
def figures(cohort: Cohort) -> TestFigures:
    return analyse(list(cohort.papers()), cohort.known())


def test_facility_comes_back(cohort: Cohort, figures: TestFigures) -> None:
    for item, found in zip(cohort.items, figures.questions, strict=True):
        expected = cohort.facility(item)
        assert abs(found.facility - expected) < SIGMAS * sqrt(expected * (1 - expected) / found.n), item


def test_discrimination_comes_back(cohort: Cohort, figures: TestFigures) -> None:
    for item, found in list(zip(cohort.items, figures.questions, strict=True))[::4]:
        expected = cohort.discrimination(item)
        assert found.discrimination is not None
        assert abs(found.discrimination - expected) < SIGMAS * (1 - expected**2) / sqrt(found.n), item


def test_reliability_comes_back(cohort: Cohort, figures: TestFigures) -> None:
    assert figures.reliability is not None
    assert abs(figures.reliability - cohort.reliability()) < 0.02
    assert figures.error == pytest.approx(figures.spread * sqrt(1 - figures.reliability))


def test_what_is_planted_is_found_and_hardly_anything_else(figures: TestFigures) -> None:
    doubts = {one.question: set(one.doubts) for one in figures.questions if one.doubts}
    assert Doubt.KEY in doubts[WRONG_KEY]
    assert Doubt.NEGATIVE in doubts[WRONG_KEY]
    by_number = {one.question: one for one in figures.questions}
    assert by_number[WRONG_KEY].doubts[Doubt.KEY] == ["a"]
    assert doubts[GAP] == {Doubt.LANGUAGE}
    assert by_number[GAP].doubts[Doubt.LANGUAGE] == ["ru", "kk"]
    assert len(doubts.keys() - {WRONG_KEY, GAP}) <= 1, doubts


def test_a_weaker_group_is_no_language_gap() -> None:
    """Who reads one language does worse everywhere: that says nothing of any question."""
    items = [replace(one, harder_in_ru=0.7) for one in make_items(list(TOPICS), 12)]
    cohort = Cohort(items, TOPICS, people=4_000, seed=11)
    found = analyse(list(cohort.papers()), cohort.known())
    worse = [one for one in found.questions if one.languages["kk"].facility - one.languages["ru"].facility > rules.GAP]
    assert len(worse) > 20
    assert not [one.question for one in found.questions if Doubt.LANGUAGE in one.doubts]


def test_with_one_topic_and_whole_credits_reliability_is_kr21() -> None:
    cohort = Cohort(make_items(["all"], 30), {"all": 12}, people=900, seed=5)
    papers = list(cohort.papers())
    sums = [sum(place.credit for place in paper) / WHOLE for paper in papers]
    mean = sum(sums) / len(sums)
    whole_variance = sum((one - mean) ** 2 for one in sums) / len(sums)
    kr21 = 12 / 11 * (1 - mean * (12 - mean) / (12 * whole_variance))
    found = analyse(papers, cohort.known()).reliability
    assert found == pytest.approx(kr21, abs=0.001)  # the one divides by the people, the other by one less


@pytest.mark.parametrize(
    ("credits", "expected"),
    [
        ([("a", 1000), ("a", 1000)], 0.0),
        ([("a", 1000), ("a", 0)], 1.0),
        ([("a", 1000), ("b", 0)], 1.0),  # two topics of one question each are taken together
        ([("a", 1000), ("a", 500), ("b", 0)], 0.25),
        ([("a", 700)], 0.0),
        ([], 0.0),
    ],
)
def test_error_variance(credits: list[tuple[str, int]], expected: float) -> None:
    places = [Place(n, topic, credit, "", None, None) for n, (topic, credit) in enumerate(credits)]
    assert error_variance(places) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [({}, None), ({4: 1}, 4), ({4: 1, 6: 1}, 5), ({1: 2, 9: 1}, 1), ({1: 2, 2: 1, 7: 3}, 4.5)],
)
def test_median(values: dict[int, int], expected: float | None) -> None:
    assert median(values) == expected


def place(question: int, credit: int, said: str = '{"choice":"a"}') -> Place:
    return Place(question, "t", credit, said, None, 3)


def test_few_answers_are_not_judged() -> None:
    papers = [[place(1, 0, '{"choice":"b"}'), place(2, WHOLE)] for _ in range(rules.FEW - 1)]
    found = analyse(papers, {1: Known(("a", "b"), frozenset("a")), 2: Known(("a", "b"), frozenset("a"))})
    assert [list(one.doubts) for one in found.questions] == [[Doubt.FEW], [Doubt.FEW]]


def test_too_easy_too_hard_and_never_chosen() -> None:
    papers = [[place(1, 0, '{"choice":"b"}'), place(2, WHOLE)] for _ in range(rules.SOME)]
    options = ("a", "b", "c")
    found = analyse(papers, {1: Known(options, frozenset("a")), 2: Known(options, frozenset("a"))})
    hard, easy = found.questions
    assert hard.doubts == {Doubt.HARD: [], Doubt.NEVER: ["c"]}
    assert easy.doubts == {Doubt.EASY: [], Doubt.NEVER: ["b", "c"]}
    fewer = analyse(papers[: rules.FEW], {1: Known(options, frozenset("a"))}).questions[0]
    assert fewer.doubts == {Doubt.HARD: []}, "of so few, nobody's choosing an option says nothing"
    assert hard.discrimination is None
    assert found.reliability is None


def test_no_paper_has_no_figures() -> None:
    found = analyse([], {})
    assert (found.papers, found.reliability, found.questions, found.mean) == (0, None, [], 0)


def test_many_different_answers_are_not_all_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SAID", 5)
    papers = [[place(1, 0, f'{{"value":"{n}"}}'), place(2, WHOLE)] for n in range(100)]
    found = analyse(papers, {})
    assert len(found.questions[0].chosen) == 5
    assert found.questions[0].n == 100


def test_an_answer_with_two_options_counts_for_both() -> None:
    papers = [[place(1, 500, '{"choices":["a","c"]}'), place(2, WHOLE)] for _ in range(60)]
    found = analyse(papers, {1: Known(("a", "b", "c"), frozenset("ab"))})
    assert {one.name: one.n for one in found.questions[0].chosen} == {"a": 60, "b": 0, "c": 60}

"""Signs: what is seen beyond chance, what is not, and that nothing follows from it by itself."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from lms.fairness import integrity
from lms.fairness.integrity import Pace, chances_of, find_pace, find_pairs, find_shared, tail


@pytest.mark.parametrize(
    ("seconds", "words", "answered", "share", "found"),
    [
        (99, 1200, 20, 1.0, Pace(99, 1200, 100)),
        (100, 1200, 20, 1.0, None),
        (99, 1200, 9, 1.0, None),  # hardly anything was answered
        (99, 1200, 20, 0.7, None),  # unread and failed: nobody was helped
        (None, 1200, 20, 1.0, None),
        (10, 1200, 10, 0.8, Pace(10, 1200, 100)),
    ],
)
def test_pace(seconds: int | None, words: int, answered: int, share: float, found: Pace | None) -> None:
    assert find_pace(seconds=seconds, words=words, answered=answered, share=share) == found


@pytest.mark.parametrize(
    ("chances", "least", "expected"),
    [
        ([], 0, 1.0),
        ([0.5, 0.5], 2, 0.25),
        ([0.5, 0.5], 1, 0.75),
        ([0.2] * 5, 5, 0.2**5),
        ([1.0, 0.0, 0.5], 2, 0.5),
        ([0.3], 2, 0.0),
    ],
)
def test_the_tail_is_exact(chances: list[float], least: int, expected: float) -> None:
    assert tail(chances, least) == pytest.approx(expected)


def test_chances_are_those_of_two_wrong_answers_to_agree() -> None:
    assert chances_of({1: Counter({7: 30, 8: 10})}) == {1: pytest.approx(0.75**2 + 0.25**2)}
    assert chances_of({1: Counter({7: 20, 8: 9})}) == {}, "too few to know"


def crowd(rng: Random, people: int, questions: int) -> list[tuple[int, int, dict[int, int]]]:
    """Papers on which everybody gets some questions wrong by themselves."""
    return [
        (paper, paper + 1_000, {q: rng.randrange(3) for q in range(questions) if rng.random() < 0.4})
        for paper in range(people)
    ]


def groups_of(papers: list[tuple[int, int, dict[int, int]]]) -> list[list[tuple[int, int, dict[int, int]]]]:
    return [papers[start : start + 7] for start in range(0, len(papers), 7)]


def spread_of(papers: list[tuple[int, int, dict[int, int]]]) -> dict[int, Counter[int]]:
    spread: dict[int, Counter[int]] = {}
    for _paper, _person, wrongs in papers:
        for question, answer in wrongs.items():
            spread.setdefault(question, Counter())[answer] += 1
    return spread


def test_a_copied_paper_is_seen_and_nobody_else() -> None:
    papers = crowd(Random(4), 700, 30)
    first, second = papers[14], papers[16]
    papers[16] = (second[0], second[1], {q: first[2].get(q, a) for q, a in {**first[2], **second[2]}.items()})
    pairs, compared = find_pairs(groups_of(papers), chances_of(spread_of(papers)))
    assert compared == 100 * 21
    assert [(pair.first, pair.second) for pair in pairs] == [(14, 16)]
    assert pairs[0].probability < pairs[0].bound == integrity.ALPHA / compared
    assert pairs[0].same > 3 * pairs[0].expected / 1.5


@pytest.mark.parametrize("seed", range(5))
def test_without_help_nobody_is_named(seed: int) -> None:
    papers = crowd(Random(seed), 1_400, 30)
    assert find_pairs(groups_of(papers), chances_of(spread_of(papers)))[0] == []


def test_a_mistake_that_everybody_makes_is_no_sign() -> None:
    """Where nearly everybody who is wrong gives the same wrong answer, agreeing says nothing."""
    papers = [(paper, paper, dict.fromkeys(range(12), 1)) for paper in range(70)]
    assert find_pairs(groups_of(papers), chances_of(spread_of(papers)))[0] == []


def test_one_person_is_not_compared_with_themselves() -> None:
    wrongs = {q: q % 3 for q in range(20)}
    others = crowd(Random(1), 100, 20)
    chances = chances_of(spread_of(others))
    assert find_pairs([[(1, 5, wrongs), (2, 5, wrongs)]], chances) == ([], 0)
    assert len(find_pairs([[(1, 5, wrongs), (2, 6, wrongs)]], chances)[0]) == 1


def test_one_page_for_two_people() -> None:
    page, other = "abcdefghij", "qwertyuiop"
    papers = [(1, 10, [page, other]), (2, 11, [page]), (3, 10, [other]), (4, 12, ["demo"]), (5, 13, ["demo"])]
    assert list(find_shared(papers)) == [(1, 2)]

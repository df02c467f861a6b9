"""Evenings by the thousand: every form fits together, every fault breaks exactly what the catalogue says, every line
can be worked out from the story. 300 in the suite; 10,000 with FAULTS=full."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from random import Random

import pytest

from lms.countries.protocol.reading import FORMS, Form, get_form, list_forms, read_form
from lms.questions.kinds.protocol.evening import Draws, Setup, draw_figures, judge, plant, swap_digits, tell_story
from tests.faults.sizes import size
from tests.questions.protocol.reading_stories import equations_of, solve

EVENINGS = size(300, 10_000)
SIZES = [(20, 20), (20, 60), (40, 200), (300, 900), (900, 2400), (3000, 3000)]
LEAST_OFTEN = 0.02
"""Of the evenings of a form, a fault can happen in so many at least."""


def some_setup(rng: Random, form: Form) -> Setup:
    return Setup(
        rng.randint(*form.file.candidates),
        rng.choice(SIZES),
        rng.random() < 0.8,
        rng.random() < 0.7,
        (0, rng.choice([0, 8, 40])),
        (0, rng.choice([0, 3, 10])),
        rng.choice(["given", "mixed", "worked"]),
    )


def find_wrong(form: Form, evenings: int) -> tuple[set[str], Counter[str]]:
    """What is wrong in so many evenings of a form, and how often each fault could happen."""
    rng, wrong, happened = Random(form.code), set[str](), Counter[str]()
    for number in range(evenings):
        setup, seed = some_setup(rng, form), str(number)
        figures = draw_figures(form, setup, seed)
        if not all(judge(form, figures).values()) or min(figures.values()) < 0:
            wrong.add(f"an evening does not fit together: {figures}")
        for code in form.faults:
            planted = plant(form, code, figures)
            if planted is None:
                continue
            happened[code] += 1
            broken = tuple(name for name, holds in judge(form, planted).items() if holds is False)
            if broken != form.breaks(code):
                wrong.add(
                    f"{code} breaks {', '.join(broken) or 'nothing'}, not {', '.join(form.breaks(code)) or 'nothing'}"
                )
    return wrong, happened


@pytest.mark.parametrize("code", list_forms())
def test_every_evening_holds_and_every_fault_breaks_exactly_what_it_says(code: str) -> None:
    form, evenings = get_form(code), EVENINGS // len(list_forms())
    wrong, happened = find_wrong(form, evenings)
    assert wrong == set()
    seldom = {fault for fault in form.faults if happened[fault] < LEAST_OFTEN * evenings}
    assert seldom == set()


@pytest.mark.parametrize(
    ("said", "instead", "sentence"),
    [
        ("spoiled-forgotten: [R1]", "spoiled-forgotten: [R1, R2]", "spoiled-forgotten breaks R1, not R1, R2"),
        ("wrong-box: [R6]", "wrong-box: [R7]", "wrong-box breaks R6, not R7"),
        ("bundle-of-ten: [R5, R7]", "bundle-of-ten: [R7]", "bundle-of-ten breaks R5, R7, not R7"),
        ("  - list-ten-more", "  - invalid-into-against", "invalid-into-against breaks R8, not nothing"),
        ("holds: G == I\n", "holds: G == I1\n", "an evening does not fit together"),
    ],
)
def test_a_wrong_entry_of_the_catalogue_is_found(said: str, instead: str, sentence: str) -> None:
    text = (FORMS / "kz-presidential.yaml").read_text(encoding="utf-8")
    assert said in text
    text = text.replace("  invalid-into-against: [R8]\n", "") if "invalid-into-against" in instead else text
    wrong, _happened = find_wrong(read_form(text.replace(said, instead), "planted.yaml"), 60)
    assert any(sentence in one for one in wrong), wrong


@pytest.mark.parametrize("code", list_forms())
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_line_can_be_worked_out_from_the_story(code: str, language: str) -> None:
    form, rng = get_form(code), Random(language)
    for number in range(EVENINGS // (3 * len(list_forms()))):
        setup, seed = some_setup(rng, form), str(number)
        figures = draw_figures(form, setup, seed)
        story = tell_story(form, setup, figures, seed)[language]
        assert solve(equations_of(form, story, language, setup.candidates)) == figures, story


def test_a_story_that_leaves_a_line_open_is_found() -> None:
    form, setup = get_form("kz-presidential"), Setup(3, (400, 900), True, True, (0, 9), (1, 3), "worked")
    figures = draw_figures(form, setup, "1")
    story = tell_story(form, setup, figures, "1")["en"]
    for left_out in story:
        solved = solve(equations_of(form, [one for one in story if one != left_out], "en", 3))
        assert (dict(solved) == figures) == ("Commission members" in left_out or "voting was over" in left_out)


def test_the_first_telling_of_every_step_gives_figures_as_they_are() -> None:
    for code in list_forms():
        for step in get_form(code).steps:
            assert step.tellings[0].packs is None
            assert step.tellings[0].parts is None


DIGESTS = {
    "kg-old-code": "33474260c939dd2d290c0c694748681d445e62464f44b08ed1e74ed27dda071c",
    "kz-presidential": "e3a18303e8dba573823892be0aa46611c590d459b870219e128f56b869b055c4",
}
"""Papers are read again from their seeds, so what a seed draws never changes. A form that gains a fault gets a new
digest; that any other change needs one says that papers of the past would read otherwise."""


def digest(code: str) -> str:
    """Of figures, stories and planted faults of some evenings of a form."""
    drawn, form = [], get_form(code)
    for number in range(40):
        setup = some_setup(Random(number), form)
        figures = draw_figures(form, setup, str(number))
        planted = [plant(form, fault, figures) for fault in form.faults]
        drawn.append([figures, planted, tell_story(form, setup, figures, str(number))])
    return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()


@pytest.mark.parametrize("code", list_forms())
def test_what_a_seed_draws_never_changes(code: str) -> None:
    assert digest(code) == DIGESTS[code]


def test_another_process_draws_the_same() -> None:
    said = "from tests.questions.protocol.test_evenings import digest; print(digest('kz-presidential'))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    asked = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    assert asked.stdout.strip() == DIGESTS["kz-presidential"]


@pytest.mark.parametrize(
    ("figure", "swapped"), [(362, 326), (1201, 1210), (10, 1), (1222, 2122), (33, 33), (5, 5), (0, 0), (90, 9)]
)
def test_swapped_digits(figure: int, swapped: int) -> None:
    assert swap_digits(figure) == swapped


def test_draws_stay_within_their_bounds() -> None:
    draws = Draws("x")
    drawn = {draws.whole(2, 4) for _ in range(200)}
    assert drawn == {2, 3, 4}
    assert draws.whole(5, 1) == 5

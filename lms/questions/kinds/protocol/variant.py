"""The question as it stands on one paper: the evening drawn from its seed, and the fault planted, if any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from lms.core.errors import CascadeError
from lms.countries.protocol.reading import Form, get_form
from lms.countries.protocol.relations import Figures
from lms.questions.kinds.protocol.evening import Setup, Story, draw_figures, judge, plant, tell_story
from lms.questions.kinds.shapes import Body, Order

NONE = "none"
"""In the place of a fault, a relation or a line: there is none."""
VARIANT = "variant"
"""The key under which the question on a paper has its evening."""
TRIES = 60
"""Evenings that are looked at for one in which a fault can happen."""
FIRST_SEED = "0"
"""Of a question that stands on no paper."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One evening."""

    form: Form
    mode: str
    right: Mapping[str, int]
    """line -> the figure that the story gives."""
    shown: Figures
    """line -> what the protocol says; the same when nothing is planted."""
    story: Story
    fault: str
    """Its code, or NONE."""

    @property
    def broken(self) -> tuple[str, ...]:
        """The relations that do not hold in what the protocol says, in order."""
        return tuple(code for code, holds in judge(self.form, self.shown).items() if holds is False)

    @property
    def wrong_lines(self) -> tuple[str, ...]:
        """The lines that do not say what the story gives, in order."""
        return tuple(key for key, figure in self.right.items() if self.shown[key] != figure)


def resolve(body: Body, order: Mapping[str, Sequence[str]]) -> Body:
    """The question with its evening; as it is when it has one already."""
    if VARIANT in body:
        return body
    drawn = _draw(
        body["form"], body["mode"], Setup.of(body), _first(order, "evening", FIRST_SEED), _first(order, "fault", NONE)
    )
    return {**body, VARIANT: drawn}


def variant_of(body: Body) -> Variant:
    """The evening of a question, drawn for a paper or not."""
    found: Variant = resolve(body, {})[VARIANT]
    return found


def draw_order(body: Body, rng: Random) -> Order:
    """A seed for one paper, and of a question to find a fault the fault too. NONE when no evening suits the fault: the
    check of the question keeps that from happening."""
    if body["mode"] == "fill":
        return {"evening": [str(rng.randrange(10**9))]}
    fault = rng.choice(list(body.get("faults") or [NONE]))
    form, setup = get_form(body["form"]), Setup.of(body)
    for _ in range(TRIES):
        seed = str(rng.randrange(10**9))
        if fault == NONE or plant(form, fault, draw_figures(form, setup, seed)) is not None:
            return {"evening": [seed], "fault": [fault]}
    return {"evening": [seed], "fault": [NONE]}


def count_suited(body: Body, fault: str) -> int:
    """In how many of TRIES evenings a fault can happen."""
    form, setup = get_form(body["form"]), Setup.of(body)
    return sum(plant(form, fault, draw_figures(form, setup, str(seed))) is not None for seed in range(TRIES))


def find_form(code: object) -> Form | None:
    """The form with this code; None when there is none."""
    try:
        return get_form(str(code))
    except CascadeError:
        return None


@lru_cache(maxsize=4_096)
def _draw(form_code: str, mode: str, setup: Setup, seed: str, fault: str) -> Variant:
    form = get_form(form_code)
    right = draw_figures(form, setup, seed)
    planted = plant(form, fault, right) if mode == "find" and fault in form.faults else None
    story = tell_story(form, setup, right, seed)
    return Variant(form, mode, right, planted or right, story, fault if planted else NONE)


def _first(order: Mapping[str, Sequence[str]], name: str, otherwise: str) -> str:
    return next(iter(order.get(name, ())), otherwise)

"""An evening of a precinct: figures that fit together, and the story that tells them. Pure, and the same for the same
seed on every machine and in every version of Python: only `Random.random()` is asked, whose sequence is promised.

A paper is read again from its seed years later, so what is drawn here must never change; a test holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from lms.countries.protocol.reading import Form
from lms.countries.protocol.relations import Figures, hold, read_comparisons, read_sum

if TYPE_CHECKING:
    from lms.countries.protocol.schema import StepPart, Telling

LANGUAGES = ("kk", "ru", "en")
PACK = 100
LEAST_IN_PACKS = 2 * PACK
LEAST_IN_PARTS = 4


class Draws:
    """Whole numbers by chance, from one seed."""

    def __init__(self, seed: str) -> None:
        self._rng = Random(seed)  # noqa: S311 - an exercise, no secret

    def whole(self, least: int, most: int) -> int:
        """From the least to the most, both included; the least when the most is smaller."""
        return least + int(self._rng.random() * (max(least, most) - least + 1))


@dataclass(frozen=True, slots=True)
class Setup:
    """What the writer of the question decided about the evening."""

    candidates: int
    voters: tuple[int, int]
    outside: bool
    certificates: bool
    invalid: tuple[int, int]
    missing: tuple[int, int]
    figures: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Setup:
        """As the question says; what it leaves out as the schema has it."""
        return cls(
            body["candidates"],
            _span(body["voters"]),
            body.get("outside", True),
            body.get("certificates", True),
            _span(body["invalid"]),
            _span(body["missing"]),
            body.get("figures", "mixed"),
        )


def _span(span: Sequence[int]) -> tuple[int, int]:
    return span[0], span[1]


def list_lines(form: Form, candidates: int) -> list[str]:
    """The keys of the lines in order, those of the candidates one by one."""
    return [key for line in form.file.lines for key in (candidate_keys(candidates) if line.each else [line.key])]


def candidate_keys(candidates: int) -> list[str]:
    """C1 to Cn."""
    return [f"C{number}" for number in range(1, candidates + 1)]


def draw_figures(form: Form, setup: Setup, seed: str) -> dict[str, int]:
    """A figure for each line of the form, so that every relation holds."""
    draws = Draws(f"{form.code}:{seed}")
    figures = _people(form, setup, draws)
    figures |= _issued(form, setup, figures, draws)
    figures |= _counted(setup, figures, draws)
    return {key: figures[key] for key in list_lines(form, setup.candidates)}


def _people(form: Form, setup: Setup, draws: Draws) -> dict[str, int]:
    """Voters and ballots in the morning."""
    listed = draws.whole(*setup.voters)
    added = draws.whole(1, listed // 80)
    received = listed + draws.whole(0, listed * form.file.reserve // 1000)
    on_certificates = draws.whole(1, added) if setup.certificates else 0
    return {"L1": listed, "L2": added, "L2c": on_certificates, "B1": received}


def _issued(form: Form, setup: Setup, known: Figures, draws: Draws) -> dict[str, int]:
    """What was issued, to whom, and what was left."""
    listed, received = known["L1"] or 0, known["B1"] or 0
    issued = listed * draws.whole(450, 850) // 1000
    outside = draws.whole(1, issued // 25) if setup.outside else 0
    early = draws.whole(0, issued // 20) if "I0" in form.has else 0
    spoiled = draws.whole(0, min(9, (received - issued) // 2)) if "P" in form.has else 0
    return {
        "I0": early,
        "I1": issued - outside - early,
        "I2": outside,
        "I": issued,
        "G": issued,
        "P": spoiled,
        "U": received - issued - spoiled,
    }


def _counted(setup: Setup, known: Figures, draws: Draws) -> dict[str, int]:
    """What the boxes held, and the piles."""
    issued, outside = known["I"] or 0, known["I2"] or 0
    missing = min(draws.whole(*setup.missing), issued // 10)
    carried_off = draws.whole(0, min(missing, outside)) if draws.whole(1, 4) == 1 else 0
    portable = outside - carried_off
    stationary = issued - missing - portable
    invalid = min(draws.whole(*setup.invalid), issued // 5)
    valid = portable + stationary - invalid
    against = valid * draws.whole(30, 90) // 1000
    weights = [draws.whole(5, 100) for _ in range(setup.candidates)]
    votes = [(valid - against) * weight // sum(weights) for weight in weights]
    votes[-1] += valid - against - sum(votes)
    counted = {"M": portable, "S": stationary, "X": missing, "N": invalid, "V": valid, "A": against}
    return counted | dict(zip(candidate_keys(setup.candidates), votes, strict=True))


Story = Mapping[str, tuple[str, ...]]
"""language -> the sentences of the evening, in order."""


def tell_story(form: Form, setup: Setup, figures: Mapping[str, int], seed: str) -> Story:
    """The evening in sentences from which every line can be worked out."""
    draws = Draws(f"{form.code}:story:{seed}")
    told: list[dict[str, str]] = []
    for step in form.steps:
        if step.worked and setup.figures != "worked":
            continue
        telling = _choose(step, setup.figures, figures, draws)
        said = _figures_told(telling, figures, draws)
        told.append({language: _sentence(form, telling, said, figures, language) for language in LANGUAGES})
    return {language: tuple(one[language] for one in told) for language in LANGUAGES}


def _choose(step: StepPart, level: str, figures: Mapping[str, int], draws: Draws) -> Telling:
    """The plain telling, or one of those that want a sum and suit the figure."""
    plain, suited = step.tellings[0], [one for one in step.tellings[1:] if _suits(one, figures)]
    pick = draws.whole(0, len(suited))
    if level == "given" or not suited:
        return plain
    return [plain, *suited][pick if level == "mixed" else max(1, pick)]


def _suits(telling: Telling, figures: Mapping[str, int]) -> bool:
    if telling.packs:
        return figures[telling.packs] >= LEAST_IN_PACKS
    return not telling.parts or figures[telling.parts] >= LEAST_IN_PARTS


def _figures_told(telling: Telling, figures: Mapping[str, int], draws: Draws) -> dict[str, int]:
    if telling.packs:
        packs, loose = divmod(figures[telling.packs], PACK)
        return {"a": packs, "b": loose}
    if telling.parts:
        figure = figures[telling.parts]
        first = max(1, figure * draws.whole(300, 700) // 1000)
        return {"a": first, "b": figure - first}
    if telling.other:
        return {"a": draws.whole(*telling.other)}
    return {field: read_sum(text).of(figures) or 0 for field, text in telling.says.items()}


def _sentence(form: Form, telling: Telling, said: Mapping[str, int], figures: Mapping[str, int], language: str) -> str:
    words = {field: in_digits(figure, language) for field, figure in said.items()}
    if telling.listing:
        votes = [figures[key] for key in figures if is_candidate(key)]
        item = form.story.item[language]
        words["list"] = "; ".join(
            item.format(n=number, a=in_digits(figure, language)) for number, figure in enumerate(votes, start=1)
        )
    return telling.text[language].format(**words)


def is_candidate(key: str) -> bool:
    """Whether a line is one of the candidates'."""
    return key[0] == "C" and key[1:].isdecimal()


def in_digits(figure: int | None, language: str) -> str:
    """A figure with its thousands apart, as the language writes it; a dash for an empty cell."""
    if figure is None:
        return "–"
    return f"{figure:,}" if language == "en" else f"{figure:,}".replace(",", "\u00a0")


def judge(form: Form, figures: Figures) -> dict[str, bool | None]:
    """Whether each relation holds; None where an empty cell leaves it open."""
    return {
        code: all(figure is not None and figure >= 0 for figure in figures.values())
        if compared is None
        else hold(compared, with_sum(figures))
        for code, compared in form.compared.items()
    }


def with_sum(figures: Figures) -> dict[str, int | None]:
    """The figures with C, the votes of all candidates together; None when one of them is missing."""
    votes = [figure for key, figure in figures.items() if is_candidate(key)]
    return {**figures, "C": None if None in votes else sum(vote or 0 for vote in votes)}


def plant(form: Form, code: str, figures: Mapping[str, int]) -> dict[str, int | None] | None:
    """The figures with a fault planted; None when it cannot happen with these figures."""
    fault, known = form.faults[code], with_sum(figures)
    if fault.needs and not hold(read_comparisons(fault.needs), known):
        return None
    written = {key: _written(text, known) for key, text in fault.writes.items()}
    if any(figure is not None and (figure < 0 or figure == figures[key]) for key, figure in written.items()):
        return None
    return {**figures, **written}


def _written(text: str, figures: Figures) -> int | None:
    if text == "empty":
        return None
    if text.startswith("swap "):
        return swap_digits(figures[text.removeprefix("swap ")] or 0)
    return read_sum(text).of(figures)


def swap_digits(figure: int) -> int:
    """The number with the last two neighbouring digits that differ swapped: 362 is 326. As it is when all are alike."""
    digits = list(str(figure))
    for place in range(len(digits) - 1, 0, -1):
        if digits[place] != digits[place - 1]:
            digits[place - 1], digits[place] = digits[place], digits[place - 1]
            break
    return int("".join(digits))

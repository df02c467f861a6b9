"""Read an evening as a member does: figures out of sentences, and every line out of the figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from lms.countries.protocol.reading import Form
from lms.countries.protocol.relations import read_sum
from lms.countries.protocol.schema import Telling
from lms.questions.kinds.protocol.evening import candidate_keys

FIGURE = r"(\d{1,3}(?:[,\u00a0]\d{3})*)"

Equation = tuple[dict[str, Fraction], Fraction]
"""So many times each line, and what that comes to."""


def equations_of(form: Form, story: Sequence[str], language: str, candidates: int) -> list[Equation]:
    """What the sentences say, and what the form's lines say of themselves; AssertionError for a sentence that is of no
    step of the form."""
    found = [equation for sentence in story for equation in _read(form, sentence, language, candidates)]
    for line in form.file.lines:
        if line.adds_up:
            found.append(_equation(line.adds_up, 0, candidates, minus=line.key))
    return found


def _read(form: Form, sentence: str, language: str, candidates: int) -> list[Equation]:
    for step in form.steps:
        for telling in step.tellings:
            pattern = re.escape(telling.text[language])
            pattern = re.sub(r"\\{[ab]\\}", lambda _match: FIGURE, pattern).replace(r"\{list\}", "(.+)")
            match = re.fullmatch(pattern, sentence)
            if match:
                return _said(telling, _fields(telling, language), match, form, language, candidates)
    raise AssertionError(f"nobody tells this: {sentence}")


def _fields(telling: Telling, language: str) -> list[str]:
    return re.findall(r"{(\w+)}", telling.text[language])


def _said(
    telling: Telling, fields: Sequence[str], match: re.Match[str], form: Form, language: str, candidates: int
) -> list[Equation]:
    said = dict(zip(fields, match.groups(), strict=True))
    if telling.listing:
        votes = _votes(said["list"], form.story.item[language])
        assert len(votes) == candidates
        return [_equation(key, vote, candidates) for key, vote in zip(candidate_keys(candidates), votes, strict=True)]
    figures = {field: _number(text) for field, text in said.items()}
    if telling.packs:
        return [_equation(telling.packs, 100 * figures["a"] + figures["b"], candidates)]
    if telling.parts:
        return [_equation(telling.parts, figures["a"] + figures["b"], candidates)]
    return [_equation(text, figures[field], candidates) for field, text in telling.says.items()]


def _votes(text: str, item: str) -> list[int]:
    pattern = re.escape(item).replace(r"\{n\}", r"\d+").replace(r"\{a\}", FIGURE)
    return [_number(found) for part in text.split("; ") for found in re.fullmatch(pattern, part).groups()]  # type: ignore[union-attr]


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _equation(text: str, value: int, candidates: int, minus: str = "") -> Equation:
    read = read_sum(text)
    times: dict[str, Fraction] = {}
    for name, count in [*read.terms, *([(minus, -1)] if minus else [])]:
        for key in candidate_keys(candidates) if name == "C" else [name]:
            times[key] = times.get(key, Fraction(0)) + count
    return times, Fraction(value - read.number)


def solve(equations: Sequence[Equation]) -> Mapping[str, Fraction]:
    """Each line that the equations leave no choice for. AssertionError when they contradict one another."""
    rows = [({**times}, value) for times, value in equations]
    done: list[tuple[str, dict[str, Fraction], Fraction]] = []
    while rows:
        times, value = rows.pop()
        times = {key: count for key, count in times.items() if count}
        if not times:
            assert value == 0, "the story contradicts itself"
            continue
        key, lead = next(iter(times.items()))
        times, value = {name: count / lead for name, count in times.items()}, value / lead
        rows = [_without(row, key, times, value) for row in rows]
        done = [(name, *_without((left, right), key, times, value)) for name, left, right in done]
        done.append((key, times, value))
    return {key: value for key, times, value in done if [name for name in times if times[name]] == [key]}


def _without(
    row: tuple[dict[str, Fraction], Fraction], key: str, times: dict[str, Fraction], value: Fraction
) -> tuple[dict[str, Fraction], Fraction]:
    count = row[0].get(key, Fraction(0))
    if not count:
        return row
    left = {name: row[0].get(name, Fraction(0)) - count * times.get(name, Fraction(0)) for name in {**row[0], **times}}
    return {name: one for name, one in left.items() if one}, row[1] - count * value

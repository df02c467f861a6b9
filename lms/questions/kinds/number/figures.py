"""Figures of a number question that differ from paper to paper: drawn into the paper's order, filled into the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from itertools import islice, product
from math import prod
from random import Random
from typing import Any

from pydantic import ValidationError

from lms.questions.kinds.arithmetic import evaluate, names_in
from lms.questions.kinds.number.schema import Span
from lms.questions.kinds.shapes import Body, Fault, Order

MOST = 5_000
"""Papers that may differ: so many are reckoned through when a question is checked."""
TRIES = 100
FINEST = 6
"""Places behind the point that an answer may have when it must be met exactly."""

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_FILLED = ("text", "explanation", "unit")
POINTED = ("en",)
"""Languages that write 1,000.5; the others write 1 000,5."""
_COMMA = str.maketrans({",": "\u00a0", ".": ","})


def resolve(body: Body, order: Order) -> Body:
    """The question with the paper's figures in its texts and its answer reckoned; the first of each figure's values
    where the paper names none. A question without figures as it is."""
    if not body.get("figures"):
        return body
    values = _drawn(body, order)
    kept = {key: value for key, value in body.items() if key not in ("figures", "formula")}
    filled = {key: fill(body[key], values) for key in _FILLED if body.get(key)}
    return {**kept, **filled, "answer": _short(evaluate(body["formula"], values))}


def draw(body: Body, rng: Random) -> Order:
    """The figures of one paper, as `name=value`; nothing for a question without figures."""
    spans = body.get("figures") or {}
    for _try in range(TRIES if spans else 0):
        values = {name: _value(span, rng.randrange(count(span))) for name, span in spans.items()}
        if find_fault(body, values) is None:
            return {"figures": [f"{name}={value}" for name, value in values.items()]}
    return {}


def count(span: Mapping[str, Any]) -> int:
    """How many values a figure may have."""
    first, last, step = (_exact(span.get(key, 1)) for key in ("from", "to", "step"))
    return max(0, int((last - first) / step) + 1)


def fill(texts: Mapping[str, str], values: Mapping[str, Decimal]) -> dict[str, str]:
    """The texts with the figures in their places, written as each language does; other braces stay."""
    return {language: _PLACE.sub(partial(_said, values, language), text) for language, text in texts.items()}


def _said(values: Mapping[str, Decimal], language: str, place: re.Match[str]) -> str:
    value = values.get(place[1])
    if value is None:
        return place[0]
    written = f"{value:,f}"
    return written if language in POINTED else written.translate(_COMMA)


def find_figure_faults(body: Body) -> list[Fault]:
    """What is wrong with figures and formula; a question of good shape is reckoned through for every paper there is."""
    spans, formula = body.get("figures"), body.get("formula")
    if not isinstance(spans, Mapping) or not isinstance(formula, str):
        return []
    if not all(map(_is_span, spans.values())):
        return []
    try:
        said, sizes = names_in(formula), [count(span) for span in spans.values()]
    except ValueError as error:
        return [Fault(("formula",), str(error))]
    faults = [*_name_faults(body, spans, said), *_size_faults(spans, sizes)]
    return faults or list(islice(_paper_faults(body, spans), 1))


def _is_span(span: object) -> bool:
    try:
        Span.model_validate(span)
    except ValidationError:
        return False
    return True


def _name_faults(body: Body, spans: Mapping[str, Any], said: list[str]) -> Iterator[Fault]:
    for name in said:
        if name not in spans:
            yield Fault(("formula",), f"there is no figure '{name}'; add it to 'figures' or mend the formula")
    for key in _FILLED:
        texts = body.get(key)
        for language, text in texts.items() if isinstance(texts, Mapping) else ():
            found = set(_PLACE.findall(str(text)))
            for name in sorted(found - set(spans)):
                yield Fault((key, language), f"there is no figure '{name}'; add it to 'figures' or mend the text")
            for name in spans if key == "text" else ():
                if name not in found:
                    yield Fault((key, language), f"the figure '{{{name}}}' is not in this text; nobody could know it")


def _size_faults(spans: Mapping[str, Any], sizes: list[int]) -> Iterator[Fault]:
    for (name, span), size in zip(spans.items(), sizes, strict=True):
        if size < 1:
            yield Fault(("figures", name), f"'to' is below 'from' ({span['to']} < {span['from']}); turn them round")
    if prod(sizes) > MOST:
        yield Fault(("figures",), f"these figures make {prod(sizes):,} papers; take larger steps: {MOST:,} at most")
    elif prod(sizes) == 1:
        yield Fault(("figures",), "every paper would have the same figures; let one of them vary")


def _paper_faults(body: Body, spans: Mapping[str, Any]) -> Iterator[Fault]:
    ranges = [[_value(span, place) for place in range(count(span))] for span in spans.values()]
    for values in product(*ranges):
        sentence = find_fault(body, dict(zip(spans, values, strict=True)))
        if sentence:
            yield Fault(("formula",), sentence)


def find_fault(body: Body, values: Mapping[str, Decimal]) -> str | None:
    """Why the question cannot be asked with these figures; None when it can."""
    with_them = " and ".join(f"{name} = {value:f}" for name, value in values.items())
    try:
        answer = evaluate(body["formula"], values)
    except ValueError as error:
        return f"with {with_them}: {error}"
    if not body.get("tolerance") and answer != round(answer, FINEST):
        return f"with {with_them} the answer is {answer:.8f}...; give a tolerance, or figures that come out even"
    return None


def _drawn(body: Body, order: Order) -> dict[str, Decimal]:
    values = {name: _exact(span["from"]) for name, span in body["figures"].items()}
    for said in order.get("figures", ()):
        name, _, value = said.partition("=")
        if name in values:
            values[name] = Decimal(value)
    return values


def _value(span: Mapping[str, Any], place: int) -> Decimal:
    return _exact(span["from"]) + place * _exact(span.get("step", 1))


def _exact(number: float) -> Decimal:
    return Decimal(str(number))


def _short(answer: Decimal) -> int | float:
    """The answer as a number of JSON."""
    return int(answer) if answer == answer.to_integral_value() else float(round(answer, FINEST))

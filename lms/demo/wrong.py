"""Wrong answers to the questions of the demo, of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import Body, ids_of, parts_of

DO_NOT_KNOW = ("білмеймін", "не знаю")
Wrong = dict[str, Any]


def wrong_response(kind: str, body: Body, rng: Random) -> Wrong:
    """An answer that fits the question as it stands on a paper and is not right; marked in parts, it may get some."""
    return _WAYS[kind](body, dict(get_kind(kind).rules.right_response(body)), rng)


def _single(body: Body, right: Wrong, rng: Random) -> Wrong:
    return {"choice": rng.choice([option for option in ids_of(body, "options") if option != right["choice"]])}


def _multiple(body: Body, right: Wrong, rng: Random) -> Wrong:
    return {"choices": _other(ids_of(body, "options"), right["choices"])}


def _other(known: list[str], right: list[str]) -> list[str]:
    """One right part left out, or every part there is where only one is right."""
    return right[1:] if len(right) > 1 else sorted(known)


def _true_false(body: Body, right: Wrong, rng: Random) -> Wrong:
    return {"choice": "false" if right["choice"] == "true" else "true"}


def _ordering(body: Body, right: Wrong, rng: Random) -> Wrong:
    first, second, *others = right["order"]
    return {"order": [second, first, *others]}


def _matching(body: Body, right: Wrong, rng: Random) -> Wrong:
    lefts, rights = list(right["pairs"]), list(right["pairs"].values())
    return {"pairs": dict(zip(lefts, [*rights[1:], rights[0]], strict=True))}


def _number(body: Body, right: Wrong, rng: Random) -> Wrong:
    """Too much by a little; where a unit is to be written, in that of the answer."""
    value, _, unit = right["value"].partition(" ")
    too_much = float(value) + abs(float(body.get("tolerance", 0) or 0)) + rng.choice((1, 9, 10, 36))
    return {"value": f"{round(too_much)} {unit}".strip()}


def _short_text(body: Body, right: Wrong, rng: Random) -> Wrong:
    return {"text": rng.choice(DO_NOT_KNOW)}


def _gap_text(body: Body, right: Wrong, rng: Random) -> Wrong:
    gap = rng.choice(parts_of(body, "gaps"))
    return {"gaps": {**right["gaps"], gap["id"]: _wrong_gap(gap, right["gaps"][gap["id"]], rng)}}


def _wrong_gap(gap: Mapping[str, Any], right: str, rng: Random) -> str:
    if gap.get("choices"):
        return rng.choice([choice for choice in ids_of(gap, "choices") if choice != right])
    if gap.get("answers"):
        return rng.choice(DO_NOT_KNOW)
    return str(_number(gap["number"], {"value": right}, rng)["value"])


def _hotspot(body: Body, right: Wrong, rng: Random) -> Wrong:
    if len(right["areas"]) > 1:
        return {"areas": _other([], right["areas"])}
    return {"areas": [rng.choice([area for area in ids_of(body, "areas") if area not in right["areas"]])]}


def _case(body: Body, right: Wrong, rng: Random) -> Wrong:
    step = rng.choice(parts_of(body, "steps"))
    return {"steps": {**right["steps"], step["id"]: wrong_response(step["kind"], step, rng)}}


_WAYS: dict[str, Callable[[Body, Wrong, Random], Wrong]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "ordering": _ordering,
    "matching": _matching,
    "number": _number,
    "short-text": _short_text,
    "gap-text": _gap_text,
    "hotspot": _hotspot,
    "case": _case,
}

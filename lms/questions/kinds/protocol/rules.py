"""A results protocol to fill in or to check: what is a fault of the question, what an answer is worth, how it reads.

To fill in: `{"lines": {"L1": "1190", ...}}`. To find a fault: `{"relations": ["R1"], "line": "U"}`; `none` says that
every relation holds, or that no line is wrong. Lines may be missing while an answer is unfinished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from lms.countries.protocol.reading import Form
from lms.questions.errors import BadResponse
from lms.questions.kinds.number.rules import read_number
from lms.questions.kinds.protocol import words
from lms.questions.kinds.protocol.evening import in_digits, judge
from lms.questions.kinds.protocol.schema import ProtocolBody
from lms.questions.kinds.protocol.variant import NONE, TRIES, Variant, count_suited, draw_order, find_form, variant_of
from lms.questions.kinds.shapes import WHOLE, Body, Fault, Order, Response, pick, share

LONGEST = 12
"""Characters of a figure as it was typed."""
SELDOM = TRIES // 4
"""A fault that can happen in fewer evenings than this is refused: a paper might be drawn without it."""
HALF = WHOLE // 2


def find_faults(body: Body) -> list[Fault]:
    """What makes the question useless though its shape is good; of a faulty shape only whether there is such a form."""
    form = find_form(body.get("form"))
    if form is None:
        return [Fault(("form",), f"there is no protocol form '{body.get('form')}'; mend the code")]
    if not _is_whole(body):
        return []
    least, most = form.file.candidates
    faults = []
    if not least <= body["candidates"] <= most:
        faults.append(Fault(("candidates",), f"the form {form.code} takes {least} to {most} candidates"))
    return faults + (_planted_faults(form, body) if body["mode"] == "find" else _no_faults(body))


def _is_whole(body: Body) -> bool:
    try:
        ProtocolBody.model_validate(dict(body), context={"languages": list(body.get("text") or ())})
    except (ValueError, TypeError):
        return False
    return True


def _no_faults(body: Body) -> list[Fault]:
    said = "'faults' belongs to the mode 'find'; leave it out, or change the mode"
    return [Fault(("faults",), said)] if body.get("faults") else []


def _planted_faults(form: Form, body: Body) -> list[Fault]:
    named = list(body.get("faults") or ())
    if not named:
        return [Fault(("faults",), f"name the faults that may be planted, such as {', '.join(list(form.faults)[:3])}")]
    faults = []
    for index, code in enumerate(named):
        if code != NONE and code not in form.faults:
            said = f"the form {form.code} knows no fault '{code}'; use {', '.join([NONE, *form.faults])}"
            faults.append(Fault(("faults", index), said))
        elif code in named[:index]:
            faults.append(Fault(("faults", index), f"the fault '{code}' stands twice; remove one"))
        elif code != NONE and count_suited(body, code) < SELDOM:
            said = f"the fault '{code}' hardly ever fits these figures; change them, or leave it out"
            faults.append(Fault(("faults", index), said))
    return faults


def right_response(body: Body) -> Response:
    """The answer that gets the whole credit."""
    variant = variant_of(body)
    if variant.mode == "fill":
        return {"lines": {key: str(figure) for key, figure in variant.right.items()}}
    return {"relations": list(variant.broken) or [NONE], "line": next(iter(variant.wrong_lines), NONE)}


def credit(body: Body, response: Response) -> int:
    """To fill in: half for the lines that are right; half for the relations that hold in what was written, at most as
    much as for the lines. To find: half for the relations that fail, less those named wrongly, half for the line."""
    variant = variant_of(body)
    return _filled_in(variant, response) if variant.mode == "fill" else _found(variant, response)


def _filled_in(variant: Variant, response: Response) -> int:
    figures = read_figures(variant, response)
    lines = share(sum(figures[key] == figure for key, figure in variant.right.items()), len(figures))
    holding = judge(variant.form, figures).values()
    relations = share(sum(holds is True for holds in holding), len(holding))
    return (lines + min(lines, relations)) // 2


def _found(variant: Variant, response: Response) -> int:
    named, broken = named_relations(response), set(variant.broken) or {NONE}
    relations = share(len(named & broken) - len(named - broken), len(broken)) // 2
    line = HALF if str(response.get("line")) in (variant.wrong_lines or (NONE,)) else 0
    return (0 if NONE in named and len(named) > 1 else relations) + line


def read_figures(variant: Variant, response: Response) -> dict[str, int | None]:
    """line -> the whole number that was written; None where there is none."""
    said = typed_lines(response)
    return {key: _whole(said.get(key)) for key in variant.right}


def typed_lines(response: Response) -> Mapping[str, object]:
    """line -> what was typed; nothing when the answer has another shape."""
    lines = response.get("lines")
    return lines if isinstance(lines, Mapping) else {}


def _whole(typed: object) -> int | None:
    number = read_number(typed) if isinstance(typed, str) and len(typed) <= LONGEST else None
    return int(number) if number is not None and number == number.to_integral_value() else None


def named_relations(response: Response) -> set[str]:
    """The relations that an answer names."""
    named = response.get("relations")
    return set(map(str, named)) if isinstance(named, list) else set()


def is_complete(body: Body, response: Response) -> bool:
    """Whether each line has a figure; of a question to find a fault, whether relations and line are chosen.
    That all relations hold is said alone."""
    variant = variant_of(body)
    if variant.mode == "fill":
        lines = typed_lines(response)
        return all(lines.get(key) for key in variant.right)
    named = named_relations(response)
    return bool(named) and (NONE not in named or len(named) == 1) and bool(response.get("line"))


def check_response(body: Body, response: Response) -> None:
    """Raise BadResponse unless the answer gives figures to lines of this protocol, or names relations and a line."""
    variant = variant_of(body)
    if variant.mode == "fill":
        _check_filled(variant, response)
    else:
        _check_found(variant, response)


def _check_filled(variant: Variant, response: Response) -> None:
    lines = response.get("lines")
    if set(response) != {"lines"} or not isinstance(lines, dict) or not lines or not set(lines) <= set(variant.right):
        raise BadResponse("This answer names something that the protocol does not have. Answer again.")
    for key, typed in lines.items():
        if not isinstance(typed, str) or len(typed) > LONGEST or read_number(typed) is None:
            raise BadResponse("This answer is not a number. Write digits alone, without a word.", line=key)


def _check_found(variant: Variant, response: Response) -> None:
    named, line = response.get("relations", []), response.get("line", NONE)
    if not response or not set(response) <= {"relations", "line"} or not isinstance(named, list):
        raise BadResponse("This answer names something that the protocol does not have. Answer again.")
    known = [*variant.form.compared, NONE]
    if any(code not in known for code in named) or line not in [*variant.right, NONE]:
        raise BadResponse("This answer names something that the protocol does not have. Answer again.")
    if len(set(named)) != len(named):
        raise BadResponse("This answer names an option twice or none at all. Choose again.")


def describe(body: Body, response: Response, language: str) -> list[str]:
    """Each line that is filled in, by its key; or the relations and the line that were named."""
    variant = variant_of(body)
    if variant.mode == "fill":
        lines = typed_lines(response)
        return [f"{key}: {_typed(str(lines[key]), language)}" for key in variant.right if lines.get(key)]
    told = []
    if named := named_relations(response):
        codes = [code for code in variant.form.compared if code in named]
        told.append(f"{pick(words.FAILS, language)}: {', '.join(codes) or pick(words.NONE_FAILS, language)}")
    if line := response.get("line"):
        said = pick(words.NO_LINE, language) if line == NONE else str(line)
        told.append(f"{pick(words.WRONG_LINE, language)}: {said}")
    return told


def _typed(typed: str, language: str) -> str:
    whole = _whole(typed)
    return typed if whole is None else in_digits(whole, language)


def shuffle(body: Body, rng: Random) -> Order:
    """An evening of its own for one paper, and the fault that is planted."""
    return draw_order(body, rng)


def list_wrong_choices(body: Body) -> tuple[Sequence[str], Sequence[str]]:
    """Relations and lines that get nothing, as a question to find a fault offers them."""
    variant = variant_of(body)
    relations = [code for code in [*variant.form.compared, NONE] if code not in (variant.broken or (NONE,))]
    return relations, [key for key in [*variant.right, NONE] if key not in (variant.wrong_lines or (NONE,))]

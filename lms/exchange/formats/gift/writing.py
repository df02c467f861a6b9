"""Write GIFT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from lms.exchange.formats.making import exact
from lms.exchange.formats.shapes import Raw

_ESCAPES = {"\\": "\\\\", **{sign: f"\\{sign}" for sign in ":~=#{}"}, "\n": "\\n"}
STAR = "\\*"
"""A star of the text, where a star alone would stand for any words."""
_TABLE = str.maketrans(_ESCAPES)


def write(questions: Sequence[Raw], language: str) -> bytes:
    """The file: questions by topic, each with its id as its name."""
    blocks: list[str] = [f"// {language}"]
    topic = ""
    for raw in questions:
        if raw.get("topic", "") != topic:
            topic = raw.get("topic", "")
            blocks.append(f"$CATEGORY: {topic}")
        blocks.append(_block(raw, language))
    return ("\n\n".join(blocks) + "\n").encode()


def _block(raw: Raw, language: str) -> str:
    text = _escaped(raw["text"][language])
    explained = f"####{_marked(raw['explanation'][language])}" if "explanation" in raw else ""
    answers = "\n".join(_answers(raw, language))
    return f"::{raw['id']}::[plain]{text}{{{answers}{explained}}}"


def _answers(raw: Raw, language: str) -> Iterator[str]:
    kind = raw["kind"]
    if kind == "true-false":
        yield "TRUE" if raw["answer"] else "FALSE"
        return
    if kind == "number":
        yield f"#{_plain(raw['answer'])}:{_plain(raw.get('tolerance', 0))}"
        return
    yield ""
    if kind == "single":
        for option in raw["options"]:
            right = option.get("right", False)
            yield f"{'=' if right else '~'}{_answer(option['text'][language], right)}"
    elif kind == "multiple":
        worth = share_of(sum(bool(option.get("right")) for option in raw["options"]))
        for option in raw["options"]:
            share = worth if option.get("right") else f"-{worth}"
            yield f"~%{share}%{_marked(option['text'][language])}"
    elif kind == "matching":
        for pair in raw["pairs"]:
            yield f"={_marked(pair['left'][language])} -> {_marked(pair['right'][language])}"
    else:
        for answer in raw["answers"][language]:
            yield f"={_answer(answer, True).replace('*', STAR)}"
    yield ""


def share_of(right: int) -> str:
    """What one of so many right answers is worth, in per cent, as Moodle writes it: 33.33333."""
    return f"{(Decimal(100) / right).quantize(Decimal('0.00001')).normalize():f}"


def _answer(text: str, right: bool) -> str:
    weight = ("%100%" if right else "%0%") if text.startswith("%") else ""
    return weight + _marked(text)


def _marked(text: str) -> str:
    return ("[plain]" if text.startswith("[") else "") + _escaped(text)


def _escaped(text: str) -> str:
    return text.translate(_TABLE)


def _plain(number: int | float) -> str:
    return f"{exact(number):f}"

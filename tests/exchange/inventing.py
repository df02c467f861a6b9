"""Questions of every kind, invented: texts full of signs that some format means something by."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from hypothesis import strategies as st

from lms.exchange.formats.shapes import Raw
from lms.questions.kinds.folding import fold
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.rules import find_question_faults

SIGNS = "абвӘҚһ xyzABC019 .,:;!?-–«»\"'`\\/{}[]()<>&=~#%$@*_|^+→\u00a0\u0301é日"
WORDS = (
    "->",
    "::",
    "####",
    "%50%",
    "[html]",
    "<b>x</b>",
    "&amp;",
    "]]>",
    "$CATEGORY:",
    "//",
    "\\n",
    "A) b",
    "ANSWER: A",
)
LINE = st.lists(st.one_of(st.text(SIGNS, min_size=1, max_size=12), st.sampled_from(WORDS)), min_size=1, max_size=4).map(
    "".join
)
KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,15}", fullmatch=True)


@st.composite
def texts(draw: st.DrawFn, lines: int = 1, tail: str = "") -> dict[str, str]:
    """Something in three languages; each line has a letter, so that no text is empty."""
    return {
        language: "\n".join(f"{draw(LINE)}a{tail}" for _line in range(draw(st.integers(1, lines))))
        for language in LANGUAGES
    }


def several(least: int, most: int) -> st.SearchStrategy[list[dict[str, str]]]:
    """Different texts."""
    count = st.integers(least, most)
    return count.flatmap(lambda n: st.tuples(*(texts(tail=f" {place}") for place in range(n))).map(list))


@st.composite
def options(draw: st.DrawFn, least: int, most: int, right: int) -> list[Raw]:
    """Options of which so many are right, 0 for any number but all."""
    said = draw(several(least, most))
    ids = draw(st.lists(KEYS, min_size=len(said), max_size=len(said), unique=True))
    rights = right or draw(st.integers(1, len(said) - 1))
    places = draw(st.permutations(range(len(said))))[:rights]
    return [
        {"id": key, "text": text, **({"right": True} if place in places else {})}
        for place, (key, text) in enumerate(zip(ids, said, strict=True))
    ]


@st.composite
def pairs(draw: st.DrawFn) -> list[Raw]:
    lefts, rights = draw(several(6, 6)), draw(several(6, 6))
    ids = draw(st.lists(KEYS, min_size=3, max_size=6, unique=True))
    return [{"id": key, "left": left, "right": right} for key, left, right in zip(ids, lefts, rights, strict=False)]


@st.composite
def steps(draw: st.DrawFn) -> list[Raw]:
    ids = draw(st.lists(KEYS, min_size=3, max_size=6, unique=True).filter(lambda ids: ids != sorted(ids)))
    return [{"id": key, "text": text} for key, text in zip(ids, draw(several(6, 6)), strict=False)]


@st.composite
def answers(draw: st.DrawFn) -> dict[str, list[str]]:
    """Words that may be written, none alike, in three languages."""
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        lines = draw(st.lists(LINE.map(lambda line: f"b{line[:70]}c"), min_size=1, max_size=4, unique_by=fold))
        found[language] = lines
    return found


NUMBERS = st.one_of(st.integers(-(10**9), 10**9), st.decimals(-(10**6), 10**6, places=3).map(float))
MARKING = st.sampled_from([{}, {"marking": "parts"}])


@st.composite
def numbers(draw: st.DrawFn) -> Raw:
    """An answer and a tolerance."""
    answer = draw(NUMBERS)
    near = draw(st.sampled_from([0, 0, 0.5, 2]))
    tolerance = near if abs(answer) > near else 0
    return {"answer": answer, **({"tolerance": tolerance} if tolerance else {})}


@st.composite
def gaps(draw: st.DrawFn) -> Raw:
    """A text with gaps and the gaps."""
    ids = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
    found = [{"id": key, **draw(_gap())} for key in ids]
    text = {}
    for language in LANGUAGES:
        order = draw(st.permutations(ids))
        plain = LINE.map(lambda line: line.replace("{", "").replace("}", ""))
        text[language] = "Fill in" + "".join(f"\n{draw(plain)} {{{{{key}}}}} {draw(plain)}a" for key in order)
    return {"text": text, "gaps": found}


def _gap() -> st.SearchStrategy[Raw]:
    return st.one_of(
        options(2, 4, 1).map(lambda choices: {"choices": choices}),
        answers().map(lambda said: {"answers": said}),
        numbers().map(lambda number: {"number": number}),
    )


def png(width: int = 400, height: int = 300) -> str:
    """A white picture, in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xff" * width) * height)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


@st.composite
def hotspots(draw: st.DrawFn) -> Raw:
    """A photograph with three places side by side."""
    labels, ids = draw(several(3, 3)), draw(st.lists(KEYS, min_size=3, max_size=3, unique=True))
    right = draw(st.sampled_from([(0,), (1, 2)]))
    areas = [
        {"id": key, "label": label, "x": 10 + 130 * place, "y": 20, "width": 100, "height": 100.5}
        | ({"right": True} if place in right else {})
        for place, (key, label) in enumerate(zip(ids, labels, strict=True))
    ]
    picture = {"alt": draw(texts()), "png": png(), "width": 400, "height": 300}
    return {"picture": picture, "areas": areas, **(draw(MARKING) if len(right) > 1 else {})}


BODIES: dict[str, st.SearchStrategy[Raw]] = {
    "single": options(2, 8, 1).map(lambda found: {"options": found}),
    "multiple": st.tuples(options(3, 8, 0), MARKING).map(lambda found: {"options": found[0], **found[1]}),
    "true-false": st.booleans().map(lambda answer: {"answer": answer}),
    "matching": st.tuples(pairs(), MARKING).map(lambda found: {"pairs": found[0], **found[1]}),
    "ordering": st.tuples(steps(), MARKING).map(lambda found: {"items": found[0], **found[1]}),
    "number": st.tuples(numbers(), st.one_of(st.just({}), texts().map(lambda unit: {"unit": unit}))).map(
        lambda found: found[0] | found[1]
    ),
    "short-text": answers().map(lambda found: {"answers": found}),
    "gap-text": st.tuples(gaps(), MARKING).map(lambda found: found[0] | found[1]),
    "hotspot": hotspots(),
}


@st.composite
def questions(draw: st.DrawFn, kind: str) -> Raw:
    """A whole question of this kind, without faults, in three languages."""
    raw: dict[str, Any] = {
        "id": draw(KEYS),
        "kind": kind,
        "topic": draw(KEYS),
        "use": draw(st.sampled_from(["test", "self-check", "entry"])),
        "source": ["law:41"],
        "text": draw(texts(lines=3)),
        "explanation": draw(texts(lines=2)),
        **draw(BODIES[kind]),
    }
    assert not find_question_faults(raw), find_question_faults(raw)
    return raw

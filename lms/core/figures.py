"""Figures: which SVG may be one, and the picture in one language. One source for the web page and the print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from lms.core.svg import NAMESPACE, BadSvg, Node, read_svg, write_svg

WIDTH, TALLEST, SMALLEST_LETTERS = 360, 460, 12
FONT = "PT Sans, system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif"
LINE = "1.2em"
LABEL = re.compile(r"\{([A-Za-z0-9_-]+)\}")

_NUMBER = r"-?(?:\d+(?:\.\d*)?|\.\d+)"
_NUMBERS = rf"\s*{_NUMBER}(?:[\s,]+{_NUMBER})*\s*"
_COLOUR = r"none|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}"
_MARKER = r"url\(#[a-z0-9-]+\)"
_TRANSFORM = rf"(?:[\s,]*(?:translate|rotate|scale|skewX|skewY|matrix)\({_NUMBERS}\))+\s*"
_NUMERIC = (
    *("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height"),
    *("refX", "refY", "markerWidth", "markerHeight", "stroke-width", "stroke-miterlimit"),
    *("opacity", "fill-opacity", "stroke-opacity", "font-size"),
)
ATTRIBUTES: dict[str, str] = {
    **dict.fromkeys(_NUMERIC, rf"{_NUMBER}(?:px|em)?"),
    **dict.fromkeys(("fill", "stroke"), _COLOUR),
    **dict.fromkeys(("marker-start", "marker-mid", "marker-end"), _MARKER),
    **dict.fromkeys(("points", "viewBox"), _NUMBERS),
    "stroke-dasharray": rf"none|{_NUMBERS}",
    "d": r"[MmLlHhVvCcSsQqTtAaZz0-9eE.,\s+-]+",
    "transform": _TRANSFORM,
    "stroke-linecap": "butt|round|square",
    "stroke-linejoin": "miter|round|bevel",
    "fill-rule": "nonzero|evenodd",
    "font-weight": "normal|bold|[1-9]00",
    "font-style": "normal|italic",
    "text-anchor": "start|middle|end",
    "dominant-baseline": "auto|middle|central|hanging",
    "orient": rf"auto|auto-start-reverse|{_NUMBER}",
    "markerUnits": "strokeWidth|userSpaceOnUse",
    "id": "[a-z0-9-]+",
}
"""Attributes that a figure may have, each with what it may say; nothing here can fetch or run anything."""
ELEMENTS = {
    *("svg", "g", "defs", "marker", "text", "tspan"),
    *("rect", "circle", "ellipse", "line", "polyline", "polygon", "path"),
}


class Fault(NamedTuple):
    """Something that must not be in a figure: the line (from 1) and a sentence."""

    line: int
    sentence: str


def find_figure_faults(svg: str, code: str, labels: Collection[str]) -> list[Fault]:
    """Everything in the SVG of the figure `code` that must not be there, and every label that is not in `labels`."""
    try:
        root = read_svg(svg)
    except BadSvg as error:
        return [Fault(error.line, error.sentence)]
    found = [*_frame_faults(root), *_id_faults(root, code)]
    for node in root.walk():
        found += [*_node_faults(node), *_word_faults(node, labels)]
    return sorted(set(found))


def labels_in(svg: str) -> set[str]:
    """The names of the labels that a figure asks for; none when it cannot be read."""
    try:
        root = read_svg(svg)
    except BadSvg:
        return set()
    return {name for node in root.walk() for text in node.inside if isinstance(text, str) for name in _names(text)}


def draw(svg: str, labels: Mapping[str, str]) -> str:
    """The whole SVG with these words in their places; `|` in a label begins a new line."""
    root = read_svg(svg)
    width, height = size_of_root(root)
    for node in root.walk():
        if node.name in ("text", "tspan"):
            node.inside = [part for old in node.inside for part in _filled(old, labels, node.attributes.get("x"))]
    root.attributes = {
        "xmlns": NAMESPACE,
        **root.attributes,
        "width": str(width),
        "height": str(height),
        "font-family": FONT,
    }
    return write_svg(root)


def size_of(svg: str) -> tuple[int, int]:
    """Width and height of a figure in its own units."""
    return size_of_root(read_svg(svg))


def size_of_root(root: Node) -> tuple[int, int]:
    """Width and height of a figure, from its root element; zero when it names none."""
    numbers = re.findall(_NUMBER, root.attributes.get("viewBox", ""))
    return (round(float(numbers[2])), round(float(numbers[3]))) if len(numbers) == 4 else (0, 0)


def _frame_faults(root: Node) -> Iterator[Fault]:
    if root.name != "svg":
        yield Fault(root.line, f"the first element is '{root.name}'; it must be svg")
        return
    width, height = size_of_root(root)
    origin = re.findall(_NUMBER, root.attributes.get("viewBox", ""))[:2]
    if origin != ["0", "0"] or width != WIDTH or not 0 < height <= TALLEST:
        yield Fault(root.line, f'viewBox must be "0 0 {WIDTH} H" with H up to {TALLEST}')
    if "width" in root.attributes or "height" in root.attributes:
        yield Fault(root.line, "svg has no width and height; viewBox alone gives the size")
    first = next((part for part in root.inside if isinstance(part, Node)), None)
    paper = (
        first is not None and first.name == "rect" and first.attributes.get("fill", "").lower() in ("#fff", "#ffffff")
    )
    if first is None or not paper or (first.number("width"), first.number("height")) != (width, height):
        said = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        yield Fault(first.line if first else root.line, f"the first thing drawn must be {said}, for dark pages")


def _id_faults(root: Node, code: str) -> Iterator[Fault]:
    ids = [node.attributes["id"] for node in root.walk() if "id" in node.attributes]
    for node in root.walk():
        own = node.attributes.get("id")
        if own is not None and node.name != "marker":
            yield Fault(node.line, f"'{node.name}' has an id; only markers have one")
        elif own is not None and (not own.startswith(code) or ids.count(own) > 1):
            yield Fault(node.line, f"the id '{own}' must begin with '{code}' and stand once")
        for name in ("marker-start", "marker-mid", "marker-end"):
            named = node.attributes.get(name, "").removeprefix("url(#").removesuffix(")")
            if named and named not in ids:
                yield Fault(node.line, f"there is no marker '{named}'; draw it or mend the name")


def _node_faults(node: Node) -> Iterator[Fault]:
    if node.name not in ELEMENTS:
        yield Fault(node.line, f"the element '{node.name}' is not allowed; use {', '.join(sorted(ELEMENTS))}")
        return
    for name, value in node.attributes.items():
        plain = name.rpartition(" ")[2]
        if plain != name or name not in ATTRIBUTES:
            yield Fault(node.line, f"the attribute '{plain}' of '{node.name}' is not allowed; remove it")
        elif not re.fullmatch(ATTRIBUTES[name], value):
            yield Fault(node.line, f"'{value[:40]}' is not allowed for '{name}' of '{node.name}'; write it plainly")
    size = re.match(_NUMBER, node.attributes.get("font-size", ""))
    if size and float(size[0]) < SMALLEST_LETTERS:
        yield Fault(node.line, f"letters of size {size[0]} are too small; use {SMALLEST_LETTERS} or more")


def _word_faults(node: Node, labels: Collection[str]) -> Iterator[Fault]:
    for text in node.inside:
        if not isinstance(text, str) or not text.strip():
            continue
        for name in _names(text):
            if name not in labels:
                yield Fault(node.line, f"the label '{name}' is not among the labels; add it there or mend the name")
        if node.name not in ("text", "tspan"):
            yield Fault(node.line, f"words stand in '{node.name}'; only text and tspan hold words")
        elif any(letter.isalpha() or letter in "{}" for letter in LABEL.sub("", text)):
            yield Fault(node.line, f"the words '{text.strip()[:40]}' stand in the drawing; write a {{label}} instead")


def _names(text: str) -> list[str]:
    return LABEL.findall(text)


def _filled(part: Node | str, labels: Mapping[str, str], x: str | None) -> list[Node | str]:
    if not isinstance(part, str) or not _names(part):
        return [part]
    said = LABEL.sub(lambda found: labels.get(found[1], ""), part.strip())
    lines = [line.strip() for line in said.split("|")]
    if len(lines) == 1:
        return [said]
    place = {"x": x or "0"}
    return [Node("tspan", {**place, "dy": LINE} if number else place, 0, [line]) for number, line in enumerate(lines)]

"""Drawings (SVG) from outside, written anew by the rules of figures: what drawing programs add is left out, what could
act or fetch is refused, words become labels that can be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from xml.parsers import expat

from lms.bank.errors import BadPicture, PictureFault
from lms.core.figures import ATTRIBUTES, ELEMENTS, LABEL, TALLEST, WIDTH, find_figure_faults, labels_in
from lms.core.svg import DEEPEST, LARGEST, MOST, NAMESPACE, Node, write_svg
from lms.core.xml import TreeReader

ACTS = ("script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "animate", "set")
FETCHES = ("image", "use", "feimage", "a", "audio", "video")
SILENT = ("title", "desc", "metadata")
"""Elements that draw nothing."""
COLOURED = ("fill", "stroke")
LOOKS = ("filter", "mask", "clip-path")
"""Attributes that change what is seen and that no figure has."""
Labels = dict[str, dict[str, str]]


def read_drawing(text: str, before: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """`svg` and `labels` of a question: the drawing in the width of figures on white, its words as labels with the same
    words in every language; labels that it has by name keep the words of `before`. BadPicture when it cannot be."""
    root = _read(text)
    taken, labels = set(LABEL.findall(text)), Labels()
    names = (name for number in count(1) if (name := f"w{number}") not in taken)
    inside = [part for part in map(_clean, _nodes(root)) if part is not None]
    for node in (one for part in inside for one in part.walk()):
        _name_words(node, names, labels, languages)
    svg = write_svg(_framed(root, inside))
    kept = {name: dict(before.get(name) or {}) for name in sorted(labels_in(svg)) if name not in labels}
    labels = {**labels, **kept}
    if len(svg) > LARGEST:
        raise BadPicture(PictureFault.CROWDED)
    if faults := find_figure_faults(svg, "", labels):
        raise BadPicture(PictureFault.UNPLAIN, faults[0].sentence[:80])
    return {"svg": svg, **({"labels": labels} if labels else {})}


class _Reader(TreeReader[Node]):
    """Elements of a drawing; those of other vocabularies without a name, to be left out."""

    most, deepest = MOST, DEEPEST - 2

    def __init__(self) -> None:
        super().__init__()
        self.parser.ProcessingInstructionHandler = self._refuse

    def make(self, space: str, name: str, attributes: dict[str, str], line: int) -> Node:
        return Node(name if space == NAMESPACE else "", dict(attributes), line)

    def too_large(self, line: int) -> BadPicture:
        return BadPicture(PictureFault.CROWDED)

    def forbidden(self, line: int) -> BadPicture:
        return BadPicture(PictureFault.ACTIVE, "DOCTYPE")


def _read(text: str) -> Node:
    if len(text) > LARGEST:
        raise BadPicture(PictureFault.CROWDED)
    try:
        root = _Reader().read(text)
    except expat.ExpatError:
        raise BadPicture(PictureFault.BROKEN) from None
    if root.name != "svg":
        raise BadPicture(PictureFault.UNKNOWN)
    _check(root)
    return root


def _check(root: Node) -> None:
    """Raise BadPicture when anything in the drawing acts or fetches, wherever it stands."""
    for node in root.walk():
        name = node.name.lower()
        if name.startswith(ACTS):
            raise BadPicture(PictureFault.ACTIVE, node.name)
        if name in FETCHES:
            raise BadPicture(PictureFault.LINKED, node.name)
        for key, value in node.attributes.items():
            plain, said = key.rpartition(" ")[2].lower(), re.sub(r"\s", "", value).lower()
            if plain.startswith("on") or "script:" in said:
                raise BadPicture(PictureFault.ACTIVE, plain)
            if plain in ("href", "src") or "url(" in said.replace("url(#", ""):
                raise BadPicture(PictureFault.LINKED, plain)


def _nodes(node: Node) -> Iterator[Node]:
    return (part for part in node.inside if isinstance(part, Node))


def _clean(node: Node) -> Node | None:
    """The element with what figures may have; None for one that draws nothing."""
    said = {**node.attributes, **_styles(node.attributes.get("style", ""))}
    if not node.name or node.name in SILENT or said.get("display") == "none" or said.get("visibility") == "hidden":
        return None
    if node.name not in ELEMENTS:
        raise BadPicture(PictureFault.UNPLAIN, node.name)
    if unknown := next((name for name in LOOKS if said.get(name, "none") != "none"), None):
        raise BadPicture(PictureFault.UNPLAIN, unknown)
    holds_words = node.name in ("text", "tspan")
    inside = [_clean(part) if isinstance(part, Node) else part for part in node.inside]
    kept = [part for part in inside if part is not None and (holds_words or isinstance(part, Node))]
    return Node(node.name, _plain(node.name, said), node.line, kept)


def _styles(style: str) -> dict[str, str]:
    """The declarations of a `style` as attributes."""
    parts = (part.partition(":") for part in style.split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _colon, value in parts if value.strip()}


def _plain(element: str, said: Mapping[str, str]) -> dict[str, str]:
    """The attributes that figures may have, values written as they write them; BadPicture for one that cannot be."""
    kept = {}
    for name, value in said.items():
        if name not in ATTRIBUTES or (name == "id" and element != "marker"):
            continue
        value = _colour(value) if name in COLOURED else value.strip()
        if not re.fullmatch(ATTRIBUTES[name], value):
            raise BadPicture(PictureFault.UNPLAIN, f"{name}={value[:30]}")
        kept[name] = value
    return kept


def _colour(value: str) -> str:
    """A colour as #rrggbb where it is one; black for the colour of the text around."""
    from PIL import ImageColor  # only here: all other pages start without it

    value = value.strip()
    if value.lower() in ("none", "transparent"):
        return "none"
    if value.lower() in ("currentcolor", "context-stroke", "context-fill"):
        return "#000000"
    try:
        return "#{:02x}{:02x}{:02x}".format(*ImageColor.getrgb(value)[:3])
    except ValueError:
        return value


def _name_words(node: Node, names: Iterator[str], labels: Labels, languages: Sequence[str]) -> None:
    """Put a label into the place of the words of a text."""
    for place, part in enumerate(node.inside):
        if not isinstance(part, str) or not any(sign.isalpha() or sign in "{}" for sign in LABEL.sub("", part)):
            continue
        name = next(names)
        labels[name] = dict.fromkeys(languages, " ".join(part.replace("{", "(").replace("}", ")").split()))
        node.inside[place] = f"{{{name}}}"


def _framed(root: Node, inside: list[Node]) -> Node:
    """The parts of a drawing in the frame of figures: as they are when they stand in it already, else moved and made
    larger or smaller."""
    x, y, width, height = _view(root)
    if height > width * TALLEST / WIDTH:
        scale = TALLEST / height
        left, tall = (WIDTH - width * scale) / 2, TALLEST
    else:
        scale, left, tall = WIDTH / width, 0.0, max(1, round(height * WIDTH / width))
    frame = {"xmlns": NAMESPACE, "viewBox": f"0 0 {WIDTH} {tall}"}
    paper = {"width": str(WIDTH), "height": str(tall), "fill": "#ffffff"}
    looks = {
        name: value
        for name, value in _plain("g", {**root.attributes, **_styles(root.attributes.get("style", ""))}).items()
        if name not in ("viewBox", "width", "height", "x", "y", "transform")
    }
    if (x, y, scale) == (0, 0, 1) and not looks:
        first = inside[0].attributes if inside and inside[0].name == "rect" else {}
        on_white = {name: first.get(name) for name in paper} == paper
        return Node("svg", frame, 1, [*([] if on_white else [Node("rect", paper, 1)]), *inside])
    move = f"translate({left:g} 0) scale({scale:g}) translate({-x or 0:g} {-y or 0:g})"
    return Node("svg", frame, 1, [Node("rect", paper, 1), Node("g", {**looks, "transform": move}, 1, list(inside))])


def _view(root: Node) -> tuple[float, float, float, float]:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", root.attributes.get("viewBox", ""))
    if len(numbers) != 4:
        sizes = [
            re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*", root.attributes.get(one, ""))
            for one in ("width", "height")
        ]
        numbers = ["0", "0", *(size[1] for size in sizes if size)]
    if len(numbers) != 4 or min(map(float, numbers[2:])) <= 0:
        raise BadPicture(PictureFault.UNSIZED)
    x, y, width, height = map(float, numbers)
    return x, y, width, height

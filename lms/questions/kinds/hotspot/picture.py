"""The picture of a question: which may be one, how large it is, and the picture as a page shows it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from lms.core.figures import FONT, draw, find_figure_faults, labels_in, size_of
from lms.core.svg import NAMESPACE, BadSvg, Node, read_svg, write_svg
from lms.questions.kinds.shapes import Body, Fault, parts_of, pick

LARGEST = 200 * 1024
"""Bytes of a photograph."""
ON_A_PHONE = 328
"""Pixels that a picture is wide on a screen of 360."""
FINGER = 44
"""Pixels that a place must be wide and tall there."""
BADGE = 13
"""Pixels from the middle to the edge of a letter's circle, on a phone."""
_PNG, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def address_of(picture: Mapping[str, Any], language: str, lettered: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The picture as a `data:` address, with the words of one language and a letter on each of its places."""
    width, height = size(picture)
    badge = round(BADGE * width / ON_A_PHONE, 1)
    root = _photograph(picture) if picture.get("png") else _drawing(picture, language)
    for letter, place in lettered:
        root.inside.extend(_marks(letter, place, badge))
    root.attributes |= {"width": str(width), "height": str(height)}
    return "data:image/svg+xml;base64," + base64.b64encode(write_svg(root).encode()).decode()


def _drawing(picture: Mapping[str, Any], language: str) -> Node:
    words = {name: pick(texts, language) for name, texts in picture.get("labels", {}).items()}
    root = read_svg(draw(picture["svg"], words))
    root.attributes["xmlns"] = NAMESPACE
    return root


def _photograph(picture: Mapping[str, Any]) -> Node:
    frame = {"width": str(picture["width"]), "height": str(picture["height"])}
    image = Node("image", {**frame, "href": f"data:image/png;base64,{picture['png']}"}, 0)
    view = {"xmlns": NAMESPACE, "viewBox": f"0 0 {picture['width']} {picture['height']}", "font-family": FONT}
    return Node("svg", view, 0, [image])


def _marks(letter: str, place: Mapping[str, Any], badge: float) -> list[Node]:
    """The frame of a place, and its letter in a circle at the corner."""
    frame = {name: str(place[name]) for name in ("x", "y", "width", "height")}
    x, y = str(place["x"] + badge), str(place["y"] + badge)
    words = {"font-size": f"{badge * 1.25:.1f}", "font-weight": "bold", "text-anchor": "middle", "fill": "#ffffff"}
    dashed = {"stroke": "#00607a", "stroke-width": "2", "stroke-dasharray": "6 4", "fill": "none", "rx": "6"}
    return [
        Node("rect", {**frame, **dashed}, 0),
        Node("circle", {"cx": x, "cy": y, "r": str(badge), "fill": "#1d2733"}, 0),
        Node("text", {"x": x, "y": y, "dy": "0.35em", **words}, 0, [letter]),
    ]


def size(picture: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height in the picture's own units."""
    return (picture["width"], picture["height"]) if picture.get("png") else size_of(picture["svg"])


def find_picture_faults(picture: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, sentence) for everything about the picture itself that cannot stay."""
    svg, png = picture.get("svg"), picture.get("png")
    if (svg is None) == (png is None):
        yield "svg", "a picture is either a drawing, 'svg', or a photograph, 'png'; give it one of them"
    elif isinstance(svg, str):
        yield from (("svg", sentence) for sentence in _drawing_faults(svg, picture))
    elif isinstance(png, str):
        yield from (("png", sentence) for sentence in _photograph_faults(png, picture))


def _drawing_faults(svg: str, picture: Mapping[str, Any]) -> Iterator[str]:
    labels = picture.get("labels") or {}
    for fault in find_figure_faults(svg, "", labels):
        yield f"line {fault.line} of the drawing: {fault.sentence}"
    for name in sorted(set(labels) - labels_in(svg)):
        yield f"the label '{name}' stands nowhere in the drawing; remove it or put it in"
    if picture.get("width") is not None or picture.get("height") is not None:
        yield "a drawing has its size in viewBox; remove 'width' and 'height'"


def _photograph_faults(png: str, picture: Mapping[str, Any]) -> Iterator[str]:
    try:
        data = base64.b64decode(png, validate=True)
    except (binascii.Error, ValueError):
        yield "this is not base64 on one line; write it with: base64 -w0 picture.png"
        return
    if len(data) > LARGEST:
        yield f"the photograph has {len(data) // 1024} KB; it may have {LARGEST // 1024}"
    if not data.startswith(_PNG) or not data.endswith(_END):
        yield "this is not a whole PNG; save the picture as PNG"
        return
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    if (picture.get("width"), picture.get("height")) != (width, height):
        yield f"the photograph is {width} wide and {height} tall; write width: {width} and height: {height}"


def find_place_faults(body: Body) -> Iterator[Fault]:
    """Every place that lies outside the picture, is too small for a finger or lies on another; nothing when the shape
    of the question is faulty."""
    try:
        width, height = size(body["picture"])
        places = [tuple(float(area[key]) for key in ("x", "y", "width", "height")) for area in parts_of(body, "areas")]
    except (KeyError, TypeError, ValueError, BadSvg):
        return
    for index, (x, y, wide, tall) in enumerate(places):
        if x < 0 or y < 0 or x + wide > width or y + tall > height:
            yield Fault(("areas", index), f"this place lies outside the picture of {width} by {height}; move it inside")
        least = FINGER * width / ON_A_PHONE
        if width and min(wide, tall) < least:
            said = f"on a phone this place is too small for a finger; make it {least:.0f} wide and tall at least"
            yield Fault(("areas", index), said)
    for (one, first), (other, second) in combinations(enumerate(places), 2):
        if _overlap(first, second):
            yield Fault(("areas", other), f"this place lies over number {one + 1}; move them apart")


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(one[at] < other[at] + other[at + 2] and other[at] < one[at] + one[at + 2] for at in (0, 1))

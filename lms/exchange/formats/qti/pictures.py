"""A place on a picture: hotspots of QTI."""

from __future__ import annotations

import base64
import posixpath

from lms.core.web.languages import _
from lms.exchange.formats.making import build, number_in
from lms.exchange.formats.qti.item import Item, own_ids
from lms.exchange.formats.shapes import Raw
from lms.exchange.intake.xml import Node, squeeze
from lms.exchange.naming import letters

PNG = b"\x89PNG\r\n\x1a\n"


def hotspot(item: Item, node: Node) -> Raw:
    """A picture with places of which some are right."""
    shown = next((one for one in node.all("object", "img")), None)
    if shown is None:
        item.making.skip(_("It has no picture."))
    right = item.right(node)
    choices = node.children("hotspotChoice")
    ids = own_ids([one.get("identifier") for one in choices]) or letters(len(choices))
    areas = [
        {"id": key, **_area(item, one, one.get("identifier") in right)} for key, one in zip(ids, choices, strict=True)
    ]
    marking = "parts" if item.template == "map_response" and len(right) > 1 else None
    picture = _picture(item, shown)
    text = item.asked([node])
    return build(item.making, "hotspot", text, item.explanation(), marking=marking, picture=picture, areas=areas)


def _picture(item: Item, node: Node) -> Raw:
    name = node.get("data") or node.get("src")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(item.making.file), name))
    content = item.files.get(path)
    alt = node.get("alt") or squeeze(node.words()).strip()
    if not alt:
        item.making.say(_("Its picture says in no words what is to be seen; its name stands there for now."))
    if content is None:
        item.making.skip(_("Its picture is not in the file: %(name)s.", name=name[:60]))
    said = {"alt": item.making.texts(alt or item.making.name or name)}
    if content.startswith(PNG):
        width, height = (int.from_bytes(content[place : place + 4], "big") for place in (16, 20))
        return {**said, "png": base64.b64encode(content).decode(), "width": width, "height": height}
    if b"<svg" not in content[:1000]:
        item.making.skip(_("Its picture is neither PNG nor a drawing (SVG): %(name)s.", name=name[:60]))
    return {**said, "svg": content.decode("utf-8", errors="replace")}


def _area(item: Item, node: Node, right: bool) -> Raw:
    numbers = [number_in(part) for part in node.get("coords").split(",")]
    shape = node.get("shape")
    if None in numbers or len(numbers) < (3 if shape == "circle" else 4):
        item.making.skip(_("A place on its picture has no measures."))
    left, top, far, low = _box(shape, [number for number in numbers if number is not None])
    if shape != "rect":
        item.making.say(_("A place on its picture was no rectangle; the rectangle around it counts."))
    label = node.get("hotspotLabel")
    if not label:
        item.making.say(
            _("A place on its picture had no name for those who cannot see it; its sign stands there for now.")
        )
    said = {"label": item.making.texts(label or node.get("identifier"))}
    return {**said, "x": left, "y": top, "width": far - left, "height": low - top, **({"right": True} if right else {})}


def _box(shape: str, numbers: list[int | float]) -> tuple[int | float, int | float, int | float, int | float]:
    if shape == "circle":
        x, y, radius = numbers[:3]
        return x - radius, y - radius, x + radius, y + radius
    if shape == "ellipse":
        x, y, wide, tall = numbers[:4]
        return x - wide, y - tall, x + wide, y + tall
    across, down = numbers[0::2], numbers[1::2]
    return min(across), min(down), max(across), max(down)

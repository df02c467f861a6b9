"""Places on a picture: which pictures and places may be, what is marked, what the page shows."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest

from lms.questions.kinds.hotspot.picture import LARGEST
from lms.questions.rules import find_question_faults, grade
from lms.questions.showing import show
from tests.factories.questions import ROOM, question_body, question_dict, texts

AREAS: list[dict[str, Any]] = question_dict("hotspot")["areas"]


def areas(**changes: Any) -> list[dict[str, Any]]:
    """The places, the first one changed."""
    return [{**AREAS[0], **changes}, *AREAS[1:]]


def photograph(width: int = 300, height: int = 200, more: bytes = b"") -> str:
    """A grey PNG in base64."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x88" * width) * height)
    parts = [chunk(b"IHDR", head), *([chunk(b"tEXt", more)] if more else []), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


@pytest.mark.parametrize(
    ("named", "whole", "parts"),
    [
        (["box", "door"], 1000, 1000),
        (["door"], 0, 500),
        (["box", "door", "table"], 0, 500),
        (["box", "table"], 0, 0),
        (["table"], 0, 0),
        ([], 0, 0),
    ],
)
def test_several_places_are_marked_like_several_choices(named: list[str], whole: int, parts: int) -> None:
    several = [*AREAS[:2], {**AREAS[2], "right": True}]
    assert grade("hotspot", question_body("hotspot", areas=several), {"areas": named}) == whole
    assert grade("hotspot", question_body("hotspot", areas=several, marking="parts"), {"areas": named}) == parts


def test_one_right_place_has_buttons_and_several_have_boxes() -> None:
    one = question_body("hotspot")
    several = question_body("hotspot", areas=[*AREAS[:2], {**AREAS[2], "right": True}])
    assert show("hotspot", one, language="kk").fields["type"] == "radio"
    assert show("hotspot", several, language="kk").fields["type"] == "checkbox"


def test_the_picture_has_the_words_of_the_language_and_a_letter_on_each_place() -> None:
    shown = show("hotspot", question_body("hotspot"), language="ru", order={"areas": ["door", "box", "table"]})
    kind, _, drawn = shown.fields["picture"].partition("base64,")
    svg = base64.b64decode(drawn).decode()
    assert kind == "data:image/svg+xml;"
    assert "Box (ru)" in svg
    assert [(area["letter"], area["value"]) for area in shown.fields["areas"]] == [
        *(("A", "door"), ("B", "box"), ("C", "table"))
    ]
    assert svg.index(">A<") < svg.index(">B<") < svg.index(">C<")
    assert "right" not in svg


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"areas": areas(x=-1)}, "outside the picture"),
        ({"areas": areas(width=351)}, "outside the picture"),
        ({"areas": areas(width=48)}, "too small for a finger; make it 48 wide"),
        ({"areas": areas(height=20)}, "too small for a finger"),
        ({"areas": areas(x=100, y=80)}, "lies over number 1"),
        ({"areas": areas(right=True)[:1] + AREAS[1:2]}, "every place is right"),
        ({"areas": [AREAS[0], AREAS[2]]}, "no place is right"),
        ({"areas": [*AREAS, AREAS[0]]}, "stands twice"),
        ({"areas": areas(label=texts("the middle"))}, "the text of 'label' stands twice"),
        ({"areas": areas(width="wide")}, "'wide' is not a number"),
        ({"areas": areas(width=0)}, "0 is not above zero"),
        ({"areas": areas(label={"kk": "a"})}, "ru, en is missing"),
    ],
)
def test_faults_of_places_are_named(changes: dict[str, Any], said: str) -> None:
    faults = find_question_faults(question_dict("hotspot", **changes))
    assert any(said in fault.sentence for fault in faults), faults


def test_a_place_of_exactly_a_finger_is_large_enough() -> None:
    assert find_question_faults(question_dict("hotspot", areas=areas(width=48.3, height=48.3))) == []


@pytest.mark.parametrize(
    ("svg", "said"),
    [
        (ROOM.replace("<text", "<script>1</script><text", 1), "'script' is not allowed"),
        (ROOM.replace("<text", '<image href="https://x"/><text', 1), "'image' is not allowed"),
        (ROOM.replace("<text ", '<text onclick="x" ', 1), "'onclick'"),
        (ROOM.replace("360 200", "0 0"), "viewBox"),
        ("no drawing", "not XML"),
    ],
)
def test_a_drawing_that_could_act_is_refused(svg: str, said: str) -> None:
    picture = {**question_dict("hotspot")["picture"], "svg": svg}
    faults = find_question_faults(question_dict("hotspot", picture=picture))
    assert any(said in fault.sentence for fault in faults), faults


def of_photograph(png: str, **more: Any) -> list[str]:
    """The sentences about a photograph."""
    picture = {"alt": texts("a"), "png": png, "width": 300, "height": 200, **more}
    places = [{**AREAS[1], "x": 10, "y": 10}, {**AREAS[2], "x": 200, "y": 100}]
    return [fault.sentence for fault in find_question_faults(question_dict("hotspot", picture=picture, areas=places))]


def test_photographs() -> None:
    assert of_photograph(photograph()) == []
    assert "300 wide and 200 tall" in of_photograph(photograph(), width=400)[0]
    assert "it may have 200" in of_photograph(photograph(more=b"a\0" + b"x" * LARGEST))[0]
    assert "not a whole PNG" in of_photograph(photograph()[:-8])[0]
    assert "either a drawing" in of_photograph(photograph(), svg=ROOM)[0]


def test_a_photograph_is_shown_with_its_letters() -> None:
    picture = {"alt": texts("a"), "png": photograph(), "width": 300, "height": 200}
    body = question_body("hotspot", picture=picture, areas=[AREAS[0], AREAS[1]])
    fields = show("hotspot", body, language="en").fields
    svg = base64.b64decode(fields["picture"].partition("base64,")[2]).decode()
    assert f"data:image/png;base64,{picture['png']}" in svg
    assert (fields["width"], fields["height"]) == (300, 200)

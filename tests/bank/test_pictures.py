"""Files put into questions as pictures: what is taken, what it becomes, and each refusal."""

from __future__ import annotations

import base64
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image, ImageFile, PngImagePlugin

from lms.bank.errors import BadPicture, PictureFault
from lms.bank.pictures import LARGEST, read_picture
from lms.questions.kinds.hotspot.picture import address_of, find_picture_faults
from tests.factories.questions import ROOM, texts

LANGUAGES = ("kk", "ru", "en")
SVG = "http://www.w3.org/2000/svg"
INKSCAPE = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn at home -->
<svg xmlns="{SVG}" xmlns:sodipodi="http://sodipodi.example/" width="180px" height="100" fill="none">
<sodipodi:namedview id="base"/><metadata>who and when</metadata><title>Room</title>
<g id="layer1" style="fill:red; stroke:rgb(0,0,255);-inkscape-stroke:none" class="x">
<rect x="10" y="10" width="40" height="30" id="r1"/></g>
<rect x="0" y="0" width="9" height="9" style="display:none"/>
<text x="20" y="20" font-size="14">Box <tspan>and {{lid}}</tspan></text>
</svg>"""


def picture(kind: str, size: tuple[int, int] = (400, 300), mode: str = "RGB", **save: Any) -> bytes:
    """A file of this kind in one colour."""
    out = BytesIO()
    Image.new(mode, size, 0).save(out, kind, **save)
    return out.getvalue()


def turned() -> Image.Exif:
    """What a camera says that was held upright."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Where it was taken", 6
    return exif


def photograph(size: tuple[int, int]) -> bytes:
    """A JPEG that no method makes small."""
    out = BytesIO()
    Image.frombytes("RGB", size, Random(1).randbytes(size[0] * size[1] * 3)).save(out, "JPEG", quality=95)
    return out.getvalue()


def taken(content: bytes, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the picture of a question is with this file; it has no fault but the words that are yet to be written."""
    said = read_picture(content, before or {"alt": texts("Seen")}, LANGUAGES)
    assert list(find_picture_faults(said)) == []
    assert address_of(said, "en", ()).startswith("data:image/svg+xml;base64,")
    return said


def pixels(said: dict[str, Any]) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(said["png"])))


def test_a_photograph_is_made_small_enough() -> None:
    said = taken(photograph((1600, 1200)))
    assert said["width"] * 3 == said["height"] * 4
    assert 328 <= said["width"] < 984
    assert "svg" not in said


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "1", "L", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    assert taken(picture("PNG", mode=mode))["width"] == 400


def test_what_is_seen_through_is_on_white() -> None:
    assert pixels(taken(picture("PNG", mode="RGBA"))).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_nothing_but_the_picture_is_kept() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Somebody Known")
    exif = turned()
    for content in (picture("PNG", pnginfo=told, exif=exif, icc_profile=b"a profile"), picture("JPEG", exif=exif)):
        said = taken(content)
        assert not pixels(said).getexif()
        assert not pixels(said).info
        assert (said["width"], said["height"]) == (300, 400), "it stands upright, as the camera was held"
        assert b"Known" not in base64.b64decode(said["png"])


def test_a_drawing_of_a_program_becomes_a_figure() -> None:
    said = taken(INKSCAPE.encode())
    assert said["labels"] == {"w1": dict.fromkeys(LANGUAGES, "Box"), "w2": dict.fromkeys(LANGUAGES, "and (lid)")}
    for gone in ("sodipodi", "metadata", "style", "class", "layer1", "Room", 'width="9"'):
        assert gone not in said["svg"]
    assert 'fill="#ff0000" stroke="#0000ff"' in said["svg"]
    assert 'viewBox="0 0 360 200"' in said["svg"]
    assert "scale(2)" in said["svg"]


def test_a_drawing_that_is_a_figure_stays_one() -> None:
    before = {"alt": texts("Seen"), "labels": {"box": texts("Box")}, "png": "x", "width": 1, "height": 1}
    said = taken(ROOM.encode(), before)
    assert said["labels"] == {"box": texts("Box")}
    assert taken(said["svg"].encode(), said) == said
    assert "<g" not in said["svg"]


def test_a_tall_drawing_stands_in_the_middle() -> None:
    said = taken(f'<svg xmlns="{SVG}" viewBox="5 0 100 920"><circle r="4"/></svg>'.encode())
    assert 'viewBox="0 0 360 460"' in said["svg"]
    assert "translate(155 0) scale(0.5) translate(-5 0)" in said["svg"]


def drawn(inside: str, more: str = 'viewBox="0 0 360 200"', before: str = "") -> bytes:
    return f'{before}<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" {more}>{inside}</svg>'.encode()


REFUSED: list[tuple[str, bytes, PictureFault]] = [
    ("nothing", b"", PictureFault.NONE),
    ("words", b"hello", PictureFault.UNKNOWN),
    ("a web page", b"<html><body>svg</body></html>", PictureFault.UNKNOWN),
    ("a page with a drawing", f"<html><svg xmlns='{SVG}'/></html>".encode(), PictureFault.UNKNOWN),
    ("GIF", picture("GIF", mode="P"), PictureFault.UNKNOWN),
    ("large", b"\x89PNG\r\n\x1a\n" + bytes(LARGEST), PictureFault.LARGE),
    ("torn PNG", picture("PNG", (400, 300))[:60], PictureFault.BROKEN),
    ("torn JPEG", photograph((400, 300))[:9000], PictureFault.BROKEN),
    ("no PNG inside", b"\x89PNG\r\n\x1a\nnothing", PictureFault.BROKEN),
    ("many pixels", picture("PNG", (6000, 5000), "1"), PictureFault.PIXELS),
    ("a bomb", picture("PNG", (20000, 20000), "1"), PictureFault.PIXELS),
    ("small", picture("PNG", (99, 300)), PictureFault.SMALL),
    ("tall", picture("PNG", (200, 301)), PictureFault.TALL),
    ("tall when upright", picture("JPEG", (301, 200), exif=turned()), PictureFault.TALL),
    ("script", drawn("<script>alert(1)</script>"), PictureFault.ACTIVE),
    ("script deep", drawn("<g><g><script/></g></g>"), PictureFault.ACTIVE),
    ("on load", drawn("<rect/>", 'viewBox="0 0 9 9" onload="x()"'), PictureFault.ACTIVE),
    ("a page inside", drawn("<foreignObject/>"), PictureFault.ACTIVE),
    ("moves", drawn("<rect><animateTransform/></rect>"), PictureFault.ACTIVE),
    ("a script as address", drawn('<rect xlink:href="java\nscript:x()"/>'), PictureFault.ACTIVE),
    ("entities", drawn("<rect/>", before="<!DOCTYPE svg [<!ENTITY a 'b'>]>"), PictureFault.ACTIVE),
    ("a style sheet", drawn("<rect/>", before="<?xml-stylesheet href='x'?>"), PictureFault.ACTIVE),
    ("a photograph inside", drawn('<image href="data:image/png;base64,AAAA"/>'), PictureFault.LINKED),
    ("a link", drawn('<a href="https://example.org"><rect/></a>'), PictureFault.LINKED),
    ("from elsewhere", drawn('<rect style="fill:url(https://example.org/a.svg#b)"/>'), PictureFault.LINKED),
    ("style sheet inside", drawn("<style>rect{fill:red}</style>"), PictureFault.UNPLAIN),
    ("shades", drawn("<defs><linearGradient/></defs>"), PictureFault.UNPLAIN),
    ("shaded", drawn('<rect fill="url(#a)"/>'), PictureFault.UNPLAIN),
    ("blurred", drawn('<rect filter="url(#a)"/>'), PictureFault.UNPLAIN),
    ("letters too small", drawn('<text font-size="5">a</text>'), PictureFault.UNPLAIN),
    ("no size", drawn("<rect/>", "width='100%'"), PictureFault.UNSIZED),
    ("no width", drawn("<rect/>", "viewBox='0 0 0 9'"), PictureFault.UNSIZED),
    ("torn", drawn("<rect>"), PictureFault.BROKEN),
    ("crowded", drawn("<rect/>" * 1001), PictureFault.CROWDED),
    ("deep", drawn("<g>" * 20 + "</g>" * 20), PictureFault.CROWDED),
    ("long", drawn(f'<path d="{"M1 1" * 60_000}"/>'), PictureFault.CROWDED),
]


@pytest.mark.parametrize("torn", [picture("PNG", (400, 300))[:-20], photograph((400, 300))[:9000]], ids=["PNG", "JPEG"])
def test_half_a_picture_is_refused_where_pdf_is_made_too(torn: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint has Pillow take what is torn, in the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(BadPicture) as refused:
        read_picture(torn, {}, LANGUAGES)
    assert refused.value.fault == PictureFault.BROKEN


@pytest.mark.parametrize(("content", "fault"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_no_picture_is_refused(content: bytes, fault: PictureFault) -> None:
    with pytest.raises(BadPicture) as refused:
        read_picture(content, {}, LANGUAGES)
    assert refused.value.fault == fault

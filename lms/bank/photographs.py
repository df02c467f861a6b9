"""Photographs of questions: PNG and JPEG from outside, written anew as PNG that fits into a question and a phone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lms.bank.errors import BadPicture, PictureFault
from lms.questions.kinds.hotspot.picture import LARGEST

if TYPE_CHECKING:
    from PIL import Image

BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""Of PNG and JPEG."""
END_OF_PNG = b"IEND\xaeB`\x82"
LINES_OF_JPEG, END_OF_JPEG = b"\xff\xda", b"\xff\xd9"
MOST_PIXELS = 25_000_000
"""As many take 75 MB of memory while they are read."""
LEAST = 100
"""Pixels below which nobody could tell places apart."""
WIDTHS = (984, 820, 656, 492, 328)
"""Three screens of a phone down to one: the first that fits into the bytes of a question is taken."""
TALLEST = 1.5
"""Times its width that a picture may be tall."""
COLOURS = 256


def is_photograph(content: bytes) -> bool:
    """Whether a file begins like one."""
    return content.startswith(BEGINNINGS)


def read_photograph(content: bytes) -> dict[str, Any]:
    """`png` in base64, `width` and `height` in pixels: upright, on white, without anything but the picture itself.
    BadPicture when it cannot be read, is too large or too small."""
    from PIL import Image, ImageOps  # only here: all other pages start without it

    if not _is_whole(content):
        raise BadPicture(PictureFault.BROKEN)
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as found:
            _check_size(*found.size)
            is_flat = found.format == "PNG"
            found.draft("RGB", (WIDTHS[0], WIDTHS[0]))
            upright = _on_white(ImageOps.exif_transpose(found))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture(PictureFault.PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise BadPicture(PictureFault.BROKEN) from None
    if upright.height > upright.width * TALLEST:
        raise BadPicture(PictureFault.TALL)
    png = next(one for one in _written(upright, is_flat=is_flat) if len(one) <= LARGEST)
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    return {"png": base64.b64encode(png).decode(), "width": width, "height": height}


def _is_whole(content: bytes) -> bool:
    """Whether a file has its end: of a JPEG one behind the last line of the picture, not that of a small one inside.
    Pillow cannot be asked: where PDF is made in the same process it takes halves."""
    if content.startswith(BEGINNINGS[0]):
        return END_OF_PNG in content
    return content.rfind(END_OF_JPEG) > content.rfind(LINES_OF_JPEG)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BadPicture(PictureFault.PIXELS)
    if min(width, height) < LEAST:
        raise BadPicture(PictureFault.SMALL)


def _on_white(picture: Image.Image) -> Image.Image:
    from PIL import Image

    paper = Image.new("RGB", picture.size, "#ffffff")
    seen = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    paper.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    return paper


def _written(picture: Image.Image, *, is_flat: bool) -> Iterator[bytes]:
    """The picture as PNG, smaller from time to time; one drawn with few colours in all of them first."""
    for width in WIDTHS:
        part = picture.copy()
        part.thumbnail((width, round(width * TALLEST)))
        if is_flat:
            yield _png(part)
        yield _png(part.quantize(COLOURS))


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()

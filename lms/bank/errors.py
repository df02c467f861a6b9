"""What the bank refuses."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from lms.core.errors import Refused
from lms.questions.kinds.shapes import Fault


class DraftFaulty(Refused):
    """A draft that cannot be sent or published yet; `faults` tells every reason."""

    def __init__(self, sentence: str, faults: Sequence[Fault]) -> None:
        """Keep the faults beside the sentence."""
        super().__init__(sentence)
        self.faults = list(faults)


class NotThatState(Refused):
    """The draft has moved on meanwhile: this cannot be done with it any more."""


class PictureFault(StrEnum):
    """Why a file cannot be the picture of a question."""

    NONE = "none"
    """No file was chosen, or it is empty."""
    LARGE = "large"
    UNKNOWN = "unknown"
    """Neither PNG nor JPEG nor SVG."""
    BROKEN = "broken"
    PIXELS = "pixels"
    SMALL = "small"
    TALL = "tall"
    ACTIVE = "active"
    """A script, or something else that acts."""
    LINKED = "linked"
    """Something that is fetched from elsewhere, or a picture inside the drawing."""
    UNPLAIN = "unplain"
    """Something that is drawn and that a question cannot show."""
    UNSIZED = "unsized"
    CROWDED = "crowded"
    """Too many parts."""


class BadPicture(Exception):
    """A file that is no picture for us; `what` names the part of a drawing that is meant, if one is."""

    def __init__(self, fault: PictureFault, what: str = "") -> None:
        """Keep what is wrong."""
        super().__init__(f"{fault} {what}".strip())
        self.fault, self.what = fault, what

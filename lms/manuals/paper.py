"""Sizes of the page, of its margins and of its letters, for a line of about 65 letters on each paper."""

from __future__ import annotations

from dataclasses import dataclass

from lms.manuals.rules import Format


@dataclass(frozen=True)
class Paper:
    """What the style sheet of a manual needs to know of its paper; sizes as in CSS."""

    size: str
    top: str
    bottom: str
    inner: str
    """At the fold."""
    outer: str
    form_side: str
    """Forms use more of the page."""
    form_top: str
    form_bottom: str
    text: str
    sans: str
    """Letters of tables and labels, then of notes, of running heads, and of tables with many columns."""
    small: str
    tiny: str
    wide: str
    title: str
    cover: str
    head: str
    figure: str
    """Width of a figure."""
    row: str
    """Height of an empty cell of a form, without its edges."""


PAPER = {
    Format.A4: Paper(
        size="210mm 297mm",
        top="27mm",
        bottom="25mm",
        inner="29mm",
        outer="38mm",
        form_side="17mm",
        form_top="22mm",
        form_bottom="20mm",
        text="11.5pt",
        sans="10pt",
        small="9pt",
        tiny="8.5pt",
        wide="8.5pt",
        title="24pt",
        cover="34pt",
        head="14pt",
        figure="100mm",
        row="5.6mm",
    ),
    Format.A5: Paper(
        size="148mm 210mm",
        top="19mm",
        bottom="18mm",
        inner="17mm",
        outer="14mm",
        form_side="12mm",
        form_top="16mm",
        form_bottom="15mm",
        text="9.5pt",
        sans="8.25pt",
        small="7.5pt",
        tiny="7pt",
        wide="7pt",
        title="18pt",
        cover="26pt",
        head="11.5pt",
        figure="80mm",
        row="4mm",
    ),
}

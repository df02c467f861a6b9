"""The bank in words: fields of questions, states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import g, has_request_context

from lms.bank.errors import PictureFault
from lms.bank.rules import CaseState, DraftState
from lms.bank.shaping import Shape, Slot
from lms.core.web.languages import NAMES, _, date_in_full, lazy
from lms.curriculum.queries import find_newest_of, list_topics
from lms.curriculum.words import source_lines, title_of
from lms.questions.uses import Difficulty, Standing, Use

KIND_WORDS = {
    "single": lazy("one right answer"),
    "multiple": lazy("several right answers"),
    "true-false": lazy("true or false"),
    "ordering": lazy("steps in order"),
    "matching": lazy("pairs to match"),
    "number": lazy("a number"),
    "short-text": lazy("a short written answer"),
    "gap-text": lazy("a text with gaps"),
    "hotspot": lazy("a place on a picture"),
    "case": lazy("a case in steps"),
    "protocol": lazy("a protocol"),
}
DIFFICULTY_WORDS = {
    Difficulty.EASY: lazy("easy"),
    Difficulty.MEDIUM: lazy("medium"),
    Difficulty.HARD: lazy("hard"),
}
USE_WORDS = {
    Use.TEST: lazy("for the test"),
    Use.SELF_CHECK: lazy("for a self-check"),
    Use.ENTRY: lazy("before the course"),
}
STANDING_WORDS = {
    Standing.PUBLISHED: lazy("published"),
    Standing.WITHDRAWN: lazy("withdrawn"),
    Standing.DRAFT: lazy("a new version is being written"),
}
STATE_WORDS = {
    DraftState.DRAFT: lazy("being written"),
    DraftState.IN_REVIEW: lazy("waits for review"),
    DraftState.REVIEWED: lazy("approved"),
    DraftState.PUBLISHED: lazy("published"),
    DraftState.DROPPED: lazy("dropped"),
}
CASE_WORDS = {
    CaseState.SENT: lazy("waits for an answer"),
    CaseState.ANSWERED: lazy("answered"),
    CaseState.USED: lazy("became a question"),
}
FIELD_WORDS = {
    "text": lazy("Text"),
    "explanation": lazy("Explanation"),
    "options": lazy("Options"),
    "items": lazy("Steps in the right order"),
    "pairs": lazy("Pairs"),
    "left": lazy("Left side"),
    "right": lazy("Right"),
    "answer": lazy("Right answer"),
    "answers": lazy("What may be written, a line for each"),
    "tolerance": lazy("How far from it still counts"),
    "unit": lazy("Unit"),
    "marking": lazy("Marking"),
    "steps": lazy("Steps"),
    "gaps": lazy("Gaps"),
    "choices": lazy("Choices"),
    "forgive": lazy("Letters that may be wrong"),
    "picture": lazy("Picture"),
    "alt": lazy("What one would see"),
    "areas": lazy("Places"),
    "label": lazy("Name of the place"),
    "formula": lazy("Formula"),
    "figures": lazy("Figures that each paper has for itself"),
    "from": lazy("Smallest"),
    "to": lazy("Largest"),
    "step": lazy("In steps of"),
    "labels": lazy("Words in the drawing"),
    "name": lazy("Short name"),
    "words": lazy("Words"),
    "follows": lazy("Follows from an earlier step"),
    "svg": lazy("The drawing as text (SVG)"),
    "x": lazy("From the left"),
    "y": lazy("From the top"),
    "width": lazy("Width"),
    "height": lazy("Height"),
    "number": lazy("A number to write"),
    "units": lazy("Units that may be written"),
    "names": lazy("Names of the unit, a line for each"),
    "factor": lazy("How many of the first unit it is"),
    "form": lazy("Form of the protocol"),
    "mode": lazy("What is to be done"),
    "candidates": lazy("How many candidates"),
    "voters": lazy("Voters in the list"),
    "outside": lazy("Ballots are issued outside the premises"),
    "certificates": lazy("Voters come with absentee certificates"),
    "invalid": lazy("Invalid ballots"),
    "missing": lazy("Ballots issued and not found in the boxes"),
    "faults": lazy("Faults that may be planted, a line for each"),
}
HEAD_WORDS = {
    "topic": lazy("Topic"),
    "use": lazy("Use"),
    "difficulty": lazy("Difficulty"),
    "valid": lazy("Period of use"),
    "source": lazy("Sources"),
}
WAY_WORDS = {
    "right": lazy("Right"),
    "valid_from": lazy("First day"),
    "valid_until": lazy("Last day"),
    "kind": lazy("Kind"),
}
SHAPED_WORDS = {
    ("right", Shape.TEXTS): lazy("Right side"),
    ("figures", Shape.CHOICE): lazy("How the evening tells its figures"),
    ("step", Shape.TEXT): lazy("Short name of the earlier step"),
}
"""Names that mean one thing here and another there."""
_FEW = lazy("From the least to the most, as in 0 6.")
HINTS = {
    ("voters", Shape.NUMBERS): lazy("From the least to the most, as in 400 900."),
    ("invalid", Shape.NUMBERS): _FEW,
    ("missing", Shape.NUMBERS): _FEW,
    ("gaps", Shape.PARTS): lazy(
        "The first line of the text says what to do. Below it, write the sign of each gap where it stands."
    ),
    ("figures", Shape.NAMED): lazy("In the text the short name stands in braces, as in {received}."),
    ("formula", Shape.LONG): lazy("Short names of figures, numbers, + - * / and brackets, as in received - spoiled."),
    ("labels", Shape.NAMED): lazy("In the drawing the short name stands in braces, as in {box}."),
    ("areas", Shape.PARTS): lazy("Say where a place is, not what is right about it: “by the door”."),
    ("faults", Shape.LINES): lazy(
        "Only where a fault is to be found. With “none”, some papers have a protocol without one."
    ),
}
CHOICE_WORDS = {
    "True": lazy("true"),
    "False": lazy("false"),
    "whole": lazy("all or nothing"),
    "parts": lazy("each part has its share"),
    "0": lazy("no letter"),
    "1": lazy("one letter in each long word"),
    "fill": lazy("fill in the protocol"),
    "find": lazy("find the fault in a protocol"),
    "given": lazy("as they are"),
    "mixed": lazy("some as they are, some in parts to add"),
    "worked": lazy("in parts to add"),
}

PICTURE_WORDS = {
    PictureFault.NONE: lazy("Choose a file first: PNG, JPEG or SVG."),
    PictureFault.LARGE: lazy("This file is larger than 5 MB. Make the picture smaller."),
    PictureFault.UNKNOWN: lazy("This file is no picture that can be shown. Save it as PNG, JPEG or SVG."),
    PictureFault.BROKEN: lazy("This file is torn, or is not what it says it is. Save the picture anew."),
    PictureFault.PIXELS: lazy("This picture has more than 25 million points. Make it smaller."),
    PictureFault.SMALL: lazy("This picture has fewer than 100 points on one side. Take a larger one."),
    PictureFault.TALL: lazy("This picture is more than one and a half times as tall as it is wide. Cut it."),
    PictureFault.ACTIVE: lazy(
        "This drawing holds a script or something else that acts (%(what)s). Save it as plain SVG, or as PNG."
    ),
    PictureFault.LINKED: lazy(
        "This drawing holds another picture or fetches something (%(what)s). Save it as plain SVG, or as PNG."
    ),
    PictureFault.UNPLAIN: lazy(
        "This drawing holds what a question cannot show (%(what)s). Draw it in plain colours, or save it as PNG."
    ),
    PictureFault.UNSIZED: lazy("This drawing does not say how large it is. Save it with its size, or as PNG."),
    PictureFault.CROWDED: lazy("This drawing has too many parts. Draw it more simply, or save it as PNG."),
}


def picture_words(fault: str, what: str) -> str:
    """Why a file was not taken as a picture; empty when it was."""
    known = PICTURE_WORDS.get(PictureFault(fault)) if fault in list(PictureFault) else None
    return _(known.message, what=what) if known else ""


def field_words(slot: Slot) -> str:
    """What a field of a question is called; the name of the schema where nobody has given it words."""
    known = SHAPED_WORDS.get((slot.name, slot.shape)) or FIELD_WORDS.get(slot.name)
    return _(known.message) if known else slot.name.replace("_", " ").capitalize()


def part_words(slot: Slot, number: int) -> str:
    """What the part of this number, from 1, of a list is called."""
    return _("%(what)s: number %(n)s", what=field_words(slot), n=number)


def head_words() -> dict[str, str]:
    """What the fields beside the body are called, by their names in the form."""
    return {f"head.{name}": _(words.message) for name, words in HEAD_WORDS.items()}


def way_words(way: Sequence[str]) -> str:
    """What a field is called to which a way of names leads; names that nobody gave words stay as they are."""
    known = {**FIELD_WORDS, **HEAD_WORDS, **WAY_WORDS}
    return " · ".join(NAMES.get(step) or (_(known[step].message) if step in known else step) for step in way)


def hint_words(slot: Slot) -> str:
    """How a field is filled in, where that goes without saying to nobody; else empty."""
    known = HINTS.get((slot.name, slot.shape))
    return _(known.message) if known else ""


def sign_words(slot: Slot, part_id: object) -> str:
    """By what name other fields speak of a part of this list; empty where none does."""
    if not part_id or slot.name not in ("gaps", "steps"):
        return ""
    if slot.name == "steps":
        return _("Short name: %(name)s", name=part_id)
    return _("In the text: %(sign)s", sign=f"{{{{{part_id}}}}}")


def choice_words(choice: object) -> str:
    """What a choice of a field is called."""
    known = CHOICE_WORDS.get(str(choice)) or KIND_WORDS.get(str(choice))
    return _(known.message) if known else str(choice)


def topic_words(course: str, topic: str) -> str:
    """What a topic is called in the newest version of the course with that code; its code where that has none."""
    kept = g.setdefault("topics_of_courses", {}) if has_request_context() else {}
    if course not in kept:
        version = find_newest_of(course)
        kept[course] = {one.code: title_of(one) for one in list_topics(version.id)} if version else {}
    return str(kept[course].get(topic, topic))


def lines_of_sources(course: str, marks: Sequence[str]) -> list[str]:
    """What source marks of a question name, as the newest version of the course with that code says it."""
    version = find_newest_of(course)
    return source_lines(version.id, marks) if version else list(marks)


def days_words(first: date | None, last: date | None) -> str:
    """From when until when a question is drawn."""
    if first is None and last is None:
        return _("always")
    return " – ".join(date_in_full(day) if day else "…" for day in (first, last))


def kind_words(kind: str) -> str:
    """What a kind of question is called."""
    known = KIND_WORDS.get(kind)
    return _(known.message) if known else kind

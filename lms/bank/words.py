"""The bank in words: fields of questions, states, faults."""

from __future__ import annotations

import re

from lms.bank.rules import CaseState, DraftState
from lms.bank.shaping import Shape, Slot
from lms.core.web.languages import _, lazy
from lms.questions.kinds.shapes import Fault
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
}
CHOICE_WORDS = {
    "True": lazy("true"),
    "False": lazy("false"),
    "whole": lazy("all or nothing"),
    "parts": lazy("each part has its share"),
}
_FAULTS = (
    (r"the text in (?P<languages>[\w, ]+) is missing", lazy("Write the text also in: %(languages)s.")),
    (r"there is no answer in (?P<languages>[\w, ]+); write at least one",
     lazy("Write at least one answer in: %(languages)s.")),
    (r"no option is right; .*", lazy("No option is marked as right: tick one.")),
    (r"(?P<n>\d+) options are right; .*", lazy("%(n)s options are marked as right: leave one.")),
    (r"every option is right; .*", lazy("Every option is marked as right: add a wrong one.")),
    (r"'source' is too short.*", lazy("Name at least one source.")),
    (r"'(?P<name>[\w-]+)' is too short.*", lazy("There are too few: add one.")),
    (r"'(?P<name>[\w-]+)' is missing", lazy("This is empty: fill it in.")),
    (r"the text of '(?P<name>\w+)' stands twice.*", lazy("This text stands twice: make each one different.")),
    (r"'(?P<typed>.*)' is not a number.*", lazy("“%(typed)s” is no number: write digits.")),
    (r"'(?P<mark>.*)' is not a source mark.*",
     lazy("“%(mark)s” is no source mark: write the source and the articles, as in law:20,41.")),
    (r"there is no source '(?P<mark>[\w-]+)' .*", lazy("The course has no source “%(mark)s”: use one of those below.")),
    (r"a graded question rests on '(?P<mark>.*)', usual practice.*",
     lazy("“%(mark)s” is usual practice: a question of the test rests on a source that was read.")),
    (r"the last day (?P<last>\S+) comes before the first (?P<first>\S+)",
     lazy("The last day comes before the first: exchange them.")),
    (r"the tolerance is as large as the answer.*",
     lazy("This is as large as the answer: almost any number would be right.")),
)  # fmt: skip


def field_words(slot: Slot) -> str:
    """What a field of a question is called; the name of the schema where nobody has given it words."""
    if slot.name == "right" and slot.shape is Shape.TEXTS:
        return _("Right side")
    known = FIELD_WORDS.get(slot.name)
    return _(known.message) if known else slot.name.replace("_", " ").capitalize()


def choice_words(choice: object) -> str:
    """What a choice of a field is called."""
    known = CHOICE_WORDS.get(str(choice)) or KIND_WORDS.get(str(choice))
    return _(known.message) if known else str(choice)


def kind_words(kind: str) -> str:
    """What a kind of question is called."""
    known = KIND_WORDS.get(kind)
    return _(known.message) if known else kind


def fault_words(fault: Fault) -> str:
    """A fault in the reader's language, where it is one that authors meet; else as packs are told."""
    for pattern, sentence in _FAULTS:
        found = re.fullmatch(pattern, fault.sentence)
        if found:
            return _(sentence.message, **found.groupdict())
    return fault.sentence[:1].upper() + fault.sentence[1:] + "."

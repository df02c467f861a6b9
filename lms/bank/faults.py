"""Faults of questions in the reader's language: in the editor and where questions come in."""

from __future__ import annotations

import re

from lms.core.web.languages import NAMES, _, lazy
from lms.questions.kinds.shapes import Fault

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
    (r"the key '(?P<name>.*)' is not known here; .*",
     lazy("“%(name)s” is not known here: remove it or mend its spelling.")),
    (r"'(?P<name>[\w-]+)' must (?:be text|have parts|be a list).*",
     lazy("“%(name)s” has another shape than it needs.")),
    (r"'(?P<name>[\w-]+)' is .*; it must be (?P<choices>.*)", lazy("Choose one of: %(choices)s.")),
    (r"the language (?P<languages>[\w, ]+) is not one of the pack's",
     lazy("The course is not in this language: %(languages)s.")),
    (r"(?P<typed>\S+) is below zero; .*", lazy("%(typed)s is below zero: write 0 or more.")),
    (r"(?P<typed>\S+) is not above zero; .*", lazy("%(typed)s is not above zero: write a larger number.")),
    (r"the least, (?P<least>\S+), is larger than the most, (?P<most>\S+)",
     lazy("%(least)s is more than %(most)s: write the smaller number first.")),
    (r"a picture is either .*", lazy("There is no picture yet: choose a file.")),
    (r"the label '(?P<name>[\w-]+)' stands nowhere .*",
     lazy("The word “%(name)s” stands nowhere in the drawing: remove it.")),
    (r"line (?P<line>\d+) of the drawing: .*",
     lazy("Line %(line)s of the drawing holds what a question cannot show. Put the drawing in as a file.")),
    (r"the word '(?P<word>.*)' mixes Latin and Cyrillic letters; .*",
     lazy("The word “%(word)s” has Latin and Cyrillic letters that look alike: type it again.")),
    (r"the control character (?P<sign>\S+) must not .*",
     lazy("There is a sign that cannot be seen (%(sign)s): type this text again.")),
    (r"no place is right; .*", lazy("No place is marked as right: tick one or several.")),
    (r"every place is right; .*", lazy("Every place is marked as right: add a wrong one.")),
    (r"this place lies outside the picture of (?P<width>\d+) by (?P<height>\d+); .*",
     lazy("This place lies outside the picture of %(width)s by %(height)s: move it inside.")),
    (r"on a phone this place is too small .* make it (?P<n>\d+) .*",
     lazy("On a phone this place is too small for a finger: make it at least %(n)s wide and tall.")),
    (r"this place lies over number (?P<n>\d+); .*", lazy("This place lies over number %(n)s: move them apart.")),
    (r"a question with 'figures' has a 'formula' .*",
     lazy("A question with figures has a formula and no answer: remove one of them.")),
    (r"'figures' and 'formula' go together; .*", lazy("Figures and formula go together: write both, or neither.")),
    (r"there is no figure '(?P<name>\w+)'; .*", lazy("There is no figure “%(name)s”: add it, or mend the name.")),
    (r"the figure '\{(?P<name>\w+)\}' is not in this text; .*",
     lazy("The figure “%(name)s” is not in this text: nobody could know it.")),
    (r"every paper would have the same figures; .*", lazy("Every paper would have the same figures: let one vary.")),
    (r"'unit' stands beside the field, .*",
     lazy("The unit stands beside the field, or is to be written: remove one of the two.")),
    (r"the first unit is the one of 'answer'; .*", lazy("The first unit is that of the answer: its factor is 1.")),
    (r"the gap '(?P<name>[\w-]+)' is not in this text; write (?P<sign>\S+) once",
     lazy("The gap %(sign)s is not in this text: write it once.")),
    (r"the gap '(?P<name>[\w-]+)' stands more than once in this text; write (?P<sign>\S+) once",
     lazy("The gap %(sign)s stands more than once in this text: write it once.")),
    (r"there is no gap '(?P<name>[\w-]+)'; .*", lazy("There is no gap “%(name)s”: add it, or mend the text.")),
    (r"the first line is the heading .*",
     lazy("The first line says what to do: put the gaps into the lines below it.")),
    (r"the gap '(?P<name>[\w-]+)' has .*; give it one of: .*",
     lazy("Give this gap one of these: choices, what may be written, or a number.")),
    (r"(?P<n>\d+) choices of this gap are right; .*",
     lazy("Right choices of this gap: %(n)s. Tick exactly one.")),
    (r"of the answer '(?P<typed>.*)' nothing is left to compare; .*",
     lazy("Of “%(typed)s” nothing is left to compare: write words or a number.")),
    (r"the answer '(?P<typed>.*)' counts already, .*",
     lazy("“%(typed)s” counts already, as one written alike: remove it.")),
    (r"the ids stand in alphabetical order .*",
     lazy("The ids stand in alphabetical order and tell the answer: name the steps otherwise.")),
    (r"there is no earlier step '(?P<name>.*)' of kind number; .*",
     lazy("There is no earlier number step “%(name)s”: name one that stands before this one.")),
    (r"from the right number of '(?P<name>.*)' follows (?P<n>\S+), but the answer is (?P<answer>\S+)",
     lazy("From the right number of “%(name)s” follows %(n)s, but the answer is %(answer)s.")),
    (r"there is no protocol form '(?P<name>.*)'; .*", lazy("Choose a form of the protocol.")),
    (r"the form (?P<form>\S+) takes (?P<least>\d+) to (?P<most>\d+) candidates",
     lazy("This form takes from %(least)s to %(most)s candidates.")),
    (r"'faults' belongs to the mode 'find'; .*",
     lazy("Faults are planted only where one is to be found: leave this empty.")),
    (r"name the faults that may be planted, .*", lazy("Name at least one of the faults listed below the field.")),
    (r"the form (?P<form>\S+) knows no fault '(?P<name>.*)'; .*",
     lazy("The form knows no fault “%(name)s”: take one of the list.")),
    (r"the (?:fault|id) '(?P<name>.*)' stands twice.*", lazy("“%(name)s” stands twice: remove one.")),
    (r"the fault '(?P<name>.*)' hardly ever fits .*",
     lazy("The fault “%(name)s” hardly ever fits these figures: change them, or leave it out.")),
    (r"there is no topic '(?P<name>.*)' in this course; .*",
     lazy("The course has no topic “%(name)s”: choose another.")),
    (r"there is no source '(?P<mark>[\w-]+)' .*", lazy("The course has no source “%(mark)s”: use one of those below.")),
    (r"a graded question rests on '(?P<mark>.*)', usual practice.*",
     lazy("“%(mark)s” is usual practice: a question of the test rests on a source that was read.")),
    (r"the last day (?P<last>\S+) comes before the first (?P<first>\S+)",
     lazy("The last day comes before the first: exchange them.")),
    (r"the tolerance is as large as the answer.*",
     lazy("This is as large as the answer: almost any number would be right.")),
)  # fmt: skip


def _named(said: dict[str, str]) -> dict[str, str]:
    """The parts of a sentence, languages by their names."""
    if "languages" in said:
        said["languages"] = ", ".join(NAMES.get(code, code) for code in said["languages"].split(", "))
    return said


def fault_words(fault: Fault) -> str:
    """A fault in the reader's language, where it is one that authors meet; else as packs are told."""
    for pattern, sentence in _FAULTS:
        found = re.fullmatch(pattern, fault.sentence)
        if found:
            return _(sentence.message, **_named(found.groupdict()))
    return fault.sentence[:1].upper() + fault.sentence[1:] + "."

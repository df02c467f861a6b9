"""Read Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from lms.core.web.languages import _
from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.making import Making, apart, skipped, take
from lms.exchange.formats.moodle import gaps, kinds
from lms.exchange.formats.shapes import Raw, Read, Reading
from lms.exchange.intake.decoding import decode
from lms.exchange.intake.xml import Node, read_xml

READERS: Mapping[str, Callable[[Making, Node], Raw]] = MappingProxyType(
    {
        "multichoice": kinds.choice,
        "multichoiceset": kinds.choice_set,
        "truefalse": kinds.true_false,
        "shortanswer": kinds.short_text,
        "numerical": kinds.number,
        "matching": kinds.matching,
        "ordering": kinds.ordering,
        "gapselect": gaps.words_to_choose,
        "ddwtos": gaps.words_to_choose,
        "cloze": gaps.cloze,
        "multianswer": gaps.cloze,
    }
)
_HIDDEN_TEXT = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_CATEGORY = re.compile(r"""type\s*=\s*["']\s*category\s*["']""")
_QUESTION = re.compile(r"<question\s([^>]*\btype\s*=[^>]*)>")


def read(content: bytes, language: str) -> Reading:
    """All questions of a Moodle XML file."""
    root, decoded = read_xml(content)
    if root.name != "quiz":
        raise UnreadableFile(
            _(
                "Line %(line)s: a Moodle file begins with quiz, this one with %(name)s.",
                line=root.line,
                name=root.name[:40],
            )
        )
    items: list[Read] = []
    topic = ""
    for node in root.children("question"):
        if node.get("type") == "category":
            topic = _topic(node.said("category", "text"))
        elif "type" in node.attributes:
            items.append(_read(node, topic, language))
            items += _inside(node, language)
    return Reading(apart(items), decoded.notes)


def count(content: bytes) -> int:
    """How many questions there are: how many elements begin so, categories aside."""
    text = _HIDDEN_TEXT.sub("", decode(content).text)
    return sum(not _CATEGORY.search(found[1]) for found in _QUESTION.finditer(text))


def _inside(node: Node, language: str) -> list[Read]:
    """Questions that stand inside another one: they are parts of it."""
    sentence = _("It is a part of the question on line %(line)s.", line=node.line)
    inside = [one for one in node.all("question") if one is not node and "type" in one.attributes]
    asked = [one for one in inside if one.get("type") != "category"]
    return [skipped(Making(one.line, language, one.said("name", "text")), sentence) for one in asked]


def _topic(path: str) -> str:
    name = path.rstrip("/").rpartition("/")[2].strip()
    return "" if name.startswith("$") or name in ("top", "") else name


def _read(node: Node, topic: str, language: str) -> Read:
    kind = node.get("type")
    making = Making(node.line, language, node.said("name", "text"), topic, node.said("idnumber"))
    reader = READERS.get(kind)
    if reader is None:
        return skipped(making, _say_why(kind))
    return take(making, lambda own: reader(own, node))


def _say_why(kind: str) -> str:
    return {
        "essay": _("It asks for free text, which a person must read."),
        "description": _("It asks nothing: it only tells something."),
        "calculated": _("Its numbers are worked out from formulas of Moodle."),
        "calculatedsimple": _("Its numbers are worked out from formulas of Moodle."),
        "calculatedmulti": _("Its numbers are worked out from formulas of Moodle."),
        "randomsamatch": _("It draws from other questions when it is asked."),
        "random": _("It draws from other questions when it is asked."),
        "ddmarker": _("Marks are drawn onto a picture; there is no such kind here."),
        "ddimageortext": _("Things are drawn onto a picture; there is no such kind here."),
    }.get(kind, _("Its type is not known here: %(kind)s.", kind=kind[:40] or "-"))

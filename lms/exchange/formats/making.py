"""A question on its way in: what is said of it, and the raw question that comes out, checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn
from urllib.parse import unquote

from lms.bank.faults import fault_words
from lms.core.web.languages import _
from lms.exchange.errors import Skipped
from lms.exchange.formats.shapes import Raw, Read, Status
from lms.exchange.intake.html import to_plain
from lms.exchange.naming import Names, is_key, key_of, letters
from lms.questions.kinds.folding import fold
from lms.questions.kinds.registry import KINDS
from lms.questions.rules import find_question_faults

MOST_PARTS = 100
"""Answers, gaps or pairs of one question that are looked at."""
LONGEST_HTML = 300_000
"""Characters of one text with its formatting."""
LONGEST = 10_000
"""Characters of one text of a question."""
SHOWN = 60
"""Characters of a name that is made from how a question begins."""
OTHER_FILES = (*(".mp3", ".mp4", ".m4a", ".wav", ".ogg", ".webm", ".mov"), *(".pdf", ".doc", ".docx", ".xls", ".xlsx"))
"""How files end that are no pictures: sound, film and papers."""
_RUN = re.compile(" {2,}")
_WHOLE = {**dict.fromkeys(("tr", "td", "th", "tbody", "thead", "col", "colgroup"), "table"), "li": "ul"}
"""Tags that are parts of a whole, and the tag of that."""
_ANY_WORDS = re.compile(r"(?<!\\)\*")
_ODD_SPACES = "\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"


@dataclass
class Making:
    """One question of a file. `topic`: as the file groups its questions; `key`: an id that the file gives."""

    line: int
    language: str
    name: str = ""
    topic: str = ""
    key: str = ""
    file: str = ""
    said: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Note something that was changed, once."""
        if sentence not in self.said:
            self.said.append(sentence)

    def skip(self, sentence: str) -> NoReturn:
        """Leave the question out."""
        raise Skipped(sentence)

    def texts(self, text: str) -> dict[str, str]:
        """A text as a question has it: in the language of the file, in tidy lines."""
        return {self.language: tidy(text)}

    def html(self, html: str) -> str:
        """The words of a piece of HTML; what was dropped of it is said."""
        if len(html) > LONGEST_HTML:
            self.skip(_("A text of it is longer than %(n)s characters.", n=LONGEST_HTML))
        plain = to_plain(html)
        self.dropped(plain.dropped, plain.pictures)
        return plain.text

    def dropped(self, tags: Iterable[str], pictures: Iterable[str]) -> None:
        """Say which formatting and which pictures were left out."""
        names = {_WHOLE.get(tag, tag) for tag in tags}
        if "math" in names:
            self.say(_("A formula was left out. Write it in words."))
        if said := ", ".join(sorted(names - {"math"})[:6]):
            self.say(_("Formatting was dropped: %(names)s.", names=said))
        for picture in pictures:
            name = _short(unquote(picture).removeprefix("@@PLUGINFILE@@/")) or "img"
            if name.lower().endswith(OTHER_FILES):
                self.say(_("A file was left out: %(name)s.", name=name))
            else:
                self.say(_("A picture was left out: %(name)s.", name=name))


def check_length(making: Making, text: str) -> str:
    """The text as it is; the question is skipped when it is longer than any text of a question is."""
    if len(text) > LONGEST:
        making.skip(_("A text of it is longer than %(n)s characters.", n=LONGEST))
    return text


def tidy(text: str) -> str:
    """Lines without spaces at their ends, with single spaces inside, without empty ones and unseen signs."""
    lines = (_RUN.sub(" ", _seen(line)).strip() for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _seen(line: str) -> str:
    """A line without signs that cannot be seen; odd spaces are spaces."""
    if line.isprintable():
        return line
    return "".join(" " if sign in _ODD_SPACES else sign for sign in line if _is_seen(sign))


def _is_seen(sign: str) -> bool:
    return sign in _ODD_SPACES or unicodedata.category(sign) not in ("Cc", "Co", "Cs", "Cn")


def take(making: Making, read: Callable[[Making], Raw]) -> Read:
    """What became of one question: read, checked against its kind, and named."""
    try:
        raw = _checked(making, read(making))
    except Skipped as skipped:
        return _read(making, Status.SKIPPED, [skipped.sentence], None)
    return _read(making, Status.CHANGED if making.said else Status.IMPORTED, making.said, raw)


def skipped(making: Making, sentence: str) -> Read:
    """A question that is left out for this reason."""
    return _read(making, Status.SKIPPED, [sentence], None)


def _read(making: Making, status: Status, sentences: list[str], raw: Raw | None) -> Read:
    name = making.name or (_short(next(iter(raw["text"].values()))) if raw else "")
    return Read(making.line, _short(name) or _("without a name"), status, list(sentences), raw, making.file)


def build(making: Making, kind: str, text: str, explanation: str = "", **parts: Any) -> Raw:
    """A raw question of this kind; what says nothing is left out."""
    said = making.texts(text)
    raw: Raw = {"id": _id(making, said), "kind": kind}
    if making.topic:
        raw["topic"] = making.topic if is_key(making.topic) else key_of(making.topic)
    raw["text"] = said
    if explanation.strip():
        raw["explanation"] = making.texts(explanation)
    return raw | {key: value for key, value in parts.items() if value not in (None, "", 0)}


def _id(making: Making, said: Mapping[str, str]) -> str:
    given = next((one for one in (making.key, making.name) if one), "")
    if is_key(given):
        return given
    return key_of(making.key or making.name or said[making.language], said[making.language])


def _checked(making: Making, raw: Raw) -> Raw:
    if raw["kind"] not in KINDS:
        raise Skipped(_("There is no kind of question here that could take it: %(kind)s.", kind=raw["kind"]))
    if not raw["text"][making.language]:
        raise Skipped(_("The question has no words."))
    if any(len(part) > MOST_PARTS for part in raw.values() if isinstance(part, list)):
        raise Skipped(_("It has more than %(n)s answers.", n=MOST_PARTS))
    if not all(_texts_in(raw)):
        raise Skipped(_("An answer of it has no words; there may be a picture in its place."))
    if any(len(text) > LONGEST for text in _texts_in(raw)):
        raise Skipped(_("A text of it is longer than %(n)s characters.", n=LONGEST))
    faults = find_question_faults(fill_in(raw, [making.language]), [making.language])
    if faults:
        raise Skipped(
            _(
                "It does not fit: %(said)s.",
                said="; ".join(dict.fromkeys(fault_words(fault).rstrip(".") for fault in faults[:3])),
            )
        )
    return raw


def fill_in(raw: Mapping[str, Any], languages: Sequence[str]) -> Raw:
    """The question with something in the places that a file from outside leaves empty, so that the rest can be
    checked."""
    explanation = dict.fromkeys(languages, "-")
    return {"topic": "topic", "use": "test", "source": ["source"], "explanation": explanation, **raw}


def _texts_in(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part)


def apart(items: Sequence[Read]) -> list[Read]:
    """The same questions, each with an id of its own."""
    names = Names()
    for item in items:
        if item.question is not None:
            item.question["id"] = names.free(item.question["id"])
    return list(items)


def options_of(making: Making, options: Sequence[tuple[str, bool]], ids: Sequence[str] = ()) -> list[Raw]:
    """Options from (text, whether it is right), with letters for ids where none are given."""
    return [
        {"id": key, "text": making.texts(text), **({"right": True} if right else {})}
        for key, (text, right) in zip(ids or letters(len(options)), options, strict=True)
    ]


def without_wildcards(making: Making, answers: Sequence[str]) -> list[str]:
    """Written answers as Moodle has them: `\\*` is a star of the text, `*` alone stands for any words."""
    if any(_ANY_WORDS.search(answer) for answer in answers):
        making.skip(_("The sign * stands in an answer for any words; there is no such sign here."))
    return [answer.replace("\\*", "*") for answer in answers]


def answers_of(making: Making, answers: Sequence[str]) -> dict[str, list[str]]:
    """Words that may be written, in the language of the file; those that are compared alike stand once."""
    found: dict[str, str] = {}
    for answer in map(tidy, answers):
        found.setdefault(fold(answer), answer)
    if len(found) < len(answers):
        making.say(_("Answers that differ only in capitals or signs are one answer here."))
    return {making.language: list(found.values())}


def pairs_of(making: Making, pairs: Sequence[tuple[str, str]], ids: Sequence[str] = ()) -> list[Raw]:
    """Pairs from (left, right), with letters for ids where none are given."""
    return [
        {"id": key, "left": making.texts(left), "right": making.texts(right)}
        for key, (left, right) in zip(ids or letters(len(pairs)), pairs, strict=True)
    ]


def number_in(text: str) -> int | float | None:
    """A number as computers write it, also with a comma; None when it is none."""
    try:
        found = Decimal(text.strip().replace(",", ".").replace("\u2212", "-").replace(" ", ""))
    except InvalidOperation:
        return None
    return plain_number(found) if found.is_finite() and abs(found.adjusted()) < 40 else None


def plain_number(number: Decimal) -> int | float:
    """A decimal number as YAML would hold it: whole ones whole."""
    return int(number) if number == number.to_integral_value() else float(number)


def exact(number: int | float) -> Decimal:
    """A number of a question, exactly as it is written."""
    return Decimal(str(number))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1].rstrip() + "…"

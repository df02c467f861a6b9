"""A draft as a form: what was typed read, faults put beside their fields, the question shown as learners see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from flask import render_template
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from lms.bank import queries, rules
from lms.bank.faults import fault_words
from lms.bank.models import Draft
from lms.bank.pictures import LARGEST, read_picture
from lms.bank.shaping import Node, Path, Shape, name_of, nodes_of, read_body, slots_of
from lms.bank.words import field_words, head_words, part_words, picture_words
from lms.core.web.languages import speaking
from lms.questions.kinds.hotspot.picture import address_of, size
from lms.questions.kinds.registry import KINDS, get_kind
from lms.questions.kinds.shapes import Fault, FormData
from lms.questions.rules import Head
from lms.questions.showing import Explained, Shown, explain, show

USAGE = ("topic", "use", "difficulty")
DRAWING = "svg"
"""What is wrong with a drawing stands beside its picture: the drawing as text is folded away."""
NOT_SAID = re.compile(r"[^\w=#(). -]")
"""Signs that no address of ours has in what it says of a picture."""
UNFINISHED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration)
"""What comes of showing a question that is not whole yet."""


@dataclass(frozen=True)
class Told:
    """A fault in words, the name of the field beside which it stands, and what that field is called; empty where the
    fault is of the whole."""

    name: str
    sentence: str
    field: str = ""


@dataclass(frozen=True)
class Seen:
    """A question as a learner sees it in one language, and the answer that is right."""

    language: str
    shown: Shown
    explained: Explained


@dataclass(frozen=True)
class Drawn:
    """The picture of a question without letters on its places: its address, and its size in its own units."""

    address: str
    width: int
    height: int


def read_head(form: FormData) -> dict[str, Any]:
    """What the form says beside the body, fit or not."""
    said: dict[str, Any] = {name: _first(form, f"head.{name}") for name in USAGE}
    said["source"] = [line.strip() for line in _first(form, "head.source").splitlines() if line.strip()]
    days = {name: _first(form, f"head.valid.{name}") for name in ("from", "until")}
    said["valid"] = {name: day for name, day in days.items() if day}
    return said


def read_form(draft: Draft, form: FormData) -> tuple[dict[str, Any], dict[str, Any]]:
    """Head and body as the form says them; what it says nothing about stays as the draft has it."""
    languages = queries.ground_of(draft.course).languages
    return read_head(form), read_body(get_kind(draft.kind).schema, form, languages, draft.body)


def put_picture(draft: Draft, body: dict[str, Any], files: Mapping[str, FileStorage], *, asked: bool) -> None:
    """Put the file that came with the form into the place of the question's picture. `asked`: whether one must have
    come where there is none yet. BadPicture says what is wrong with it; the body stays as it was then."""
    languages = queries.ground_of(draft.course).languages
    for slot in slots_of(get_kind(draft.kind).schema):
        file = files.get(f"{name_of((slot.name,))}.file") if slot.shape is Shape.PICTURE else None
        before = body.get(slot.name)
        is_there = isinstance(before, Mapping) and any(before.get(name) for name in ("svg", "png"))
        if slot.shape is Shape.PICTURE and ((asked and not is_there) or (file and file.filename)):
            content = file.read(LARGEST + 1) if file else b""
            body[slot.name] = read_picture(content, before if isinstance(before, Mapping) else {}, languages)


def drawn_of(picture: object, language: str) -> Drawn | None:
    """The picture as it is; None while there is none, or none that can be shown."""
    try:
        return Drawn(address_of(picture, language, ()), *size(picture)) if isinstance(picture, Mapping) else None
    except UNFINISHED:
        return None


def read_refusal(said: Mapping[str, str]) -> str:
    """Why the file of a picture was not taken, as the address of the page says it, in words; empty when it was."""
    return picture_words(said.get("picture", ""), NOT_SAID.sub("", said.get("what", ""))[:60])


def nodes_of_draft(draft: Draft) -> list[Node]:
    """The fields of the draft's body."""
    return nodes_of(get_kind(draft.kind).schema, draft.body)


def find_faults(draft: Draft) -> list[Fault]:
    """Everything that keeps the draft from being published."""
    return rules.find_draft_faults(rules.raw_of(draft.kind, draft.head, draft.body), queries.ground_of(draft.course))


def tell_faults(draft: Draft, faults: Sequence[Fault]) -> list[Told]:
    """The faults in words, each with the name of its field, none twice; in the order of the form."""
    called = {"head": "", **head_words(), **dict(fields_in(nodes_of_draft(draft)))}
    names = list(called)
    found = [(_field_of(fault.path, names), fault_words(fault)) for fault in faults]
    told = dict.fromkeys(Told(name, sentence, called.get(name, "")) for name, sentence in found)
    return sorted(told, key=lambda one: names.index(one.name) if one.name in names else 0)


def fields_in(nodes: Sequence[Node], within: str = "") -> Iterator[tuple[str, str]]:
    """All fields, those of parts included: name, and what it is called with the parts in which it stands."""
    for node in nodes:
        called, are_parts = field_words(node.slot), node.slot.shape in (Shape.PARTS, Shape.NAMED)
        if node.slot.name != DRAWING:
            yield node.name, f"{within}{called}"
        for place, row in enumerate(node.children):
            inside = part_words(node.slot, place + 1) if are_parts else called
            if node.slot.shape is Shape.PARTS:
                yield name_of((*node.path, place)), f"{within}{inside}"
            yield from fields_in(row, f"{within}{inside} · ")


def _field_of(path: Path, names: Sequence[str]) -> str:
    """The field nearest to a fault. The ways that a schema of several kinds tells have the kind in them."""
    if path and path[0] in Head.model_fields:
        return f"head.{path[0]}"
    way = tuple(step for at, step in enumerate(path) if not (step in KINDS and at and isinstance(path[at - 1], int)))
    return next((name for end in range(len(way), 0, -1) if (name := name_of(way[:end])) in names), "head")


def see(kind: str, body: Mapping[str, Any], language: str, prefix: str = "preview") -> Seen | None:
    """The question as a learner sees it; None while it is not whole enough. `prefix` tells apart the fields of several
    questions on one page."""
    found = get_kind(kind)
    try:
        with speaking(language):
            order = found.rules.shuffle(body, Random("preview"))  # noqa: S311 - nothing secret hangs on it
            shown = show(kind, body, language=language, order=order, prefix=f"{prefix}-{language}-", heading="h3")
            explained = explain(kind, {"explanation": {}, **body}, None, language=language, order=order)
    except UNFINISHED:
        return None
    return Seen(language, shown, explained) if shown.paragraphs else None


def as_learner(seen: Seen) -> Markup:
    """The question as its learners see it: what stands around its own words is in its language too."""
    with speaking(seen.language):
        return Markup(render_template(seen.shown.template, shown=seen.shown))  # noqa: S704 - a template escapes


def _first(form: FormData, name: str) -> str:
    return "".join(form.getlist(name)[:1]).replace("\r\n", "\n").strip()

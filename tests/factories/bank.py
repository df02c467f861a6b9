"""Writers and readers of questions, drafts as one types them, cases from below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.accounts.models import Account
from lms.bank import actions, cases
from lms.bank.models import Draft, FieldCase
from lms.bank.shaping import Node, Shape, nodes_of
from lms.commissions.rules import Role
from lms.curriculum.queries import get_course
from lms.questions.kinds.registry import get_kind
from tests.factories.commissions import Country, make_officer, scope
from tests.factories.questions import question_body

LANGUAGES = ("kk", "ru", "en")
HEAD: dict[str, Any] = {
    "topic": "opening",
    "use": "test",
    "source": ["law:40", "arithmetic"],
    "difficulty": "hard",
    "valid": {},
}


def make_writer(country: Country) -> Account:
    """A methodologist of the central commission."""
    return make_officer(country.central, Role.METHODOLOGIST)


def make_draft(writer: Account, kind: str = "single", course: str = "small", **changes: Any) -> Draft:
    """A whole draft of a new question."""
    draft = actions.begin_draft(course=get_course(course), kind=kind, by=scope(writer))
    save(draft, writer, question_body(kind, **changes))
    return draft


def save(draft: Draft, writer: Account, body: dict[str, Any], **head: Any) -> None:
    """Save a draft as it is now."""
    kept = actions.save_draft(draft=draft, revision=draft.revision, head={**HEAD, **head}, body=body, by=scope(writer))
    assert kept is None


def make_reviewed(writer: Account, reader: Account, kind: str = "single", **changes: Any) -> Draft:
    """A draft that another methodologist has approved."""
    draft = make_draft(writer, kind, **changes)
    actions.send_for_review(draft=draft, by=scope(writer))
    actions.approve(draft=draft, by=scope(reader))
    return draft


def make_case(sender: Account) -> FieldCase:
    """A case of an officer or trainer."""
    said = {"happened": "The lamp went out.", "done": "Candles were lit.", "question": "May one count by candles?"}
    return cases.send_case(**said, language="en", by=scope(sender))


def form_of(kind: str, body: dict[str, Any], **more: Any) -> MultiDict[str, str]:
    """The fields of a draft's form, filled in with this body."""
    form = MultiDict({f"head.{name}": value for name, value in HEAD.items() if isinstance(value, str)})
    form["head.source"] = "\n".join(HEAD["source"])
    form.update(_fields(nodes_of(get_kind(kind).schema, body)))
    form.update(more)
    return form


def _fields(nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if node.slot.shape in (Shape.PARTS, Shape.NAMED):
            yield f"{node.name}.count", str(len(node.children))
        yield from _own_fields(node)
        for row in node.children:
            yield from _fields(row)


def _own_fields(node: Node) -> Iterator[tuple[str, str]]:
    value: Any = node.value
    match node.slot.shape:
        case Shape.TEXTS | Shape.LINES_EACH:
            for language in LANGUAGES:
                said = (value or {}).get(language, "")
                yield f"{node.name}.{language}", said if isinstance(said, str) else "\n".join(said)
        case Shape.LINES | Shape.NUMBERS:
            yield node.name, "\n".join(map(str, value or []))
        case Shape.CHECK:
            yield from [(f"{node.name}.there", "1"), *([(node.name, "1")] if value else [])]
        case Shape.GROUP | Shape.PICTURE | Shape.PARTS | Shape.NAMED | Shape.KEPT | Shape.OTHER:
            pass
        case _:
            yield node.name, "" if value is None else str(value)

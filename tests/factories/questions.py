"""Questions of every kind as plain data, as a pack would hold them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


def texts(said: str) -> dict[str, str]:
    """The same text in three languages, told apart by their codes."""
    return {language: f"{said} ({language})" for language in ("kk", "ru", "en")}


_PARTS: dict[str, dict[str, Any]] = {
    "single": {
        "options": [
            {"id": "a", "text": texts("early")},
            {"id": "b", "right": True, "text": texts("in time")},
            {"id": "c", "text": texts("late")},
        ]
    },
    "multiple": {
        "options": [
            {"id": "a", "right": True, "text": texts("seal")},
            {"id": "b", "text": texts("ribbon")},
            {"id": "c", "right": True, "text": texts("signature")},
        ]
    },
    "true-false": {"answer": False},
    "ordering": {
        "items": [
            {"id": "close", "text": texts("Close the doors")},
            {"id": "cancel", "text": texts("Cancel unused ballots")},
            {"id": "open", "text": texts("Open the boxes")},
        ]
    },
    "matching": {
        "pairs": [
            {"id": "chair", "left": texts("Chair"), "right": texts("keeps order")},
            {"id": "secretary", "left": texts("Secretary"), "right": texts("keeps the log")},
            {"id": "member", "left": texts("Member"), "right": texts("issues ballots")},
        ]
    },
    "number": {"answer": 835, "unit": texts("ballots")},
    "protocol": {
        "form": "kz-presidential",
        "mode": "fill",
        "candidates": 2,
        "voters": [400, 900],
        "invalid": [2, 9],
        "missing": [1, 3],
    },
}

KIND_NAMES = tuple(_PARTS)


def question_dict(kind: str = "single", **changes: Any) -> dict[str, Any]:
    """A question of this kind without faults, with `changes` laid over it; None removes a key."""
    raw: dict[str, Any] = {
        "id": f"opening-{kind}",
        "kind": kind,
        "topic": "opening",
        "use": "test",
        "source": ["law:40", "arithmetic"],
        "text": texts("What is right?"),
        "explanation": texts("Because the act says so."),
        **deepcopy(_PARTS.get(kind, {})),
        **changes,
    }
    return {key: value for key, value in raw.items() if value is not None}


def question_body(kind: str = "single", **changes: Any) -> dict[str, Any]:
    """The body of such a question."""
    from lms.questions.rules import split

    return split(question_dict(kind, **changes))[1]

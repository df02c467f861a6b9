"""Questions of every kind as plain data, as a pack would hold them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


def texts(said: str) -> dict[str, str]:
    """The same text in three languages, told apart by their codes."""
    return {language: f"{said} ({language})" for language in ("kk", "ru", "en")}


ROOM = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200">
<rect width="360" height="200" fill="#ffffff"/>
<rect x="140" y="60" width="80" height="80" fill="none" stroke="#1d2733"/>
<text x="180" y="105" font-size="14" text-anchor="middle">{box}</text>
</svg>
"""
"""A drawing as a question may show it."""

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
    "short-text": {"answers": {"kk": ["төраға", "комиссия төрағасы"], "ru": ["председатель"], "en": ["the chair"]}},
    "gap-text": {
        "text": {
            language: f"{said}\n{{{{who}}}} opens at {{{{hour}}}}, {{{{before}}}} hour before voting. ({language})"
            for language, said in texts("Fill the gaps").items()
        },
        "gaps": [
            {
                "id": "who",
                "choices": [
                    {"id": "chair", "right": True, "text": texts("the chair")},
                    {"id": "police", "text": texts("the police")},
                ],
            },
            {"id": "hour", "number": {"answer": 6}},
            {"id": "before", "answers": {"kk": ["бір"], "ru": ["один"], "en": ["one"]}},
        ],
    },
    "hotspot": {
        "picture": {
            "svg": ROOM,
            "labels": {"box": texts("Box")},
            "alt": texts("A room with a table, a box and a door"),
        },
        "areas": [
            {"id": "table", "label": texts("top left"), "x": 10, "y": 10, "width": 80, "height": 60},
            {"id": "box", "right": True, "label": texts("the middle"), "x": 140, "y": 60, "width": 80, "height": 80},
            {"id": "door", "label": texts("top right"), "x": 280, "y": 10, "width": 60, "height": 60},
        ],
    },
    "case": {
        "steps": [
            {"id": "issued", "kind": "number", "text": texts("How many were issued?"), "answer": 847},
            {
                "id": "in-boxes",
                "kind": "number",
                "text": texts("How many should be in the boxes?"),
                "answer": 835,
                "follows": {"step": "issued", "formula": "a - 12"},
            },
            {
                "id": "what",
                "kind": "single",
                "text": texts("What comes next?"),
                "options": [
                    {"id": "seal", "right": True, "text": texts("Seal")},
                    {"id": "burn", "text": texts("Burn")},
                ],
            },
        ],
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

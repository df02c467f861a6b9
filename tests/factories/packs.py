"""A small pack without faults, written to a folder: two modules, two topics, every kind of question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.factories.questions import KIND_NAMES, question_dict, texts

MODULE_TEXT = """::: aim
After this module you can do it ({language}).
:::

## First things

| What | When |
|------|-----:|
| Doors[^law:40] | 06:00[^usual] |

### A detail

Words with **weight**.

::: mistake
Closing too early.
:::

::: checklist
- One
- Two
:::
"""

SOURCES: list[dict[str, Any]] = [
    {
        "id": "law",
        "mark": "seen",
        "title": texts("Act on Elections"),
        "edition": texts("of 2010"),
        "date": "2010-01-01",
    },
    {"id": "arithmetic", "mark": "derived", "title": texts("Arithmetic"), "edition": texts("of this course")},
    {"id": "usual", "mark": "known", "title": texts("Usual practice"), "edition": texts("none")},
]

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200">
<rect width="360" height="200" fill="#ffffff"/>
<defs><marker id="room-tip" markerWidth="8" markerHeight="8" refX="4" refY="4" orient="auto">
<path d="M0,0 L8,4 L0,8 z" fill="#1d2733"/></marker></defs>
<text x="180" y="40" font-size="14" text-anchor="middle">{box}</text>
<line x1="10" y1="100" x2="300" y2="100" stroke="#1d2733" marker-end="url(#room-tip)"/>
</svg>
"""
FIGURE: dict[str, Any] = {
    "title": texts("The way of the voter"),
    "alt": texts("A box and an arrow"),
    "labels": {"box": {"kk": "Жәшік|осында", "ru": "Урна|здесь", "en": "Box|here"}},
}
FORM_TEXT = """Training form, not an official one ({language}).

| Field | To fill in |
|---|---|
| Precinct |  |
"""
TERMS: list[dict[str, Any]] = [
    {
        "id": "ballot-box",
        "term": {"kk": "жәшік", "ru": "урна", "en": "ballot box"},
        "short": texts("Where ballots go"),
        "stem": {"kk": r"жәшік\w*", "ru": r"урн\w+", "en": r"ballot box(?:es)?"},
        "avoid": {"en": [r"\burns?\b"]},
    },
]
MORE = {"opening": 8, "count": 7}
"""Questions for the test beside one of each kind, so that the bank is large enough to draw from."""


def case_dict(module: str = "opening", **changes: Any) -> dict[str, Any]:
    """A practical case without faults, with `changes` laid over it."""
    options = [
        {"id": "a", "text": texts("Wait"), "reply": texts("Time is lost")},
        {"id": "b", "right": True, "text": texts("Open"), "reply": texts("The doors open")},
        {"id": "c", "text": texts("Go home"), "reply": texts("Nobody opens")},
    ]
    return {
        "id": f"{module}-case",
        "module": module,
        "source": ["law:40", "usual"],
        "title": texts("A locked door"),
        "situation": texts("It is six and the door is locked."),
        "question": texts("What do you do?"),
        "options": options,
        "lesson": texts("Doors open in time."),
        **changes,
    }


def pack_dict(**changes: Any) -> dict[str, Any]:
    """The data of `pack.yaml`, with `changes` laid over it."""
    return {
        "format": 1,
        "id": "small",
        "level": "precinct",
        "languages": ["kk", "ru", "en"],
        "law_date": "2022-11-20",
        "change": "material",
        "note": texts("First"),
        "title": texts("Small course"),
        "summary": texts("A course for tests"),
        "workshop": True,
        "topics": [
            {"id": "opening", "module": "opening", "title": texts("Opening")},
            {"id": "count", "module": "count", "title": texts("Count")},
        ],
        "modules": [
            {
                "id": module,
                "minutes": 7,
                "title": texts(module.title()),
                "self_check": [f"{module}-s1", f"{module}-s2"],
            }
            for module in ("opening", "count")
        ],
        "test": {
            "minutes": 30,
            "pass_percent": 80,
            "attempts": 3,
            "hours_between": 24,
            "blueprint": [{"topic": "opening", "draw": 3}, {"topic": "count", "draw": 2}],
            "minimums": [{"topics": ["count"], "right": 1}],
        },
        **changes,
    }


def bank(topic: str) -> list[dict[str, Any]]:
    """A question of every kind on opening, of three kinds on another topic, and two for each self-check."""
    kinds = KIND_NAMES if topic == "opening" else ("single", "true-false", "number")
    questions = [question_dict(kind, topic=topic, id=f"{topic}-{kind}") for kind in kinds]
    checks = [
        question_dict(kind, topic=topic, id=f"{topic}-s{number}", use="self-check")
        for number, kind in ((1, "single"), (2, "number"))
    ]
    return questions + checks


def more_questions(topic: str) -> list[dict[str, Any]]:
    """Questions for the test that make the bank large enough."""
    return [question_dict("true-false", topic=topic, id=f"{topic}-more-{n}") for n in range(1, MORE[topic] + 1)]


def entry_questions(topic: str) -> list[dict[str, Any]]:
    """Two questions to ask before the course."""
    kinds = (("single", 1), ("true-false", 2))
    return [question_dict(kind, topic=topic, id=f"{topic}-e{n}", use="entry") for kind, n in kinds]


ENTRY = {"blueprint": [{"topic": "opening", "draw": 2}, {"topic": "count", "draw": 1}]}
FORMS = [{"id": "opening-form", "title": texts("Opening protocol")}]


def write_full_pack(folder: Path) -> Path:
    """The folder, now holding a pack that has everything a pack can have: figure, form, cases, glossary, entry."""
    write_pack(folder, pack_dict(forms=FORMS, entry=ENTRY))
    for topic in ("opening", "count"):
        write_list(folder / "questions" / f"{topic}-entry.yaml", entry_questions(topic))
        write_list(folder / "cases" / f"{topic}.yaml", [case_dict(topic)])
    write_list(folder / "glossary.yaml", TERMS)
    (folder / "figures").mkdir()
    (folder / "figures" / "room.svg").write_text(SVG, encoding="utf-8")
    (folder / "figures" / "room.yaml").write_text(_plain(FIGURE) + "\n", encoding="utf-8")
    (folder / "forms" / "opening-form").mkdir(parents=True)
    for language in ("kk", "ru", "en"):
        form = folder / "forms" / "opening-form" / f"{language}.md"
        form.write_text(FORM_TEXT.replace("{language}", language), encoding="utf-8")
        module = folder / "modules" / "opening" / f"{language}.md"
        module.write_text(full_text(language), encoding="utf-8")
    return folder


def full_text(language: str) -> str:
    """The text of a module with a figure and links."""
    more = "![](figure:room)\n\nFill in the [form](form:opening-form), then [count](module:count).\n\n::: mistake"
    return MODULE_TEXT.replace("{language}", language).replace("::: mistake", more)


def write_list(path: Path, parts: list[dict[str, Any]]) -> None:
    """Write a list of parts, one a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"- {_plain(part)}\n" for part in parts), encoding="utf-8")


def write_pack(folder: Path, data: dict[str, Any] | None = None) -> Path:
    """The folder, now holding a pack without faults (or one with this `pack.yaml`)."""
    folder.mkdir(parents=True, exist_ok=True)
    said = data or pack_dict()
    lines = "\n".join(f"{key}: {_plain(value)}" for key, value in said.items())
    (folder / "pack.yaml").write_text(lines + "\n", encoding="utf-8")
    write_list(folder / "sources.yaml", SOURCES)
    for topic in ("opening", "count"):
        write_list(folder / "questions" / f"{topic}.yaml", bank(topic) + more_questions(topic))
        module = folder / "modules" / topic
        module.mkdir(parents=True, exist_ok=True)
        for language in ("kk", "ru", "en"):
            (module / f"{language}.md").write_text(MODULE_TEXT.replace("{language}", language), encoding="utf-8")
    return folder


def _plain(value: Any) -> str:
    """JSON is YAML; a date must stand without quotes."""
    if value == "2022-11-20":
        return value
    return json.dumps(value, ensure_ascii=False).replace('"2010-01-01"', "2010-01-01")

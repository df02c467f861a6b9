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
| Doors | 06:00 |

### A detail

Words with **weight**.

::: mistake
Closing too early.
:::

::: checklist
- One
- Two
:::

::: sources
- Constitutional Act on Elections, art. 40
:::
"""


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


def write_pack(folder: Path, data: dict[str, Any] | None = None) -> Path:
    """The folder, now holding a pack without faults (or one with this `pack.yaml`)."""
    folder.mkdir(parents=True, exist_ok=True)
    said = data or pack_dict()
    lines = "\n".join(f"{key}: {_plain(value)}" for key, value in said.items())
    (folder / "pack.yaml").write_text(lines + "\n", encoding="utf-8")
    (folder / "questions").mkdir(exist_ok=True)
    for topic in ("opening", "count"):
        rows = "\n".join(f"- {_plain(question)}" for question in bank(topic))
        (folder / "questions" / f"{topic}.yaml").write_text(rows + "\n", encoding="utf-8")
        module = folder / "modules" / topic
        module.mkdir(parents=True, exist_ok=True)
        for language in ("kk", "ru", "en"):
            (module / f"{language}.md").write_text(MODULE_TEXT.replace("{language}", language), encoding="utf-8")
    return folder


def _plain(value: Any) -> str:
    """JSON is YAML; a date must stand without quotes."""
    return value if value == "2022-11-20" else json.dumps(value, ensure_ascii=False)

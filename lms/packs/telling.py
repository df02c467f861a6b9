"""What a check of a pack found, in words for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lms.packs.checking import Checked

COUNTED = ("sources", "figures", "cases", "forms", "terms")


def in_words(checked: Checked) -> str:
    """The faults of a pack, or its figures when it has none; then what is worth a look."""
    lines = list(map(str, checked.faults)) if checked.pack is None else list(_figures(checked.pack.summary()))
    if checked.weak:
        weak = checked.weak
        lines.append(
            f"  sources missing {weak['sources_missing']}; "
            f"graded questions resting on usual practice {weak['graded_on_usual_practice']}."
        )
    if checked.notes:
        lines += [f"Worth a look ({len(checked.notes)}), nothing is kept from being published by it:"]
        lines += map(str, checked.notes)
    return "\n".join(lines)


def _figures(summary: Mapping[str, Any]) -> Iterator[str]:
    yield f"{summary['id']}: no faults. {summary['modules']} modules, {summary['minutes']} minutes."
    for language, words in summary["words"].items():
        questions = summary["questions"][language]
        kinds, topics = (_list(questions[name]) for name in ("by_kind", "by_topic"))
        yield (
            f"  {language}: {words} words; {questions['test']} questions for the test, "
            f"{questions['self_check']} for self-checks, {questions['entry']} to ask before the course; "
            f"by kind: {kinds}; by topic: {topics}."
        )
    yield f"  {_list({name: summary[name] for name in COUNTED})}."
    test, entry = summary["test"], summary["entry"]
    before = f" Before the course {entry} questions are asked." if entry else ""
    yield f"  The test: {test['questions']} questions, {test['enough']} right ones are enough.{before}"


def _list(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())

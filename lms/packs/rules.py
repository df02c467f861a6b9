"""What the parts of a pack owe each other: pure decisions on plain data, faulty data read as far as it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lms.curriculum.outline import Outline

Where = tuple[str | int, ...]
ONCE = ("aim", "checklist", "sources")
"""Blocks that each module has exactly once."""


class Finding(NamedTuple):
    """Something wrong in `pack.yaml`: the place and a sentence."""

    where: Where
    sentence: str


def parts(data: Any, *names: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The (index, part) of a list under these keys; nothing where the shape is another."""
    for name in names:
        data = data.get(name) if isinstance(data, Mapping) else None
    for index, part in enumerate(data if isinstance(data, list) else []):
        if isinstance(part, Mapping):
            yield index, part


def ids(data: Any, name: str) -> list[str]:
    """The ids in a list of parts."""
    return [str(part.get("id")) for _index, part in parts(data, name)]


def find_pack_faults(data: Any, test_bank: Mapping[str, int], checks: Mapping[str, str]) -> list[Finding]:
    """Everything in `pack.yaml` that does not fit together, or does not fit the questions.

    `test_bank`: topic -> number of questions for the test. `checks`: id of each question -> its use.
    """
    return [
        *_repeated(data, "topics"),
        *_repeated(data, "modules"),
        *_topics(data),
        *_self_checks(data, checks),
        *_blueprint(data, test_bank),
        *_minimums(data),
    ]


def _repeated(data: Any, name: str) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, part in parts(data, name):
        key = str(part.get("id"))
        if key in seen:
            yield Finding((name, index, "id"), f"the id '{key}' stands twice in {name}; make each one different")
        seen[key] = index


def _topics(data: Any) -> Iterator[Finding]:
    modules = ids(data, "modules")
    for index, topic in parts(data, "topics"):
        if "module" in topic and topic["module"] not in modules:
            said = f"there is no module '{topic['module']}'; use one of: {', '.join(modules)}"
            yield Finding(("topics", index, "module"), said)


def _self_checks(data: Any, checks: Mapping[str, str]) -> Iterator[Finding]:
    used: Counter[str] = Counter()
    for index, module in parts(data, "modules"):
        named = module.get("self_check")
        for place, key in enumerate(named if isinstance(named, list) else []):
            where = ("modules", index, "self_check", place)
            used[str(key)] += 1
            if key not in checks:
                yield Finding(where, f"there is no question '{key}'; write it or mend the id")
            elif checks[key] != "self-check":
                yield Finding(where, f"question '{key}' is for the test; give it 'use: self-check' or name another")
            elif used[str(key)] > 1:
                yield Finding(where, f"question '{key}' is in a self-check already; name another")
    for key in sorted(set(checks) - set(used)):
        if checks[key] == "self-check":
            yield Finding(("modules",), f"question '{key}' is for a self-check, but no module names it")


def _blueprint(data: Any, test_bank: Mapping[str, int]) -> Iterator[Finding]:
    topics, seen = ids(data, "topics"), set[str]()
    for index, row in parts(data, "test", "blueprint"):
        topic, draw = row.get("topic"), row.get("draw")
        where: Where = ("test", "blueprint", index)
        if topic not in topics:
            yield Finding((*where, "topic"), f"there is no topic '{topic}'; use one of: {', '.join(topics)}")
            continue
        if topic in seen:
            yield Finding((*where, "topic"), f"topic '{topic}' is drawn twice; make it one line")
        seen.add(str(topic))
        has = test_bank.get(str(topic), 0)
        if isinstance(draw, int) and draw > has:
            said = f"the test draws {draw} questions on '{topic}', the bank has {has}; add questions or draw fewer"
            yield Finding((*where, "draw"), said)


def _minimums(data: Any) -> Iterator[Finding]:
    drawn = {str(row.get("topic")): row.get("draw") for _index, row in parts(data, "test", "blueprint")}
    for index, minimum in parts(data, "test", "minimums"):
        named, right = minimum.get("topics"), minimum.get("right")
        named = named if isinstance(named, list) else []
        for place, topic in enumerate(named):
            if topic not in drawn:
                where: Where = ("test", "minimums", index, "topics", place)
                yield Finding(where, f"topic '{topic}' has no question in the test; draw some or leave it out")
        draws = [drawn.get(str(topic)) for topic in named]
        total = sum(draw for draw in draws if isinstance(draw, int))
        if isinstance(right, int) and right > total:
            said = f"{right} right answers are asked for, but only {total} such questions are drawn"
            yield Finding(("test", "minimums", index, "right"), said)


def find_module_faults(outline: Outline) -> list[tuple[int, str]]:
    """What one module text lacks, as (line, sentence), beside what must not be in any text."""
    found = [(fault.line, fault.sentence) for fault in outline.faults]
    for block in ONCE:
        if outline.blocks[block] != 1:
            found.append((1, f"'::: {block}' stands {outline.blocks[block]} times; a module has it exactly once"))
    if not outline.tables and not outline.figures:
        found.append((1, "there is no table and no figure; a module has at least one"))
    if not outline.words:
        found.append((1, "there are no words in this text; write it"))
    return found


def find_differences(shapes: Mapping[str, Mapping[str, int]], first: str) -> list[tuple[str, str]]:
    """Where texts of one module differ in make-up from the text in the `first` language: (language, sentence)."""
    found: list[tuple[str, str]] = []
    for language, shape in shapes.items():
        for name, count in shape.items():
            expected = shapes[first][name]
            if count != expected:
                said = f"{name}: {count} here, {expected} in '{first}'; both languages must be built alike"
                found.append((language, said))
    return found


def repeated_questions(places: Sequence[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Questions whose id was used before: (index, id, where it was first). `places`: (id, where) of each question."""
    first: dict[str, str] = {}
    found: list[tuple[int, str, str]] = []
    for index, (key, where) in enumerate(places):
        if key in first:
            found.append((index, key, first[key]))
        first.setdefault(key, where)
    return found

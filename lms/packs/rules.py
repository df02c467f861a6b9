"""What the parts of a pack owe each other: pure decisions on plain data, faulty data read as far as it goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from lms.curriculum.outline import Outline
from lms.curriculum.settings import DIFFICULTIES
from lms.questions.uses import Use

Where = tuple[str | int, ...]
ONCE = ("aim", "checklist")
"""Blocks that each module has exactly once."""
BANK_TIMES = 5
"""So many questions of a topic are in the bank for each that the test draws."""
MOST_UNEVEN = 1.4
"""The longest text of a module has at most so many times the words of the shortest."""


class Finding(NamedTuple):
    """Something wrong in `pack.yaml`: the place and a sentence."""

    where: Where
    sentence: str


class Bank(NamedTuple):
    """The questions of a pack: how many of each (use, topic), the use of each by its id, and how many of each (use,
    topic, difficulty)."""

    counts: Mapping[tuple[str, str], int]
    uses: Mapping[str, str]
    hard: Mapping[tuple[str, str, str], int] = MappingProxyType({})

    def size(self, use: Use, topic: object) -> int:
        """How many questions there are of this use on this topic."""
        return self.counts.get((use.value, str(topic)), 0)


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


def is_id(text: str) -> bool:
    """Whether this can be the id of a part."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,47}", text) is not None


def find_pack_faults(data: Any, bank: Bank) -> list[Finding]:
    """Everything in `pack.yaml` that does not fit together, or does not fit the questions."""
    return [
        *_repeated(data, "topics"),
        *_repeated(data, "modules"),
        *_repeated(data, "forms"),
        *_topics(data),
        *_self_checks(data, bank.uses),
        *_blueprint(data, bank, "test", Use.TEST, BANK_TIMES),
        *_blueprint(data, bank, "entry", Use.ENTRY, 1),
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


def _blueprint(data: Any, bank: Bank, name: str, use: Use, times: int) -> Iterator[Finding]:
    topics, seen = ids(data, "topics"), set[str]()
    for index, row in parts(data, name, "blueprint"):
        topic, draw = row.get("topic"), row.get("draw")
        where: Where = (name, "blueprint", index)
        if topic not in topics:
            yield Finding((*where, "topic"), f"there is no topic '{topic}'; use one of: {', '.join(topics)}")
            continue
        if topic in seen:
            yield Finding((*where, "topic"), f"topic '{topic}' is drawn twice; make it one line")
        seen.add(str(topic))
        has = bank.size(use, topic)
        if isinstance(draw, int) and has < draw * times:
            said = f"the {name} draws {draw} questions on '{topic}', the bank has {has}; have at least {draw * times}"
            yield Finding((*where, "draw"), said)
        yield from _quotas(row, where, bank, use)


def _quotas(row: Mapping[str, Any], where: Where, bank: Bank, use: Use) -> Iterator[Finding]:
    for difficulty in DIFFICULTIES:
        wanted, has = row.get(difficulty), bank.hard.get((use.value, str(row.get("topic")), difficulty), 0)
        if isinstance(wanted, int) and has < wanted:
            said = f"{wanted} questions are to be {difficulty}, the bank has {has} on '{row.get('topic')}'; write more"
            yield Finding((*where, difficulty), said)


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
    found: list[tuple[int, str]] = []
    for block in ONCE:
        if outline.blocks[block] != 1:
            found.append((1, f"'::: {block}' stands {outline.blocks[block]} times; a module has it exactly once"))
    if not outline.tables and not outline.figures and not outline.drawings:
        found.append((1, "there is no table and no figure; a module has at least one"))
    if not outline.words:
        found.append((1, "there are no words in this text; write it"))
    for heading in outline.unmarked:
        said = f"the section '{heading.words}' has no source mark; put one after a statement, as in [^law:40]"
        found.append((heading.line, said))
    return found


def find_form_faults(outline: Outline) -> list[tuple[int, str]]:
    """What the text of a training form lacks, as (line, sentence), beside what must not be in any text."""
    found = [(1, "there are no words in this form; write it")] if not outline.words else []
    if not outline.tables:
        found.append((1, "there is no table; a form has its fields as rows of a table"))
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


def find_drift(places: Mapping[str, Mapping[str, Counter[str]]], first: str) -> list[tuple[str, str]]:
    """Where texts of one module name other things than the text in the `first` language: (language, sentence).
    Sections are compared only where there are equally many."""
    found: list[tuple[str, str]] = []
    for language, own in places.items():
        if len(own) != len(places[first]):
            continue
        for name, things in own.items():
            said = [f"'{thing}' is missing" for thing in sorted(places[first][name] - things)]
            said += [f"'{thing}' is not in '{first}'" for thing in sorted(things - places[first][name])]
            if said:
                found.append((language, f"{name}: {', '.join(said)}; both languages must be built alike"))
    return found


def find_uneven(words: Mapping[str, int]) -> list[tuple[str, str]]:
    """The shortest text of a module when it is much shorter than the longest: (language, sentence)."""
    longest, shortest = max(words, key=words.__getitem__), min(words, key=words.__getitem__)
    if words[longest] <= words[shortest] * MOST_UNEVEN:
        return []
    more = f"{words[shortest]} words here, {words[longest]} in '{longest}', more than 40 % longer"
    return [(shortest, f"{more}; one of them says less than the other")]

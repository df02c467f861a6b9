"""Checking the questions of a pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lms.curriculum.grounds import find_source_faults, is_usual, marks_in
from lms.packs import rules
from lms.packs.parts import Found, Ground, check_repeated, read_folder
from lms.packs.rules import Bank
from lms.questions.rules import find_question_faults
from lms.questions.uses import Difficulty, Use

QUESTION = "question"


def check_questions(ground: Ground, sources: Mapping[str, str]) -> list[Found[Any]]:
    """Every question of the pack as it is written, with its faults added. `sources`: id -> how well it is known."""
    questions = read_folder(ground, "questions", QUESTION)
    topics = rules.ids(ground.pack.data, "topics")
    for found in questions:
        _check_question(ground, found, topics)
        ground.faults.extend(
            found.fault(("source", place), f"question {found.key}: {sentence}")
            for place, sentence in find_source_faults(found.raw, sources, graded=_is_graded(found))
        )
    check_repeated(ground, questions, QUESTION)
    return questions


def bank_of(questions: Sequence[Found[Any]]) -> Bank:
    """How many questions there are of each use and topic, and the use of each by its id."""
    counts = Counter((str(found.raw.get("use")), str(found.raw.get("topic"))) for found in questions)
    hard = Counter(
        (str(found.raw.get("use")), str(found.raw.get("topic")), str(found.raw.get("difficulty", Difficulty.MEDIUM)))
        for found in questions
    )
    return Bank(counts, {found.key: str(found.raw.get("use")) for found in questions}, hard)


def count_weak(questions: Sequence[Found[Any]], sources: Mapping[str, str]) -> dict[str, int]:
    """How many questions name no source, and how many graded ones rest on usual practice."""
    marks = [(found, marks_in(found.raw)) for found in questions]
    return {
        "sources_missing": sum(not named for _found, named in marks),
        "graded_on_usual_practice": sum(
            _is_graded(found) and any(is_usual(mark, sources) for mark in named) for found, named in marks
        ),
    }


def _is_graded(found: Found[Any]) -> bool:
    return found.raw.get("use") == Use.TEST


def _check_question(ground: Ground, found: Found[Any], topics: Sequence[str]) -> None:
    for fault in find_question_faults(found.raw, ground.languages):
        ground.faults.append(found.fault(fault.path, f"question {found.key}: {fault.sentence}"))
    topic = found.raw.get("topic")
    if isinstance(topic, str) and topic not in topics:
        sentence = f"question {found.key}: there is no topic '{topic}' in pack.yaml; mend it or add the topic"
        ground.faults.append(found.fault(("topic",), sentence))

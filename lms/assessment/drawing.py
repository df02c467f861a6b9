"""Draw the questions of one paper, and the order of their parts: for the screen and for print alike."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from random import Random
from typing import TypedDict

from lms.assessment import queries, rules
from lms.assessment.rules import Seen
from lms.core import clock
from lms.curriculum.queries import find_exposure
from lms.curriculum.settings import Draw, TestSettings
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import Order
from lms.questions.models import QuestionVersion
from lms.questions.shelf import get_question_version
from lms.questions.uses import Use


class Drawn(TypedDict):
    """One question of a paper, as it is kept."""

    position: int
    question_version_id: int
    topic: str
    order: Order


def draw_questions(version_id: int, blueprint: Sequence[Draw], use: Use, seen: Seen) -> list[Drawn]:
    """The questions of one paper of a course version, in order: nothing withdrawn or out of its days, rather what few
    have seen. PoolTooSmall when a topic has fewer questions than are drawn of it."""
    rng = Random(secrets.randbits(128))  # noqa: S311 - a paper, not a secret
    withdrawn = queries.list_withdrawn(version_id)
    pool = rules.usable(blueprint, queries.list_pool(version_id, use), withdrawn, clock.today())
    return [
        Drawn(
            position=position,
            question_version_id=candidate.version_id,
            topic=candidate.topic,
            order=_shuffle(get_question_version(candidate.version_id), rng),
        )
        for position, candidate in enumerate(rules.draw(blueprint, pool, rng, seen), start=1)
    ]


def seen_by(version_id: int, settings: TestSettings, before: Collection[int]) -> Seen:
    """What is known of who saw which questions of a course version; `before`: those that this person has met."""
    exposure = find_exposure(version_id)
    if exposure is None:
        return Seen(before, most_percent=settings.most_seen_percent)
    counts = {int(question): papers for question, papers in exposure.counts.items()}
    return Seen(before, counts, exposure.papers, settings.most_seen_percent)


def _shuffle(question: QuestionVersion, rng: Random) -> Order:
    return get_kind(question.kind).rules.shuffle(question.body, rng)

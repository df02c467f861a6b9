"""Pages of a test as plain data for the templates."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from lms.assessment import permissions, queries, rules, words
from lms.assessment.grading import Effect, Ruled, credit_of
from lms.assessment.helping import list_in_force, with_extra
from lms.assessment.late import find_late
from lms.assessment.models import Attempt, QuestionRuling
from lms.assessment.papers import Asked, list_asked
from lms.assessment.queries import NONE_YET, Answer
from lms.assessment.receipts import find_received
from lms.assessment.rules import Chance, State, TopicMark
from lms.assessment.sent import prefix_of
from lms.assessment.web import left_of, script_data
from lms.commissions.identity import current_scope
from lms.core import clock
from lms.core.web.languages import _, current_language
from lms.curriculum.models import Module
from lms.curriculum.words import source_lines, title_of
from lms.learning.models import Enrolment
from lms.questions.kinds.shapes import Response, points_of
from lms.questions.showing import Explained, Shown, explain, right_words, show


@dataclass(frozen=True)
class Place:
    """One place of a paper: its number, its topic's title, whether it is answered, and whether in all its parts."""

    position: int
    topic: str
    given: bool
    whole: bool

    @property
    def state(self) -> str:
        """How it stands, in words."""
        return _("answered") if self.whole else _("answered in part") if self.given else _("no answer yet")


@dataclass(frozen=True)
class RoomCode:
    """The field for the code of a room: what was typed into it, and what is wrong with that."""

    typed: str = ""
    fault: str = ""


@dataclass(frozen=True)
class TopicResult:
    """One topic of a result; `module` is there when it should be read again."""

    title: str
    mark: TopicMark
    module: Module | None


@dataclass(frozen=True)
class Compared:
    """One topic before the course and now."""

    title: str
    before: TopicMark
    now: TopicMark


@dataclass(frozen=True)
class Least:
    """A minimum over some topics, by title; `points` is what was reached."""

    titles: str
    needed: int
    points: Decimal = Decimal(0)


def start_page(
    enrolment: Enrolment, attempts: Sequence[Attempt], chance: Chance, typed: RoomCode | None = None
) -> dict[str, Any]:
    """What comes: the settings of the test in words, attempts so far, and the one that is going on. `typed`: a code of
    a room that did not open it."""
    settings = with_extra(enrolment)
    titles = topic_titles(enrolment.version_id)
    zone = queries.find_zone(current_scope())
    going_on = queries.find_open(attempts)
    asks = typed is not None or permissions.may_begin_in_room(enrolment, chance)
    return {
        "enrolment": enrolment,
        "zone": zone,
        "hindrance": permissions.say_hindrance(chance, zone),
        "room": (typed or RoomCode()) if asks else None,
        "settings": settings,
        "parts": [(titles.get(part.topic, part.topic), part.draw) for part in settings.blueprint],
        "minimums": [Least(join_titles(part.topics, titles), part.right) for part in settings.minimums],
        "chance": chance,
        "longer": words.time_words(settings),
        "helps": list_helps(enrolment),
        "ways": permissions.say_ways(enrolment, chance),
        "ended": [attempt for attempt in attempts if attempt.state != State.OPEN],
        "going_on": going_on,
        "script": {**script_data(going_on), "open": False} if going_on else None,
    }


def list_helps(enrolment: Enrolment) -> str:
    """What is made ready for the learner beside time, in one line; empty when nothing is."""
    zone = queries.find_zone(current_scope())
    given = list_in_force(enrolment.person_id, enrolment.campaign_id, clock.today(zone))
    codes = dict.fromkeys(code for one in given for code in one.helps)
    return ", ".join(str(words.HELPS[code]) for code in codes if code in words.HELPS)


def compare(enrolment_id: int, now: Sequence[TopicMark], titles: Mapping[str, str]) -> list[Compared]:
    """Topic by topic, what the learner knew before the course and knows now; nothing when it was not asked before."""
    entry = queries.find_entry(enrolment_id)
    if entry is None or entry.state == State.OPEN:
        return []
    before = {mark.topic: mark for mark in rules.count_by_topic(queries.list_marks(entry.id))}
    return [Compared(titles.get(mark.topic, ""), before[mark.topic], mark) for mark in now if mark.topic in before]


def topic_titles(version_id: int) -> dict[str, str]:
    """The titles of a course version's topics by code, in the reader's language."""
    return {code: title_of(topic) for code, topic in queries.list_topics(version_id).items()}


def join_titles(topics: Iterable[str], titles: Mapping[str, str]) -> str:
    """Several topics by title, each in quotation marks."""
    return ", ".join(_("“%(title)s”", title=titles[topic]) for topic in topics if topic in titles)


def question_page(
    attempt: Attempt,
    asked: Asked,
    *,
    response: Response | None = None,
    error: str = "",
    other: Answer | None = None,
) -> dict[str, Any]:
    """A question to answer: with the answer that counts, or with what was typed (`response`) and why it was not saved:
    an `error`, or an `other` answer that was given meanwhile."""
    answers = queries.list_answers(attempt.id)
    current = other or answers.get(asked.position, NONE_YET)
    places = list_places(attempt, answers)
    place = places[asked.position - 1]
    return {
        "attempt": attempt,
        "position": asked.position,
        "is_large": bool(attempt.settings.get("large")),
        "topic": place.topic,
        "shown": show_asked(asked, current.response if response is None else response, error),
        "places": places,
        "client": f"form-{secrets.token_hex(8)}",
        "base": current.revision,
        "saved": response is None and current.revision > 0,
        "is_part": place.given and not place.whole,
        "other": describe(asked, other.response) if other else None,
        "left": left_of(attempt),
        "script": script_data(attempt, position=asked.position, revision=current.revision),
    }


def list_places(attempt: Attempt, answers: Mapping[int, Answer]) -> list[Place]:
    """Every place of the paper, in order."""
    titles, places = topic_titles(attempt.version_id), []
    for asked in list_asked(attempt.id):
        said = answers.get(asked.position, NONE_YET).response
        places.append(Place(asked.position, titles.get(asked.topic, ""), bool(said), asked.is_whole(said)))
    return places


def show_asked(asked: Asked, response: Response, error: str = "") -> Shown:
    """A question of the paper in the reader's language, as its template wants it."""
    return show(
        asked.question.kind,
        asked.question.body,
        language=current_language(),
        order=asked.order,
        response=response,
        prefix=prefix_of(asked.position),
        error=error,
    )


def describe(asked: Asked, response: Response) -> list[str]:
    """An answer in words; empty when it was taken back."""
    return asked.describe(response, current_language())


def result_page(attempt: Attempt, attempts: Sequence[Attempt]) -> dict[str, Any]:
    """What one of the attempts came to, by topic, with what to read again; explanations only when none is left to
    take."""
    settings = queries.settings_of(attempt)
    marks = rules.count_by_topic(queries.list_marks(attempt.id))
    outcome = rules.result(marks, settings)
    topics = queries.list_topics(attempt.version_id)
    modules = queries.list_modules(attempt.version_id)
    titles = {code: title_of(topic) for code, topic in topics.items()}
    results = []
    for mark in marks:
        again = topics.get(mark.topic) if mark.topic in outcome.read_again else None
        module = modules.get(again.module_code) if again else None
        results.append(TopicResult(titles.get(mark.topic, ""), mark, module))
    shortfalls = [
        Least(join_titles(part.topics, titles), part.needed, points_of(part.credit)) for part in outcome.shortfalls
    ]
    earlier = [queries.as_earlier(found) for found in attempts]
    review = rules.may_review(earlier, settings, queries.count_granted(attempt.enrolment_id))
    late = find_late(attempt)
    return {
        "attempt": attempt,
        "zone": queries.find_zone(current_scope()),
        "outcome": outcome,
        "results": results,
        "shortfalls": shortfalls,
        "compared": compare(attempt.enrolment_id, marks, titles),
        "receipt": find_received(attempt),
        "paper": settings.paper,
        "late_waits": late.answers if late else 0,
        "explained": explain_paper(attempt) if review else [],
        "script": script_data(attempt),
    }


def explain_paper(attempt: Attempt) -> list[Explained]:
    """What was answered at each place, what is right, and why."""
    answers = queries.list_counted(attempt.id)
    paper = list_asked(attempt.id)
    rulings = queries.list_in_force([asked.version_id for asked in paper])
    return [
        _explain(attempt, asked, answers.get(asked.position, NONE_YET).response, rulings.get(asked.version_id))
        for asked in paper
    ]


def _explain(attempt: Attempt, asked: Asked, response: Response, ruling: QuestionRuling | None) -> Explained:
    """One answer, as it is marked: by a ruling where one is in force."""
    by_other_key = ruling is not None and ruling.effect == Effect.KEY
    told = explain(
        asked.question.kind,
        (ruling.body or {}) if ruling is not None and by_other_key else asked.question.body,
        response,
        language=current_language(),
        order=asked.order,
        sources=source_lines(attempt.version_id, asked.question.source),
    )
    if ruling is None:
        return told
    credit = credit_of(asked, response, Ruled(ruling.effect, ruling.body))
    said = _("A ruling counts for this question: %(reason)s", reason=ruling.reason)
    return replace(told, credit=credit or 0, left_out=credit is None, ruled=said, also=_right_too(asked, ruling))


def _right_too(asked: Asked, ruling: QuestionRuling) -> list[str]:
    """What is right beside the key of the question, by a ruling that says so."""
    if ruling.effect != Effect.ALSO or ruling.body is None:
        return []
    return right_words(asked.question.kind, ruling.body, language=current_language(), order=asked.order)

"""Search the papers of a course version for signs (see `integrity`), and keep those that are new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select

from lms.assessment.models import Attempt
from lms.commissions.models import Appointment
from lms.core import clock
from lms.core.database.base import db
from lms.core.database.bulk import insert_many
from lms.core.jobs.queue import Progress
from lms.fairness import integrity, reading
from lms.fairness.integrity import Kind
from lms.fairness.models import IntegritySign
from lms.fairness.reading import Paper
from lms.fairness.rules import WHOLE
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.models import QuestionVersion

ONLY_CLIENTS_OF_MANY = 50
"""A client that so many papers name is no page's, but of a tool that brought them in."""


@dataclass(frozen=True)
class Found:
    """A sign that was found."""

    kind: Kind
    attempt_id: int
    other_attempt_id: int | None
    seen: dict[str, Any]


@dataclass
class Gathered:
    """What the papers tell, as little of it as the search needs."""

    people: dict[int, int] = field(default_factory=dict)
    """Attempt -> person."""
    wrongs: dict[int, dict[int, int]] = field(default_factory=dict)
    """Attempt -> question -> number of its wrong answer."""
    spread: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    numbers: dict[str, int] = field(default_factory=dict)
    """A wrong answer in JSON -> its number."""
    clients: dict[str, list[int]] = field(default_factory=dict)
    paces: list[Found] = field(default_factory=list)

    def add(self, paper: Paper, words: Mapping[int, int]) -> None:
        """Take in one paper. `words`: of each question."""
        self.people[paper.attempt_id] = paper.person_id
        wrongs = {}
        for place in paper.places:
            if place.credit < WHOLE and place.said:
                number = self.numbers.setdefault(place.said, len(self.numbers))
                wrongs[place.question] = number
                self.spread[place.question][number] += 1
        if len(wrongs) >= integrity.LEAST_SAME:
            self.wrongs[paper.attempt_id] = wrongs
        for client in paper.clients:
            self.clients.setdefault(client, []).append(paper.attempt_id)
        pace = integrity.find_pace(
            seconds=paper.seconds_at_it,
            words=sum(words.get(place.question, 0) for place in paper.places),
            answered=sum(bool(place.said) for place in paper.places),
            share=sum(place.credit for place in paper.places) / WHOLE / max(1, len(paper.places)),
        )
        if pace is not None:
            self.paces.append(Found(Kind.PACE, paper.attempt_id, None, asdict(pace)))


def search(version_id: int, progress: Progress) -> tuple[list[Found], dict[str, int]]:
    """Every sign, and how many papers and pairs were looked at."""
    words = count_words(version_id)
    gathered = Gathered()
    for paper in reading.stream_papers(version_id, progress):
        gathered.add(paper, words)
    seats = list_seats()
    groups: dict[int, list[tuple[int, int, Mapping[int, int]]]] = defaultdict(list)
    for attempt_id, wrongs in gathered.wrongs.items():
        person = gathered.people[attempt_id]
        if person in seats:
            groups[seats[person]].append((attempt_id, person, wrongs))
    pairs, compared = integrity.find_pairs(groups.values(), integrity.chances_of(gathered.spread))
    similar = [
        Found(
            Kind.SIMILAR,
            pair.first,
            pair.second,
            {k: v for k, v in asdict(pair).items() if k not in ("first", "second")},
        )
        for pair in pairs
    ]
    shared = [
        Found(Kind.SAME_CLIENT, first, second, {})
        for first, second in integrity.find_shared(_papers_by_client(gathered))
    ]
    found = [*gathered.paces, *similar, *shared]
    return found, {"papers": len(gathered.people), "pairs": compared, "signs": len(found)}


def _papers_by_client(gathered: Gathered) -> Iterator[tuple[int, int, Sequence[str]]]:
    for client, papers in gathered.clients.items():
        if 1 < len(papers) < ONLY_CLIENTS_OF_MANY:
            for attempt_id in papers:
                yield attempt_id, gathered.people[attempt_id], (client,)


def count_words(version_id: int) -> dict[int, int]:
    """How many words each question of the tests of a course version has, in the language where it has the fewest."""
    ids = reading.count_facilities(version_id)
    questions = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(ids)))
    return {one.id: min(len(list(_texts(one.body, language))) for language in LANGUAGES) for one in questions}


def _texts(part: Any, language: str) -> Iterator[str]:
    """The words that are read when a question is answered: its text and its parts, not its explanation."""
    if isinstance(part, Mapping):
        if isinstance(part.get(language), str):
            yield from part[language].split()
            return
        for name, value in part.items():
            if name not in ("explanation", "reply"):
                yield from _texts(value, language)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value, language)


def list_seats() -> dict[int, int]:
    """Where everybody sits now: person -> commission."""
    rows = db.session.execute(
        select(Appointment.person_id, Appointment.commission_id).where(Appointment.ends_on.is_(None))
    )
    return dict(rows.tuples().all())


def keep(version_id: int, found: Sequence[Found]) -> int:
    """Keep the signs that were not known; how many those are. What was judged before stays as it was."""
    known = {
        tuple(row)
        for row in db.session.execute(
            select(IntegritySign.kind, IntegritySign.attempt_id, IntegritySign.other_attempt_id).where(
                IntegritySign.version_id == version_id
            )
        )
    }
    seats, people = list_seats(), _people_of([one.attempt_id for one in found])
    new = [one for one in found if (one.kind, one.attempt_id, one.other_attempt_id) not in known]
    insert_many(
        IntegritySign,
        [
            {
                "version_id": version_id,
                "kind": one.kind,
                "attempt_id": one.attempt_id,
                "other_attempt_id": one.other_attempt_id,
                "commission_id": seats.get(people[one.attempt_id]),
                "seen": one.seen,
                "found_at": clock.now(),
            }
            for one in new
        ],
    )
    return len(new)


def _people_of(attempt_ids: Sequence[int]) -> dict[int, int]:
    people: dict[int, int] = {}
    for start in range(0, len(attempt_ids), 500):
        part = attempt_ids[start : start + 500]
        people.update(
            (attempt_id, person)
            for attempt_id, person in db.session.execute(
                select(Attempt.id, Attempt.person_id).where(Attempt.id.in_(part))
            )
        )
    return people

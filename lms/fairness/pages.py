"""Pages of fairness as plain data for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from lms.assessment.grading import Effect
from lms.assessment.models import Attempt, QuestionRuling
from lms.assessment.papers import Asked, list_asked
from lms.core.web.languages import NAMES, _, current_language
from lms.fairness import queries, words
from lms.fairness.keys import may_have_another_key
from lms.fairness.models import Analysis, Dispute
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import Response, pick
from lms.questions.models import QuestionVersion
from lms.questions.showing import Shown, right_words, show

KEY_PREFIX = "key-"
"""Before the names of the fields in which another key is given."""


@dataclass(frozen=True)
class Row:
    """One question in the table of an analysis."""

    id: int
    code: str
    version: int
    title: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class OwnQuestion:
    """A question on the learner's own paper, with what they said of it and what was ruled."""

    position: int
    lines: Sequence[str]
    given: Sequence[str]
    disputes: Sequence[Dispute]

    @property
    def waits(self) -> bool:
        """Whether a dispute about it waits for a ruling."""
        return any(one.ruling_id is None for one in self.disputes)


def list_rows(analysis: Analysis) -> list[Row]:
    """The questions of an analysis: the doubtful ones first, those with most doubts on top."""
    figures = analysis.figures.get("questions", [])
    known = queries.list_questions([one["question"] for one in figures])
    rows = [
        Row(version.id, code, version.number, title_of_question(version), one)
        for one in figures
        for version, code in [known[one["question"]]]
    ]
    return sorted(rows, key=lambda row: (-_weight(row.figures["doubts"]), row.code))


def _weight(doubts: Mapping[str, Any]) -> int:
    """A key in doubt weighs more than an option that nobody chooses."""
    return sum({"key": 8, "negative": 4, "language": 4, "weak": 2, "hard": 2}.get(doubt, 1) for doubt in doubts)


def title_of_question(question: QuestionVersion) -> str:
    """The first line of a question in the reader's language."""
    return lines_of_question(question)[0]


def lines_of_question(question: QuestionVersion) -> list[str]:
    """A question in words, in the reader's language; where a learner fills something in, a line."""
    return get_kind(question.kind).read(question.body, current_language())


def options_of(question: QuestionVersion) -> dict[str, str]:
    """The texts of the options of a question by their names; of answers without options, in words."""
    kind, language = get_kind(question.kind), current_language()
    if question.kind == "true-false":
        return {one: kind.rules.describe(question.body, {"choice": one}, language)[0] for one in ("true", "false")}
    return {str(part["id"]): pick(part["text"], language) for part in question.body.get("options", [])}


def question_page(question: QuestionVersion, response: Response | None = None, page: int = 1) -> dict[str, Any]:
    """A question with its figures, what learners say of it, the rulings on it, and the form for one."""
    found = queries.find_figures(question.id)
    figures: dict[str, Any] = found[1] if found else {}
    options = options_of(question)
    rulings = queries.list_rulings_on(question.id)
    return {
        "question": question,
        "code": queries.list_questions([question.id])[question.id][1],
        "lines": lines_of_question(question),
        "right": right_words(question.kind, question.body, language=current_language()),
        "analysis": found[0] if found else None,
        "figures": figures,
        "doubts": [
            words.doubt_sentence(doubt, about, figures, options) for doubt, about in figures.get("doubts", {}).items()
        ],
        "chosen": [{**one, "text": options.get(one["name"], one["name"])} for one in figures.get("chosen", [])],
        "spoken": [(NAMES.get(language, language), said) for language, said in figures.get("languages", {}).items()],
        "disputes": queries.list_disputes_of(question.id, page),
        "page": page,
        "last": -(-queries.count_disputes_of(question.id) // queries.PAGE),
        "address": lambda n: url_for("fairness.question", question_id=question.id, page=n),
        "rulings": rulings,
        "may_be_ruled": not any(is_pending(one) for one in rulings),
        "key": show_key(question, response),
    }


def ruled_right(ruling: QuestionRuling, question: QuestionVersion) -> list[str]:
    """What is right by a ruling that gives another key, in words; nothing by any other."""
    return right_words(question.kind, ruling.body, language=current_language()) if ruling.body else []


def is_pending(ruling: QuestionRuling) -> bool:
    """Whether a ruling waits or is in force."""
    return ruling.effect != Effect.STANDS and ruling.taken_back_at is None


def show_key(question: QuestionVersion, response: Response | None) -> Shown | None:
    """The question's own fields, in which another key is given; None for kinds that have none."""
    if not may_have_another_key(question.kind):
        return None
    return show(
        question.kind,
        question.body,
        language=current_language(),
        response=response,
        prefix=KEY_PREFIX,
        heading="h3",
    )


def own_page(attempt: Attempt, answers: Mapping[int, Response]) -> list[OwnQuestion]:
    """The questions of the learner's own paper, as they saw them."""
    paper = list_asked(attempt.id)
    disputes = queries.list_own_disputes(attempt.person_id, [asked.version_id for asked in paper])
    return [_own(asked, answers.get(asked.position, {}), disputes.get(asked.version_id, [])) for asked in paper]


def _own(asked: Asked, response: Response, disputes: Sequence[Dispute]) -> OwnQuestion:
    language = current_language()
    lines = get_kind(asked.question.kind).read(asked.body, language)
    return OwnQuestion(asked.position, lines, asked.describe(response, language) if response else [], disputes)


def ruled_words(ruling: QuestionRuling) -> str:
    """What became of a dispute, for the learner."""
    if ruling.effect == Effect.STANDS:
        return _("Not upheld: the question stands.")
    return _("Upheld. %(what)s.", what=words.effect_name(ruling.effect))

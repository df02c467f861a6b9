"""The two questions at the end of a module: shown, answered, explained. Nothing of it is kept or counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from lms.core.web.languages import _, current_language
from lms.curriculum.models import Module
from lms.curriculum.queries import list_self_check
from lms.curriculum.words import source_lines
from lms.questions.errors import BadResponse
from lms.questions.kinds.registry import get_kind
from lms.questions.kinds.shapes import Body, FormData, Order, Response
from lms.questions.models import QuestionVersion
from lms.questions.refusals import say_refusal
from lms.questions.rules import check_response
from lms.questions.showing import Explained, Shown, explain, show, steady_order


@dataclass(frozen=True)
class SelfCheck:
    """The self-check as its page shows it: questions to answer, or what came of the answers."""

    questions: list[Shown] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        """Whether every question was answered."""
        return bool(self.explained)

    @property
    def errors(self) -> list[Shown]:
        """The questions that still want something."""
        return [question for question in self.questions if question.error]


def unanswered(course: str, module: Module) -> SelfCheck:
    """The self-check before anything was answered."""
    return SelfCheck(questions=[_show(key, question) for key, question in list_self_check(course, module)])


def answered(course: str, module: Module, form: FormData) -> SelfCheck:
    """What came of the answers in the form; the questions again, with what was chosen, while one is open."""
    questions = list_self_check(course, module)
    responses = {key: _read(key, question, form) for key, question in questions}
    errors = {key: _fault(key, question, responses[key]) for key, question in questions}
    if any(errors.values()):
        return SelfCheck([_show(key, question, responses[key], errors[key]) for key, question in questions])
    language = current_language()
    return SelfCheck(
        explained=[
            explain(
                question.kind,
                question.body,
                responses[key],
                language=language,
                order=_order(key, question),
                sources=source_lines(module.version_id, question.source),
            )
            for key, question in questions
        ]
    )


def _read(key: str, question: QuestionVersion, form: FormData) -> Response | None:
    return get_kind(question.kind).form.parse_form(_body(key, question), form, f"{key}-")


def _fault(key: str, question: QuestionVersion, response: Response | None) -> str:
    if response is None:
        return _("Answer this question too.")
    try:
        check_response(question.kind, question.body, response, _order(key, question))
    except BadResponse as refusal:
        return say_refusal(refusal)
    if not get_kind(question.kind).rules.is_complete(_body(key, question), response):
        return _("Something is still empty here, or stands twice: answer every part.")
    return ""


def _order(key: str, question: QuestionVersion) -> Order:
    """The order, and the figures, of the page: always the same."""
    return steady_order(question.kind, question.body, seed=key)


def _body(key: str, question: QuestionVersion) -> Body:
    """The question as it stands on the page."""
    return get_kind(question.kind).resolve(question.body, _order(key, question))


def _show(key: str, question: QuestionVersion, response: Response | None = None, error: str = "") -> Shown:
    return show(
        question.kind,
        question.body,
        language=current_language(),
        order=_order(key, question),
        response=response,
        prefix=f"{key}-",
        heading="h3",
        error=error,
    )

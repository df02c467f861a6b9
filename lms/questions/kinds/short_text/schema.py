"""A short written answer: the shape of the question."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo

from lms.questions.kinds.shapes import LANGUAGES, QuestionBody


def check_answers(answers: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
    """The answers as they are; ValueError names the languages that have none or that the pack does not have."""
    wanted = (info.context or {}).get("languages", LANGUAGES)
    missing = [language for language in wanted if not answers.get(language)]
    unknown = [language for language in answers if language not in wanted]
    said = [f"there is no answer in {', '.join(missing)}; write at least one"] if missing else []
    said += [f"the language {', '.join(unknown)} is not one of the pack's"] if unknown else []
    if said:
        raise ValueError("; ".join(said))
    return answers


Written = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Answers = Annotated[dict[str, Annotated[list[Written], Field(max_length=12)]], AfterValidator(check_answers)]
"""Per language what may be written; the first is the one that is told afterwards."""


class ShortTextBody(QuestionBody):
    """Words to write. An answer in any language counts; `forgive` 1 forgives one wrong letter in each long word."""

    answers: Answers
    forgive: Literal[0, 1] = 0

"""What every kind of question shares: texts per language, the shape of a body, small readers of plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Annotated, Any, Literal, NamedTuple, Protocol, TypeGuard

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationInfo

from lms.core.text import plain as plain_text
from lms.core.text import tidy

LANGUAGES = ("kk", "ru", "en")
"""The languages a text must have when nothing else is said; also the order in which a missing one is replaced."""

Body = Mapping[str, Any]
"""A question as it is stored: its text, explanation and the part of its kind, all languages included."""

Response = Mapping[str, Any]
"""What a person answered, as it travels in JSON."""

Order = dict[str, list[str]]
"""In which order the parts of one question are shown on one paper: name of the list -> ids."""


WHOLE = 1000
"""The credit of an answer that is right in all its parts: credits are whole thousandths of one question."""


class Fault(NamedTuple):
    """One thing wrong with a question: where (keys and indexes from the question down) and a sentence."""

    path: tuple[str | int, ...]
    sentence: str


class Row(NamedTuple):
    """One line of what a result page tells: whether it was right (None: nothing was asked), the words, and a note."""

    right: bool | None
    words: str
    note: str = ""


class Section(NamedTuple):
    """What a result page tells of one answer of many parts, under a title."""

    title: str
    rows: list[Row]


class FormData(Protocol):
    """Anything that gives the values of a form field, such as the form of a request."""

    def getlist(self, key: str, /) -> list[str]:
        """All values sent under this name; an empty list when there is none."""
        ...


def check_languages(texts: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """The texts as they are; ValueError names the languages that are missing, empty or unknown."""
    wanted = (info.context or {}).get("languages", LANGUAGES)
    missing = [language for language in wanted if not texts.get(language, "").strip()]
    unknown = [language for language in texts if language not in wanted]
    said = [f"the text in {', '.join(missing)} is missing"] if missing else []
    said += [f"the language {', '.join(unknown)} is not one of the pack's"] if unknown else []
    if said:
        raise ValueError("; ".join(said))
    return texts


Texts = Annotated[dict[str, str], AfterValidator(check_languages)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]


class Part(BaseModel):
    """A piece of a pack: knows every key it may have and converts nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class QuestionBody(Part):
    """What every question says, whatever its kind."""

    text: Texts
    explanation: Texts


class Option(Part):
    """One answer to choose."""

    id: Key
    text: Texts
    right: bool = False


class InParts(QuestionBody):
    """A question whose answer has parts. `marking` "whole": all or nothing; "parts": each part has its share."""

    marking: Literal["whole", "parts"] = "whole"


def share(right: int, of: int) -> int:
    """The credit for so many right parts of so many, in thousandths of one question, rounded down; 0 for none."""
    return WHOLE * max(0, right) // of if of else 0


def in_parts(body: Body, right: int, of: int) -> int:
    """The credit of an answer of which so many parts are right: its share, or nothing where all must be right."""
    return share(right, of) if right == of or body.get("marking") == "parts" else 0


def points_of(credit: int) -> Decimal:
    """A credit in questions, to two places: 1500 is 1.5."""
    return (Decimal(credit) / WHOLE).quantize(Decimal("0.01"), ROUND_DOWN).normalize() if credit else Decimal(0)


def plain(points: Decimal) -> int | float:
    """Points as a number of JSON: whole ones as a whole number."""
    return int(points) if points == points.to_integral_value() else float(points)


def typed_in(form: FormData, name: str, longest: int) -> str:
    """What was typed into one field: on one line, without what cannot be seen, cut where it is too long."""
    seen = (sign for sign in tidy("".join(form.getlist(name)[:1])) if sign.isprintable())
    return "".join(seen)[:longest].strip()


def is_writing(value: object, longest: int) -> TypeGuard[str]:
    """Whether an answer is one line of visible signs that can be kept, not empty and not too long."""
    return (
        isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= longest and plain_text(value).isprintable()
    )


def paragraphs(text: str) -> list[str]:
    """The lines of a text, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def text_of(body: Body, language: str) -> list[str]:
    """The lines of the question's text in one language."""
    return paragraphs(pick(body["text"], language))


def as_written(body: Body, order: Mapping[str, list[str]]) -> Body:
    """The question as it is: for kinds that say the same on every paper."""
    return body


def tells_nothing(body: Body, response: Response, language: str) -> list[Section]:
    """No sections: for kinds whose answers are told in a few lines."""
    return []


def pick(texts: object, language: str) -> str:
    """The text in this language, else in the first language there is; an empty string when there is none."""
    if not isinstance(texts, Mapping):
        return ""
    for wanted in (language, *LANGUAGES, *texts):
        if texts.get(wanted):
            return str(texts[wanted])
    return ""


def parts_of(body: Body, name: str) -> list[Mapping[str, Any]]:
    """The list of parts under this name; what is not a part is left out, so faulty questions can be read too."""
    found = body.get(name)
    return [part for part in found if isinstance(part, Mapping)] if isinstance(found, Sequence) else []


def ids_of(body: Body, name: str) -> list[str]:
    """The ids of the parts under this name, in the order of the question."""
    return [str(part.get("id")) for part in parts_of(body, name)]


def by_id(body: Body, name: str, ids: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The parts with these ids, in this order; unknown ids are left out."""
    known = {str(part.get("id")): part for part in parts_of(body, name)}
    return (known[str(wanted)] for wanted in ids if str(wanted) in known)


def shown_ids(body: Body, name: str, order: Mapping[str, list[str]]) -> list[str]:
    """The ids in the paper's order; ids the paper does not name come last, as the question has them."""
    ids = ids_of(body, name)
    ordered = [wanted for wanted in order.get(name, []) if wanted in ids]
    return ordered + [wanted for wanted in ids if wanted not in ordered]


def repeated(body: Body, name: str, key: str = "id") -> list[Fault]:
    """A fault for each part that repeats the id, or another key, of an earlier one; what is empty repeats nothing."""
    seen: list[object] = []
    faults: list[Fault] = []
    for index, part in enumerate(parts_of(body, name)):
        value = part.get(key)
        if value and value in seen:
            said = f"the {key} '{value}'" if key == "id" else f"the text of '{key}'"
            faults.append(Fault((name, index, key), f"{said} stands twice in this question; make each one different"))
        seen.append(value)
    return faults

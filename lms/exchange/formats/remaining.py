"""What is left of a question in a format that holds one language and knows fewer things than we do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from lms.core.web.languages import NAMES, _
from lms.exchange.errors import CannotCarry
from lms.exchange.formats.making import exact, plain_number, tidy
from lms.exchange.formats.shapes import Raw, is_texts
from lms.exchange.naming import letters, mixed_letters
from lms.questions.kinds.shapes import LANGUAGES

PLACE = re.compile(r"\{\{\s*([a-z0-9-]+)\s*\}\}")
PARTS = {"options": ("text",), "choices": ("text",), "pairs": ("left", "right"), "items": ("text",)}
"""The lists of parts that a question may have, and the texts of each part."""


def in_language(raw: Raw, language: str) -> Raw:
    """The question in one language, its texts tidy; CannotCarry when a text is not there in it."""
    found: Raw = _in_language(raw, language, [*dict.fromkeys([*LANGUAGES, *raw["text"]])])
    return found


def _in_language(value: Any, language: str, languages: Sequence[str]) -> Any:
    if is_texts(value, languages):
        said = value.get(language)
        if not said:
            raise CannotCarry(
                _("It has no text in this language: %(language)s.", language=NAMES.get(language, language))
            )
        return {language: tidy(said) if isinstance(said, str) else [tidy(one) for one in said]}
    if isinstance(value, Mapping):
        return {key: _in_language(part, language, languages) for key, part in value.items()}
    return [_in_language(part, language, languages) for part in value] if isinstance(value, list) else value


def only(raw: Raw, keys: Collection[str]) -> Raw:
    """The question with these keys only."""
    return {key: value for key, value in raw.items() if key in keys}


def check_kind(raw: Raw, kinds: Collection[str]) -> None:
    """Raise CannotCarry when the format has no question of this kind."""
    if raw["kind"] not in kinds:
        raise CannotCarry(_("The format has no question of the kind '%(kind)s'.", kind=raw["kind"]))
    if "formula" in raw:
        raise CannotCarry(_("Its figures differ from paper to paper."))


def with_letters(raw: Raw) -> Raw:
    """The question with letters for the ids of its parts, as reading gives them where the format has no ids."""
    raw = dict(raw)
    for name, texts in PARTS.items():
        if name in raw:
            said = [next(iter(part[texts[0]].values())) for part in raw[name]]
            ids = mixed_letters(said) if name == "items" else letters(len(said))
            raw[name] = [{**part, "id": key} for part, key in zip(raw[name], ids, strict=True)]
    return raw


def without_zero(raw: Raw) -> Raw:
    """The question without what says nothing: a tolerance of zero; with numbers as they are read back."""
    raw = {key: value for key, value in raw.items() if not (key == "tolerance" and not value)}
    for key in ("answer", "tolerance"):
        if isinstance(raw.get(key), int | float) and not isinstance(raw[key], bool):
            raw[key] = plain_number(exact(raw[key]))
    return raw


def gaps_in_text(raw: Raw, language: str) -> list[Raw]:
    """The gaps in the order in which they stand in this language; without what says nothing."""
    order = PLACE.findall(raw["text"][language])
    gaps = sorted(raw["gaps"], key=lambda gap: order.index(gap["id"]))
    return [
        {key: without_zero(value) if key == "number" else value for key, value in gap.items() if key != "forgive"}
        for gap in gaps
    ]


def with_numbered_gaps(raw: Raw, language: str) -> Raw:
    """The question with its gaps named in the order in which they stand in this language: g1, g2, ..."""
    names: dict[str, str] = {}
    text = PLACE.sub(lambda found: f"{{{{{names.setdefault(found[1], f'g{len(names) + 1}')}}}}}", raw["text"][language])
    gaps = [{**with_letters(gap), "id": names[gap["id"]]} for gap in gaps_in_text(raw, language)]
    return {**raw, "text": {language: text}, "gaps": gaps}


def change_texts(raw: Raw, change: Callable[[str], str]) -> Raw:
    """The question with each of its texts changed."""

    def changed(value: Any) -> Any:
        if is_texts(value, LANGUAGES):
            return {key: change(text) for key, text in value.items()}
        if isinstance(value, Mapping):
            return {key: changed(part) for key, part in value.items()}
        return [changed(part) for part in value] if isinstance(value, list) else value

    return {key: changed(value) for key, value in raw.items()}

"""What is worth a look in a pack: words that the glossary avoids or misses, things that nothing leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lms.packs.checking_texts import Texts
from lms.packs.faults import PackFault
from lms.packs.parts import Found, Ground
from lms.packs.reading import Document
from lms.packs.schema import TermPart

PATTERN = re.IGNORECASE


def find_notes(
    ground: Ground, terms: Sequence[Found[TermPart]], modules: Texts, forms: Texts, figures: Sequence[str]
) -> list[PackFault]:
    """Every word to avoid with its place, every term that one language of a module lacks, every unused figure."""
    notes = [PackFault(*note) for note in _avoided(ground, terms)]
    notes += _missing(ground, terms, modules)
    for code in figures:
        if code not in modules.figures | forms.figures:
            path = ground.folder / "figures" / f"{code}.svg"
            notes.append(PackFault(path, 1, "this figure stands in no text; put it into one or remove it"))
    return notes


def _avoided(ground: Ground, terms: Sequence[Found[TermPart]]) -> Iterator[tuple[Path, int, str]]:
    """(file, line, sentence) of every word that the glossary avoids."""
    searched: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for found in terms:
        for language, patterns in found.part.avoid.items() if found.part else ():
            term = found.part.term.get(language, found.part.id) if found.part else ""
            searched.setdefault(language, []).extend((re.compile(pattern, PATTERN), term) for pattern in patterns)
    any_of = {
        language: re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _term in patterns), PATTERN)
        for language, patterns in searched.items()
        if patterns
    }
    for path, line, language, text in _everything_said(ground):
        if language in any_of and any_of[language].search(text):
            for pattern, term in searched[language]:
                if hit := pattern.search(text):
                    yield path, line, f"'{hit[0]}' is a word to avoid; the glossary says '{term}'"


def _everything_said(ground: Ground) -> Iterator[tuple[Path, int, str, str]]:
    """(file, line, language, words) of every text of the pack but the glossary itself."""
    for path in sorted([*ground.folder.glob("modules/*/*.md"), *ground.folder.glob("forms/*/*.md")]):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
            yield path, number, path.stem, line
    for document in (ground.pack, *ground.documents):
        if document.path.name != "glossary.yaml":
            yield from ((document.path, *said) for said in _said_in(document, document.data, (), ground.languages))


def _said_in(
    document: Document, data: Any, where: tuple[str | int, ...], languages: Sequence[str]
) -> Iterator[tuple[int, str, str]]:
    """(line, language, words) of every text in plain data: a mapping's value whose key is a language, and of
    answers that may be written the first, which is told afterwards."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in languages and isinstance(value, str):
                yield document.line_of((*where, key)), key, value
            elif key in languages and isinstance(value, list) and value and isinstance(value[0], str):
                yield document.line_of((*where, key, 0)), key, value[0]
            else:
                yield from _said_in(document, value, (*where, key), languages)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _said_in(document, value, (*where, index), languages)


def _missing(ground: Ground, terms: Sequence[Found[TermPart]], modules: Texts) -> Iterator[PackFault]:
    """A note for each module text that never says a term which another language of the module says."""
    for found in terms:
        if found.part is None:
            continue
        stems = {language: re.compile(stem, PATTERN) for language, stem in found.part.stem.items()}
        for module in dict.fromkeys(module for module, _language in modules.bodies):
            texts = {language: modules.bodies.get((module, language), "") for language in stems}
            said = {language for language, text in texts.items() if stems[language].search(text)}
            for language in sorted(set(stems) - said) if said else []:
                term = found.part.term.get(language, found.part.id)
                others = ", ".join(sorted(said))
                sentence = f"'{term}' is never said here, but in {others}; say the same thing in every language"
                yield PackFault(ground.folder / "modules" / module / f"{language}.md", 1, sentence)

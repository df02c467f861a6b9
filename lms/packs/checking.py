"""Checking a pack: every fault of every file, in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lms.curriculum.outline import read_outline
from lms.packs import rules
from lms.packs.content import Pack, tidy
from lms.packs.faults import PackFault
from lms.packs.reading import Document, read_text, read_yaml
from lms.packs.schema import PackFile
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.rules import faults_of, find_question_faults, load_question


@dataclass
class Checked:
    """What a check found: the faults, in order of files and lines, and the pack when there is none."""

    folder: Path
    faults: list[PackFault] = field(default_factory=list)
    pack: Pack | None = None


@dataclass(frozen=True)
class _Found:
    """A question as it stands in a file."""

    document: Document
    index: int
    raw: Mapping[str, Any]

    @property
    def key(self) -> str:
        return str(self.raw.get("id"))


def find_packs(folder: Path) -> list[Path]:
    """The folder itself when it holds a pack, else the packs directly inside it."""
    if (folder / "pack.yaml").exists():
        return [folder]
    return sorted(path.parent for path in folder.glob("*/pack.yaml"))


def check_pack(folder: Path) -> Checked:
    """Every fault of the pack in `folder`; the pack itself when it has none."""
    checked = Checked(folder)
    faults = checked.faults
    document = read_yaml(folder / "pack.yaml", faults)
    if document is None:
        return checked
    languages = _languages(document.data)
    file = _check_file(document, languages, faults)
    questions = _read_questions(folder / "questions", faults)
    for found in questions:
        _check_question(found, document, languages, faults)
    _check_repeated(questions, faults)
    faults += [document.fault(*finding) for finding in _cross_check(document, questions)]
    texts = _check_texts(folder / "modules", rules.ids(document.data, "modules"), languages, faults)
    faults[:] = sorted(set(faults))
    if not faults and file is not None:
        loaded = tuple(load_question(found.raw, languages) for found in questions)
        checked.pack = Pack(file=file, texts=texts, questions=loaded)
    return checked


def _languages(data: Any) -> Sequence[str]:
    said = data.get("languages") if isinstance(data, Mapping) else None
    if isinstance(said, list) and said and all(isinstance(language, str) for language in said):
        return said
    return LANGUAGES


def _check_file(document: Document, languages: Sequence[str], faults: list[PackFault]) -> PackFile | None:
    try:
        return PackFile.model_validate(document.data, context={"languages": languages})
    except ValidationError as error:
        faults += [document.fault(found.path, found.sentence) for found in faults_of(error)]
    return None


def _read_questions(folder: Path, faults: list[PackFault]) -> list[_Found]:
    found: list[_Found] = []
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in paths:
        if path.suffix != ".yaml":
            faults.append(PackFault(path, 1, "this file is not read; question files end in .yaml"))
            continue
        document = read_yaml(path, faults)
        if document is None:
            continue
        if not isinstance(document.data, list):
            faults.append(PackFault(path, 1, "a file of questions is a list; begin each question with '- id:'"))
            continue
        for index, raw in enumerate(document.data):
            if isinstance(raw, Mapping):
                found.append(_Found(document, index, raw))
            else:
                faults.append(document.fault((index,), "this is not a question; it needs keys such as 'id' and 'kind'"))
    return found


def _check_question(found: _Found, pack: Document, languages: Sequence[str], faults: list[PackFault]) -> None:
    for fault in find_question_faults(found.raw, languages):
        sentence = f"question {found.key}: {fault.sentence}"
        faults.append(found.document.fault((found.index, *fault.path), sentence))
    topic = found.raw.get("topic")
    if isinstance(topic, str) and topic not in rules.ids(pack.data, "topics"):
        sentence = f"question {found.key}: there is no topic '{topic}' in pack.yaml; mend it or add the topic"
        faults.append(found.document.fault((found.index, "topic"), sentence))


def _check_repeated(questions: list[_Found], faults: list[PackFault]) -> None:
    named = [found for found in questions if found.raw.get("id")]
    places = [(f.key, f"{f.document.path.name}:{f.document.line_of((f.index, 'id'))}") for f in named]
    for index, key, first in rules.repeated_questions(places):
        found = named[index]
        sentence = f"question {key}: this id is used already in {first}; make each one different"
        faults.append(found.document.fault((found.index, "id"), sentence))


def _cross_check(pack: Document, questions: list[_Found]) -> list[rules.Finding]:
    bank = Counter(str(found.raw.get("topic")) for found in questions if found.raw.get("use") == "test")
    uses = {found.key: str(found.raw.get("use")) for found in questions}
    return rules.find_pack_faults(pack.data, bank, uses)


def _check_texts(
    folder: Path, modules: Sequence[str], languages: Sequence[str], faults: list[PackFault]
) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    expected = {folder / module / f"{language}.md" for module in modules for language in languages}
    for path in sorted(path for path in folder.glob("**/*") if path.is_file() and path not in expected):
        faults.append(PackFault(path, 1, "this file belongs to no module and language of pack.yaml; remove or name it"))
    for module in dict.fromkeys(modules):
        outlines = {}
        for language in languages:
            path = folder / module / f"{language}.md"
            text = read_text(path, faults)
            if text is None:
                continue
            texts[module, language] = tidy(text)
            outlines[language] = read_outline(text)
            faults += [PackFault(path, *found) for found in rules.find_module_faults(outlines[language])]
        if outlines:
            shapes = {language: outline.shape for language, outline in outlines.items()}
            for language, sentence in rules.find_differences(shapes, next(iter(shapes))):
                faults.append(PackFault(folder / module / f"{language}.md", 1, sentence))
    return texts

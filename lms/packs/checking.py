"""Checking a pack: every fault of every file, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lms.packs import rules
from lms.packs.checking_materials import Figures, check_cases, check_figures, check_sources, check_terms
from lms.packs.checking_questions import bank_of, check_questions, count_weak
from lms.packs.checking_texts import Named, Texts, check_forms, check_modules
from lms.packs.content import Pack
from lms.packs.faults import PackFault
from lms.packs.parts import Found, Ground, parts_of
from lms.packs.reading import read_yaml
from lms.packs.schema import CasePart, PackFile, SourcePart, TermPart
from lms.packs.wording import find_notes
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.rules import faults_of, load_question


@dataclass
class Checked:
    """What a check found: the faults, in order of files and lines, and the pack when there is none."""

    folder: Path
    faults: list[PackFault] = field(default_factory=list)
    pack: Pack | None = None
    notes: list[PackFault] = field(default_factory=list)
    """What is worth a look and keeps nothing from being published: words of the glossary, things nothing leads to."""
    weak: dict[str, int] = field(default_factory=dict)
    """How many questions name no source, and how many graded ones rest on usual practice."""


@dataclass
class _Read:
    """Everything that was read of a pack."""

    questions: list[Found[Any]]
    sources: list[Found[SourcePart]]
    terms: list[Found[TermPart]]
    cases: list[Found[CasePart]]
    figures: Figures
    modules: Texts
    forms: Texts


def find_packs(folder: Path) -> list[Path]:
    """The folder itself when it holds a pack, else the packs directly inside it."""
    if (folder / "pack.yaml").exists():
        return [folder]
    return sorted(path.parent for path in folder.glob("*/pack.yaml"))


def check_pack(folder: Path) -> Checked:
    """Every fault of the pack in `folder`; the pack itself when it has none."""
    checked = Checked(folder)
    document = read_yaml(folder / "pack.yaml", checked.faults)
    if document is None:
        return checked
    ground = Ground(folder, document, _languages(document.data), checked.faults)
    file = _check_file(ground)
    read = _read(ground)
    known = {source.key: str(source.raw.get("mark")) for source in read.sources}
    checked.weak = count_weak(read.questions, known)
    checked.notes = sorted(find_notes(ground, read.terms, read.modules, read.forms, sorted(read.figures)))
    found = rules.find_pack_faults(document.data, bank_of(read.questions))
    checked.faults[:] = sorted({*checked.faults, *(document.fault(*finding) for finding in found)})
    if not checked.faults and file is not None:
        checked.pack = _pack(file, read)
    return checked


def _read(ground: Ground) -> _Read:
    sources = check_sources(ground)
    known = {source.key: str(source.raw.get("mark")) for source in sources}
    figures = check_figures(ground)
    drawn = {path.stem for path in (ground.folder / "figures").glob("*.svg")}
    modules, forms = (rules.ids(ground.pack.data, name) for name in ("modules", "forms"))
    named = Named(known, sorted(drawn), modules, forms)
    return _Read(
        questions=check_questions(ground, known),
        sources=sources,
        terms=check_terms(ground),
        cases=check_cases(ground, known),
        figures=figures,
        modules=check_modules(ground, named),
        forms=check_forms(ground, named),
    )


def _pack(file: PackFile, read: _Read) -> Pack:
    return Pack(
        file=file,
        texts=read.modules.bodies,
        questions=tuple(load_question(found.raw, file.languages) for found in read.questions),
        sources=parts_of(read.sources),
        terms=parts_of(read.terms),
        cases=parts_of(read.cases),
        figures=read.figures,
        forms=read.forms.bodies,
    )


def _languages(data: Any) -> Sequence[str]:
    said = data.get("languages") if isinstance(data, Mapping) else None
    if isinstance(said, list) and said and all(isinstance(language, str) for language in said):
        return said
    return LANGUAGES


def _check_file(ground: Ground) -> PackFile | None:
    try:
        return PackFile.model_validate(ground.pack.data, context={"languages": ground.languages})
    except ValidationError as error:
        ground.faults.extend(ground.pack.fault(found.path, found.sentence) for found in faults_of(error))
    return None

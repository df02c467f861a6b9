"""Checking the texts of a pack: modules and training forms, each in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lms.curriculum.outline import Outline, read_outline
from lms.packs import rules
from lms.packs.content import tidy
from lms.packs.faults import PackFault
from lms.packs.parts import Ground
from lms.packs.reading import read_text


@dataclass(frozen=True)
class Named:
    """What a text may name: ids of each kind."""

    sources: Mapping[str, str]
    """id -> how well it is known"""
    figures: Sequence[str]
    modules: Sequence[str]
    forms: Sequence[str]


@dataclass
class Texts:
    """Texts as they are kept, and the figures and forms that they name."""

    bodies: dict[tuple[str, str], str] = field(default_factory=dict)
    """(id, language) -> Markdown"""
    figures: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)


def check_modules(ground: Ground, named: Named) -> Texts:
    """The texts of the modules, with their faults added."""
    return _check_folder(ground, "modules", named.modules, named, rules.find_module_faults)


def check_forms(ground: Ground, named: Named) -> Texts:
    """The texts of the training forms, with their faults added."""
    return _check_folder(ground, "forms", named.forms, named, rules.find_form_faults)


def _check_folder(
    ground: Ground,
    name: str,
    ids: Sequence[str],
    named: Named,
    find_faults: Callable[[Outline], list[tuple[int, str]]],
) -> Texts:
    folder = ground.folder / name
    texts = Texts()
    expected = {folder / one / f"{language}.md" for one in ids for language in ground.languages}
    for path in sorted(path for path in folder.glob("**/*") if path.is_file() and path not in expected):
        said = f"this file belongs to no {name[:-1]} and language of pack.yaml; remove or name it"
        ground.faults.append(PackFault(path, 1, said))
    for one in dict.fromkeys(ids):
        outlines: dict[str, Outline] = {}
        for language in ground.languages:
            path = folder / one / f"{language}.md"
            text = read_text(path, ground.faults)
            if text is None:
                continue
            texts.bodies[one, language] = tidy(text)
            outline = outlines[language] = read_outline(text)
            found = [*outline.faults, *find_faults(outline), *_foreign(outline, named)]
            ground.faults.extend(PackFault(path, *fault) for fault in found)
            texts.figures |= {said.what for said in outline.figures}
            texts.links |= {said.what for said in outline.links}
        _compare(ground, folder / one, outlines)
    return texts


def _compare(ground: Ground, folder: Path, outlines: Mapping[str, Outline]) -> None:
    """Add the faults of texts in several languages that are not built alike."""
    if not outlines:
        return
    first = next(iter(outlines))
    found = rules.find_differences({language: one.shape for language, one in outlines.items()}, first)
    found += rules.find_drift({language: one.places() for language, one in outlines.items()}, first)
    if folder.parent.name == "modules":
        found += rules.find_uneven({language: one.words for language, one in outlines.items()})
    for language, sentence in found:
        ground.faults.append(PackFault(folder / f"{language}.md", 1, sentence))


def _foreign(outline: Outline, named: Named) -> list[tuple[int, str]]:
    """What a text names that is not there."""
    found = []
    for said in outline.marks:
        source = said.what.partition(":")[0]
        if source not in named.sources:
            found.append((said.line, f"there is no source '{source}' in sources.yaml; add it or mend the mark"))
    for said in outline.figures:
        if said.what not in named.figures:
            found.append((said.line, f"there is no figure '{said.what}' in figures; draw it or mend the name"))
    for said in outline.links:
        kind, _, code = said.what.partition(":")
        known = {"module": named.modules, "form": named.forms}.get(kind)
        if known is not None and code not in known:
            found.append((said.line, f"the link leads to the {kind} '{code}', which is not there; mend it"))
    return found

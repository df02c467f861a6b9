"""Checking what stands beside modules and questions: sources, glossary, practical cases, figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lms.core.figures import find_figure_faults, labels_in
from lms.curriculum.grounds import find_source_faults, is_usual, marks_in
from lms.packs import rules
from lms.packs.content import tidy
from lms.packs.faults import PackFault
from lms.packs.parts import Found, Ground, check_repeated, read_folder, read_list, read_shape
from lms.packs.reading import read_text
from lms.packs.schema import CasePart, FigurePart, SourcePart, TermPart

Figures = dict[str, tuple[str, FigurePart]]


def check_sources(ground: Ground) -> list[Found[SourcePart]]:
    """The sources of the pack, with their faults added."""
    path = ground.folder / "sources.yaml"
    found = [read_shape(ground, one, SourcePart, "source") for one in read_list(ground, path, "source")]
    check_repeated(ground, found, "source")
    return found


def check_terms(ground: Ground) -> list[Found[TermPart]]:
    """The words of the glossary, with their faults added; none when the pack has no glossary."""
    path = ground.folder / "glossary.yaml"
    if not path.exists():
        return []
    found = [read_shape(ground, one, TermPart, "term") for one in read_list(ground, path, "term")]
    check_repeated(ground, found, "term")
    return found


def check_cases(ground: Ground, sources: Mapping[str, str]) -> list[Found[CasePart]]:
    """The practical cases of the pack, with their faults added."""
    found = [read_shape(ground, one, CasePart, "case") for one in read_folder(ground, "cases", "case")]
    check_repeated(ground, found, "case")
    modules = rules.ids(ground.pack.data, "modules")
    for one in found:
        ground.faults.extend(_case_faults(one, modules, sources))
    return found


def check_figures(ground: Ground) -> Figures:
    """The figures of the pack by id, with their faults added: each is a drawing and its words."""
    folder = ground.folder / "figures"
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    figures: Figures = {}
    for path in paths:
        if path.suffix not in (".svg", ".yaml"):
            ground.faults.append(PackFault(path, 1, "this file is not read; a figure is an .svg and a .yaml file"))
    for code in sorted({path.stem for path in paths if path.suffix in (".svg", ".yaml")}):
        if figure := _check_figure(ground, folder / f"{code}.svg", folder / f"{code}.yaml"):
            figures[code] = figure
    return figures


def _case_faults(found: Found[CasePart], modules: list[str], sources: Mapping[str, str]) -> list[PackFault]:
    faults = [
        found.fault(("source", place), f"case {found.key}: {sentence}")
        for place, sentence in find_source_faults(found.raw, sources, graded=False)
    ]
    marks = marks_in(found.raw)
    if marks and all(is_usual(mark, sources) for mark in marks):
        said = f"case {found.key}: what is right rests on usual practice alone; name a source that was read"
        faults.append(found.fault(("source",), said))
    if "module" in found.raw and found.raw["module"] not in modules:
        said = f"case {found.key}: there is no module '{found.raw['module']}'; use one of: {', '.join(modules)}"
        faults.append(found.fault(("module",), said))
    return faults


def _check_figure(ground: Ground, drawing: Path, words: Path) -> tuple[str, FigurePart] | None:
    svg, document = read_text(drawing, ground.faults), ground.read(words)
    if svg is None or document is None:
        return None
    raw: Any = document.data if isinstance(document.data, Mapping) else {}
    labels = raw.get("labels") if isinstance(raw.get("labels"), Mapping) else {}
    if not rules.is_id(drawing.stem):
        ground.faults.append(PackFault(drawing, 1, "a figure's name has small letters, digits and dashes only"))
    ground.faults.extend(PackFault(drawing, *fault) for fault in find_figure_faults(svg, drawing.stem, labels))
    for name in sorted(set(labels) - labels_in(svg)):
        said = f"the label '{name}' stands nowhere in the drawing; remove it or draw it"
        ground.faults.append(document.fault(("labels", name), said))
    shaped = read_shape(ground, Found(document, (), raw), FigurePart, "figure")
    return None if shaped.part is None else (tidy(svg), shaped.part)

"""Write a published version as a pack that imports back the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lms.commissions.rules import Level
from lms.core.errors import Refused
from lms.core.yaml import write_yaml
from lms.curriculum import queries
from lms.curriculum.models import Case, CourseVersion, Module, Source
from lms.packs.checking import check_pack
from lms.packs.editions import LEVELS
from lms.packs.schema import FORMAT
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.models import QuestionVersion
from lms.questions.queries import codes_of
from lms.questions.rules import usage_data


def export_version(version: CourseVersion, folder: Path) -> Path:
    """The folder, now holding the pack of this version. Refused, with nothing written, when the folder holds something
    already, when what is stored is no longer what was published, or when it is from before there were source marks."""
    if not queries.list_sources(version.id):
        raise Refused(
            f"Version {version.number} was published before there were source marks; it stays as it is. "
            "Export a newer one."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty. Name a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        write_files(version, part)
        checked = check_pack(part)
        if checked.pack is None or checked.pack.checksum != version.checksum:
            raise Refused(f"Version {version.number} is stored other than it was published. Ask who runs the database.")
        part.chmod(0o755)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def write_files(
    version: CourseVersion, folder: Path, questions: Sequence[QuestionVersion] | None = None, **told: Any
) -> None:
    """Write the pack of this version; if wanted with other questions, and with what is `told` in its `pack.yaml`."""
    modules = queries.list_modules(version.id)
    _write_yaml(folder / "pack.yaml", _pack_data(version, modules) | told)
    for module in modules:
        for text in module.texts:
            _write_text(folder / "modules" / module.code / f"{text.language}.md", text.body)
    _write_questions(queries.list_questions(version.id) if questions is None else questions, folder)
    _write_materials(version, folder)


def _write_questions(questions: Sequence[QuestionVersion], folder: Path) -> None:
    codes = codes_of(question.id for question in questions)
    for topic in dict.fromkeys(question.topic for question in questions):
        rows = [_question_data(codes[question.id], question) for question in questions if question.topic == topic]
        _write_yaml(folder / "questions" / f"{topic}.yaml", rows)


def _write_materials(version: CourseVersion, folder: Path) -> None:
    """What stands beside modules and questions; nothing where a course has none of it."""
    _write_yaml(folder / "sources.yaml", [_source_data(source) for source in queries.list_sources(version.id)])
    if terms := queries.list_terms(version.id):
        rows = [{"id": term.code, "term": term.terms, "short": term.meanings, **term.wording} for term in terms]
        _write_yaml(folder / "glossary.yaml", rows)
    for module, cases in _by_module(queries.list_cases(version.id)).items():
        rows = [{"id": case.code, "module": module, "source": case.source, **case.body} for case in cases]
        _write_yaml(folder / "cases" / f"{module}.yaml", rows)
    for figure in queries.list_figures(version.id):
        _write_text(folder / "figures" / f"{figure.code}.svg", figure.svg)
        words = {"title": figure.titles, "alt": figure.alts, "labels": figure.labels}
        _write_yaml(folder / "figures" / f"{figure.code}.yaml", words)
    for form in queries.list_forms(version.id):
        for language, body in form.bodies.items():
            _write_text(folder / "forms" / form.code / f"{language}.md", body)


def _by_module(cases: Sequence[Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.module_code, []).append(case)
    return found


def _source_data(source: Source) -> dict[str, Any]:
    told = {"id": source.code, "mark": source.mark, "title": source.titles, "edition": source.editions}
    return {**told, "date": source.dated} if source.dated else told


def _pack_data(version: CourseVersion, modules: Sequence[Module]) -> dict[str, Any]:
    forms = [{"id": form.code, "title": form.titles} for form in queries.list_forms(version.id)]
    texts = sorted(version.texts, key=lambda text: _usual_order(text.language))
    return {
        "format": FORMAT,
        "id": version.course.code,
        "level": next(word for word, level in LEVELS.items() if level == Level(version.level)),
        "languages": [text.language for text in texts],
        "law_date": version.law_date,
        "change": version.change,
        "note": {text.language: text.note for text in texts},
        "title": {text.language: text.title for text in texts},
        "summary": {text.language: text.summary for text in texts},
        "workshop": version.workshop,
        **({"late_days": version.late_days} if version.late_days else {}),
        "topics": [
            {
                "id": topic.code,
                "module": topic.module_code,
                "title": {title.language: title.title for title in topic.titles},
            }
            for topic in queries.list_topics(version.id)
        ],
        "modules": [
            {
                "id": module.code,
                "minutes": module.minutes,
                "title": {text.language: text.title for text in module.texts},
                "self_check": list(module.self_check),
            }
            for module in modules
        ],
        **({"forms": forms} if forms else {}),
        "test": version.test,
        **({"entry": version.entry} if version.entry else {}),
    }


def _question_data(code: str, question: QuestionVersion) -> dict[str, Any]:
    head = {
        "id": code.partition("/")[2],
        "kind": question.kind,
        "topic": question.topic,
        "use": question.use,
        "source": question.source,
        **usage_data(question.difficulty, question.valid_from, question.valid_until),
    }
    return head | question.body


def _usual_order(language: str) -> tuple[int, str]:
    return (LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES), language)


def _write_yaml(path: Path, data: Any) -> None:
    _write_text(path, write_yaml(data))


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")

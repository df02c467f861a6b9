"""Write a published version as a pack that imports back the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lms.commissions.rules import Level
from lms.core.errors import Refused
from lms.curriculum import queries
from lms.curriculum.models import CourseVersion, Module
from lms.packs.actions import LEVELS
from lms.packs.checking import check_pack
from lms.packs.schema import FORMAT
from lms.questions.kinds.shapes import LANGUAGES
from lms.questions.models import QuestionVersion
from lms.questions.queries import codes_of


def export_version(version: CourseVersion, folder: Path) -> Path:
    """The folder, now holding the pack of this version. Refused, with nothing written, when the folder holds something
    already, or when what is stored is no longer what was published."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty. Name a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        _write_files(version, part)
        checked = check_pack(part)
        if checked.pack is None or checked.pack.checksum != version.checksum:
            raise Refused(f"Version {version.number} is stored other than it was published. Ask who runs the database.")
        part.chmod(0o755)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _write_files(version: CourseVersion, folder: Path) -> None:
    modules = queries.list_modules(version.id)
    _write_yaml(folder / "pack.yaml", _pack_data(version, modules))
    for module in modules:
        for text in module.texts:
            path = folder / "modules" / module.code / f"{text.language}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.body, encoding="utf-8", newline="\n")
    questions = queries.list_questions(version.id)
    codes = codes_of(question.id for question in questions)
    (folder / "questions").mkdir()
    for topic in dict.fromkeys(question.topic for question in questions):
        rows = [_question_data(codes[question.id], question) for question in questions if question.topic == topic]
        _write_yaml(folder / "questions" / f"{topic}.yaml", rows)


def _pack_data(version: CourseVersion, modules: Sequence[Module]) -> dict[str, Any]:
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
        "test": version.test,
    }


def _question_data(code: str, question: QuestionVersion) -> dict[str, Any]:
    head = {
        "id": code.partition("/")[2],
        "kind": question.kind,
        "topic": question.topic,
        "use": question.use,
        "source": question.source,
    }
    return head | question.body


def _usual_order(language: str) -> tuple[int, str]:
    return (LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES), language)


def _write_yaml(path: Path, data: Any) -> None:
    yaml = YAML()
    yaml.width = 120
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yaml.dump(data, file)

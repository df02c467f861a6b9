"""A published course for tests, without a pack on disk."""

from __future__ import annotations

from datetime import date
from typing import Any

from lms.commissions.permissions import SYSTEM
from lms.curriculum.models import CourseVersion
from lms.packs.actions import publish_pack
from lms.packs.content import Pack
from lms.packs.schema import PackFile
from lms.questions.rules import load_question
from tests.factories.packs import MODULE_TEXT, bank, pack_dict


def make_pack(**changes: Any) -> Pack:
    """The small pack of `tests.factories.packs`, with `changes` laid over its `pack.yaml`."""
    file = PackFile.model_validate({**pack_dict(), "law_date": date(2022, 11, 20), **changes})
    texts = {
        (module.id, language): MODULE_TEXT.replace("{language}", language)
        for module in file.modules
        for language in file.languages
    }
    topics = [topic.id for topic in file.topics]
    return Pack(file, texts, tuple(load_question(raw) for topic in topics for raw in bank(topic)))


def make_course(**changes: Any) -> CourseVersion:
    """The small course, published: modules `opening` and `count`, test and workshop. In an open campaign it is required
    of precinct and territorial members, who are enrolled."""
    return publish_pack(pack=make_pack(**changes), by=SYSTEM).version

"""Publish a pack: its questions and its course, as versions that never change."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from lms.campaigns.queries import find_open_campaign
from lms.commissions.permissions import Scope
from lms.commissions.rules import Level
from lms.core.errors import NotFound, Refused
from lms.core.web.languages import _, speaking
from lms.curriculum import actions as curriculum
from lms.curriculum import queries
from lms.curriculum.models import CourseVersion
from lms.curriculum.permissions import check_may_publish
from lms.curriculum.renewing import look_at_renewal
from lms.curriculum.rules import Change, levels_that_must
from lms.packs.checking import check_pack
from lms.packs.content import Pack
from lms.packs.editions import edition_of
from lms.packs.exporting import write_files
from lms.packs.faults import PackFault
from lms.questions.actions import keep_questions
from lms.questions.models import QuestionVersion


@dataclass(frozen=True)
class Published:
    """What became of a pack: the version that says the same, and whether it is new."""

    version: CourseVersion
    is_new: bool


def load_pack(folder: Path) -> Pack:
    """The pack in `folder`; Refused, naming the first faults, when it has any."""
    checked = check_pack(folder)
    if checked.pack is None:
        first = "\n".join(str(fault) for fault in checked.faults[:20])
        said = f"{len(checked.faults)} faults; nothing is published. All of them: lms packs check {folder}"
        raise Refused(f"{first}\n{said}")
    return checked.pack


def publish_pack(*, pack: Pack, by: Scope) -> Published:
    """The newest version when it says the same as the pack, else a new one.

    A course that is new in the open campaign is from now on required of those whose work it teaches."""
    check_may_publish(by)
    course = queries.find_course(pack.file.id)
    newest = queries.find_newest_version(course.id) if course else None
    if newest is not None and newest.checksum == pack.checksum:
        require_where_due(version=newest, by=by)
        return Published(newest, is_new=False)
    kept = keep_questions(course=pack.file.id, questions=pack.questions, by=by)
    version = curriculum.publish_version(edition=edition_of(pack), questions=kept, by=by)
    require_where_due(version=version, by=by)
    return Published(version, is_new=True)


def renew_pool(*, course: str, by: Scope) -> Published:
    """The next version of a course, in words the same, made with the questions that the bank has now (see
    `look_at_renewal`); the newest version when the bank says nothing new. Nobody loses anything: it is editorial, and
    papers that were drawn keep the questions they have. Refused, with what is wrong, when the bank does not fit."""
    check_may_publish(by)
    newest = queries.find_newest_version(queries.get_course(course).id)
    if newest is None:
        raise NotFound
    pack, questions = _renewed(newest)
    if pack.checksum == newest.checksum:
        return Published(newest, is_new=False)
    return Published(curriculum.publish_version(edition=edition_of(pack), questions=questions, by=by), is_new=True)


def _renewed(version: CourseVersion) -> tuple[Pack, list[QuestionVersion]]:
    """The pack of a version with the questions that the bank has now, checked like every other."""
    if not queries.list_sources(version.id):
        raise Refused(_("This version is from before there were source marks. Publish a newer pack of it first."))
    questions = look_at_renewal(version).questions
    note = {}
    for text in version.texts:
        with speaking(text.language):
            note[text.language] = _("The questions were renewed from the bank.")
    with tempfile.TemporaryDirectory() as folder:
        write_files(version, Path(folder), questions, change=Change.EDITORIAL.value, note=note)
        checked = check_pack(Path(folder))
        said = "; ".join(dict.fromkeys(_told(fault) for fault in checked.faults[:3]))
    if checked.pack is None:
        raise Refused(_("The bank does not fit this course yet, nothing is published: %(faults)s", faults=said))
    return checked.pack, questions


def _told(fault: PackFault) -> str:
    """A fault of a file that was written from the bank, with the question in which it is."""
    above = fault.file.read_text("utf-8").split("\n")[: fault.line] if fault.file.is_file() else []
    key = next((line.removeprefix("- id:").strip() for line in reversed(above) if line.startswith("- id:")), "")
    return f"{key}: {fault.sentence}" if key else fault.sentence


def require_where_due(*, version: CourseVersion, by: Scope) -> None:
    """Require the course in the open campaign, unless something is said there about it already."""
    campaign = find_open_campaign()
    if campaign is None or queries.list_requirements(version.course_id, campaign.id):
        return
    late_days = version.late_days
    for level in levels_that_must(Level(version.level), late=late_days is not None):
        curriculum.require_course(course=version.course, campaign=campaign, level=level, late_days=late_days, by=by)

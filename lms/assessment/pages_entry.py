"""Pages of the questions before the course, as plain data for the templates."""

from __future__ import annotations

from typing import Any

from lms.assessment import pages, permissions, queries, rules
from lms.assessment.models import Attempt
from lms.assessment.pages import TopicResult
from lms.assessment.rules import State
from lms.assessment.web import script_data
from lms.curriculum.settings import EntrySettings
from lms.learning.models import Enrolment


def start_page(enrolment: Enrolment) -> dict[str, Any]:
    """What comes: how many questions on which topics, and the attempt when there is one."""
    version, asked = enrolment.version, queries.find_entry(enrolment.id)
    settings = EntrySettings.model_validate(version.entry) if version.entry else None
    titles = pages.topic_titles(version.id)
    return {
        "version": version,
        "settings": settings,
        "topics": [titles.get(part.topic, part.topic) for part in settings.blueprint] if settings else [],
        "hindrance": permissions.say_entry_hindrance(permissions.find_entry_hindrance(enrolment)),
        "going_on": asked if asked and asked.state == State.OPEN else None,
        "sent": asked if asked and asked.state != State.OPEN else None,
    }


def result_page(attempt: Attempt) -> dict[str, Any]:
    """What the member knows already and what to read with care, by topic, and why each answer is right or not."""
    topics, modules = queries.list_topics(attempt.version_id), queries.list_modules(attempt.version_id)
    titles = pages.topic_titles(attempt.version_id)
    results = [
        TopicResult(titles.get(mark.topic, ""), mark, modules.get(topics[mark.topic].module_code))
        for mark in rules.count_by_topic(queries.list_marks(attempt.id))
        if mark.topic in topics
    ]
    return {
        "attempt": attempt,
        "careful": [result for result in results if not result.mark.full],
        "strong": [result for result in results if result.mark.full],
        "explained": pages.explain_paper(attempt),
        "script": script_data(attempt),
    }

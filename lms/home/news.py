"""What a person is told on their first page: results that were marked anew, and answers to what they disputed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from lms.core import clock
from lms.core.web.languages import _, day
from lms.fairness import queries, words
from lms.fairness.pages import ruled_words

SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Told:
    """A piece of news, and the page behind it."""

    words: str
    address: str
    action: str


def list_news(person_id: int) -> list[Told]:
    """What is new for a person, the newest first."""
    since = clock.now() - SHOWN_FOR
    found = [_regraded(one) for one in queries.list_news(person_id, since)]
    for dispute in queries.list_answered_since(person_id, since):
        if dispute.ruling is not None:
            said = _(
                "Your dispute of %(day)s was answered: %(what)s",
                day=day(dispute.made_at),
                what=ruled_words(dispute.ruling),
            )
            address = url_for("fairness.own_disputes", attempt_id=dispute.attempt_id)
            found.append(Told(said, address, _("Read why")))
    return found


def _regraded(news: queries.News) -> Told:
    before, after = (
        words.result_words(news.change.credit_before, news.change.total_before, passed=news.change.passed_before),
        words.result_words(news.change.credit_after, news.change.total_after, passed=news.change.passed_after),
    )
    if news.taken_back:
        said = _("A ruling on a question was taken back. The result of your test is again: %(result)s.", result=before)
    else:
        said = _(
            "A question of your test was ruled on, and your result was marked anew. Before: %(before)s. Now: "
            "%(after)s. %(reason)s",
            before=before,
            after=after,
            reason=news.reason,
        )
    return Told(said, url_for("assessment.result", attempt_id=news.attempt_id), _("See the result"))

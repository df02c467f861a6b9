"""Pages of the bank: the list, one question through its versions, changes of many. Drafts and cases stand beside."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.bank import actions, listing, queries, views_cases, views_drafts, words
from lms.bank.comparing import compare
from lms.bank.editor import as_learner, see
from lms.bank.listing import Filter
from lms.bank.offers import list_offers
from lms.bank.permissions import READERS, WRITERS
from lms.commissions.identity import current_scope
from lms.core import clock
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import LANGUAGES, _, current_language, pick
from lms.curriculum.queries import find_course, list_newest_versions, list_topics
from lms.curriculum.renewing import look_at_renewal
from lms.curriculum.words import title_of
from lms.questions.actions import Usage, bring_back, change_usage, withdraw_question
from lms.questions.kinds.registry import KINDS
from lms.questions.models import QuestionVersion
from lms.questions.queries import codes_of
from lms.questions.uses import Difficulty

blueprint = Blueprint("bank", __name__, template_folder="templates")
views_drafts.add_to(blueprint)
views_cases.add_to(blueprint)
MOST_CHANGED = 200
"""Questions that are changed at once."""
WAYS = ("topic", "difficulty", "valid", "withdraw")


@blueprint.app_context_processor
def bank_words() -> dict[str, Any]:
    """What templates of the bank say."""
    return {
        "field_words": words.field_words,
        "part_words": words.part_words,
        "as_learner": as_learner,
        "topic_words": words.topic_words,
        "way_words": words.way_words,
        "days_words": words.days_words,
        "choice_words": words.choice_words,
        "hint_words": words.hint_words,
        "sign_words": words.sign_words,
        "list_offers": list_offers,
        "kind_words": words.kind_words,
        "difficulty_words": words.DIFFICULTY_WORDS,
        "use_words": words.USE_WORDS,
        "standing_words": words.STANDING_WORDS,
        "state_words": words.STATE_WORDS,
        "case_words": words.CASE_WORDS,
    }


@blueprint.get("/bank")
@access.duty(*READERS)
def start() -> ResponseReturnValue:
    """The bank: what is looked for, a page at a time."""
    said = {name: request.args.get(name, "").strip()[:100] for name in Filter.__dataclass_fields__}
    return _list(Filter(**said), request.args.get("after", ""))


def _list(wanted: Filter, after: str, refused: str = "") -> str:
    """A page of the bank. `refused`: why what was to be changed was not; what was ticked and typed stays."""
    rows, total = listing.list_questions(wanted, after=after)
    courses = list_newest_versions()
    found = next((version for version in courses if version.course.code == wanted.course), None)
    return render_template(
        "bank/start.html",
        wanted=wanted,
        rows=rows[: listing.PAGE],
        first_line=lambda row: _first_line(row.text),
        next_after=rows[listing.PAGE - 1].code if len(rows) > listing.PAGE else "",
        after=after,
        total=None if after else total,
        courses=courses,
        topics=[(topic.code, title_of(topic)) for topic in list_topics(found.id)] if found else [],
        renewal=look_at_renewal(found) if found else None,
        kinds=list(KINDS),
        drafts=queries.count_drafts(),
        cases=queries.count_waiting_cases(),
        may_write=current_scope().holds(*WRITERS),
        today=clock.today(),
        refused=refused,
        typed=request.form,
        ticked=request.form.getlist("question"),
    )


@blueprint.get("/bank/questions/<int:question>")
@access.duty(*READERS)
def question(question: int) -> ResponseReturnValue:
    """One question: two of its versions side by side, who wrote and approved it, how many have met it."""
    found = queries.get_question(question)
    versions = queries.list_question_versions(found.id)
    newer, older = _two(versions)
    language, course = request.args.get("see", current_language()), found.code.partition("/")[0]
    return render_template(
        "bank/question.html",
        question=found,
        versions=versions,
        newer=newer,
        older=older,
        rows=compare(older, newer),
        papers=queries.count_papers_of(version.id for version in versions),
        names=queries.names_of(one for v in versions for one in (v.author_id, v.reviewer_id)),
        seen=see(newer.kind, newer.body, language if language in LANGUAGES else "kk"),
        sources=words.lines_of_sources(course, newer.source),
        draft=queries.find_open_draft(found.id),
        course=course,
        is_to_come=newer is versions[0] and queries.is_to_come(course, newer),
        may_write=current_scope().holds(*WRITERS),
        today=clock.today(),
    )


def _first_line(text: Any) -> str:
    return pick(text or {}).split("\n")[0]


def _two(versions: Any) -> tuple[QuestionVersion, QuestionVersion | None]:
    """The version asked for, the newest otherwise, and the one before it."""
    number = request.args.get("version", type=int)
    at = next((place for place, version in enumerate(versions) if version.number == number), 0)
    return versions[at], versions[at + 1] if at + 1 < len(versions) else None


@blueprint.post("/bank/questions/<int:question>/withdraw")
@access.duty(*WRITERS)
def withdraw(question: int) -> ResponseReturnValue:
    """Have a question drawn no more, with a reason."""
    found = queries.get_question(question)
    actions.check_may_withdraw([found])
    withdraw_question(question=found, reason=request.form.get("reason", ""), by=current_scope())
    flash(_("The question is withdrawn: no new paper has it. Papers that were drawn stay as they are."))
    return redirect(url_for("bank.question", question=question))


@blueprint.post("/bank/questions/<int:question>/bring-back")
@access.duty(*WRITERS)
def take_back(question: int) -> ResponseReturnValue:
    """Have a withdrawn question drawn again."""
    bring_back(question=queries.get_question(question), by=current_scope())
    flash(_("The question may be drawn again."))
    return redirect(url_for("bank.question", question=question))


@blueprint.post("/bank/questions/<int:question>/rewrite")
@access.duty(*WRITERS)
def rewrite(question: int) -> ResponseReturnValue:
    """Begin a new version of a question, or go on with the one that is being written."""
    draft = actions.begin_renewal(question=queries.get_question(question), by=current_scope())
    return redirect(url_for("bank.draft", draft=draft.id))


@blueprint.post("/bank/change")
@access.duty(*WRITERS)
def change_many() -> ResponseReturnValue:
    """Change ticked questions: first what would change is shown, then it is done."""
    try:
        return _change_many()
    except Refused as refusal:
        return _list(Filter(**_back()), request.form.get("back.after", ""), refusal.sentence), 422


def _change_many() -> ResponseReturnValue:
    ids = sorted({int(one) for one in request.form.getlist("question") if one.isdigit()})[:MOST_CHANGED]
    way, form = request.form.get("way", ""), request.form
    if not ids or way not in WAYS:
        raise Refused(_("Tick questions, and choose what is to change about them."))
    newest = listing.list_newest(ids)
    if form.get("sure") != "1":
        if way == "withdraw" and not form.get("reason", "").strip():
            raise Refused(_("Say why they are withdrawn."))
        if way == "withdraw":
            actions.check_may_withdraw([queries.get_question(one.question_id) for one in newest])
        return render_template("bank/change.html", **_preview(newest, way))
    if way == "withdraw":
        count = actions.withdraw_all(
            questions=[one.question_id for one in newest], reason=form["reason"], by=current_scope()
        )
    else:
        count = len(change_usage(versions=newest, usage=_usage(newest, way), by=current_scope()))
    flash(_("Changed: %(n)s. Papers that were drawn stay as they are.", n=count))
    return redirect(url_for("bank.start", **_back()))


def _back() -> dict[str, Any]:
    return {name: value for name in Filter.__dataclass_fields__ if (value := request.form.get(f"back.{name}", ""))}


def _preview(newest: Any, way: str) -> dict[str, Any]:
    usage = Usage() if way == "withdraw" else _usage(newest, way)
    return {
        "newest": newest,
        "way": way,
        "usage": usage,
        "sent": [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "sure")],
        "codes": codes_of(one.id for one in newest),
        "back": _back(),
        "first_line": lambda one: _first_line(one.body.get("text")),
    }


def _usage(newest: Any, way: str) -> Usage:
    """What the form wants to change; Refused when it names nothing that there is."""
    form = request.form
    if way == "topic":
        topic, courses = form.get("to_topic", ""), {one.partition("/")[0] for one in _codes(newest)}
        if not topic or any(topic not in _topics_of(course) for course in courses):
            raise Refused(_("Choose a topic that the course of every ticked question has."))
        return Usage(topic=topic)
    if way == "difficulty":
        if form.get("to_difficulty") not in list(Difficulty):
            raise Refused(_("Choose how hard the questions are."))
        return Usage(difficulty=Difficulty(form["to_difficulty"]))
    first, last = _day("to_from"), _day("to_until")
    if first and last and last < first:
        raise Refused(_("The last day comes before the first: exchange them."))
    return Usage(valid=(first, last))


def _codes(newest: Any) -> list[str]:
    return list(codes_of(one.id for one in newest).values())


def _topics_of(course: str) -> tuple[str, ...]:
    """The topics of the newest version of a course."""
    found = find_course(course)
    return queries.ground_of(found).topics if found else ()


def _day(name: str) -> date | None:
    typed = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as wrong:
        raise Refused(_("This is no date. Choose one, or type it as 2026-11-20.")) from wrong

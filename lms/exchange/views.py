"""Pages of files with questions: send one, look at what would come of it, make drafts, drop them again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from lms.bank.editor import see
from lms.bank.permissions import WRITERS
from lms.commissions.identity import current_scope
from lms.core.errors import Refused
from lms.core.web import access
from lms.core.web.languages import LANGUAGES, NAMES, _, current_language
from lms.core.web.paging import asked_page
from lms.curriculum.queries import get_course, list_newest_versions, list_topics
from lms.curriculum.words import title_of
from lms.exchange import actions, queries, views_export, words
from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.registry import get_format
from lms.exchange.formats.shapes import Read, Status
from lms.exchange.forms import UploadForm
from lms.exchange.models import QuestionImport
from lms.exchange.rules import ImportState

blueprint = Blueprint("exchange", __name__, template_folder="templates")
views_export.add_to(blueprint)
PAGE = 50


@blueprint.app_context_processor
def exchange_words() -> dict[str, Any]:
    """What templates of this room say."""
    return {
        "import_status_words": words.STATUS_WORDS,
        "import_status_tags": words.STATUS_TAGS,
        "import_state_words": words.STATE_WORDS,
        "import_state_tags": words.STATE_TAGS,
        "lacking": words.lacking,
    }


@blueprint.get("/bank/imports")
@access.duty(*WRITERS)
def imports() -> ResponseReturnValue:
    """Files with questions that were sent in."""
    found = queries.list_imports(before=request.args.get("before", type=int))
    more = found[-1].id if len(found) == queries.MOST else None
    return render_template("exchange/imports.html", imports=found, more=more, get_format=get_format)


@blueprint.route("/bank/imports/new", methods=["GET", "POST"])
@access.duty(*WRITERS)
def upload() -> ResponseReturnValue:
    """Choose a file; it is read and shown, and nothing becomes of it yet."""
    form = _upload_form()
    if form.validate_on_submit():
        try:
            made = _upload(form)
        except Refused as refusal:
            form.file.errors = [refusal.sentence]
        else:
            return redirect(url_for("exchange.show", import_id=made.id))
    return render_template("exchange/upload.html", form=form), 422 if form.is_submitted() else 200


def _upload_form() -> UploadForm:
    form = UploadForm(language=current_language())
    form.form.choices = [SelectChoice("", _("find out by the file")), *(SelectChoice(*one) for one in words.families())]
    form.language.choices = [SelectChoice(code, NAMES[code]) for code in LANGUAGES]
    form.place.choices = [
        SelectChoice(f"{version.course.code}/{topic.code}", f"{title_of(version)}: {title_of(topic)}")
        for version in list_newest_versions()
        for topic in list_topics(version.id)
    ]
    return form


def _upload(form: UploadForm) -> QuestionImport:
    course, _slash, topic = form.place.data.partition("/")
    with form.file.data.stream as stream:
        content = stream.read()
    return actions.upload(
        content=content,
        file_name=form.file.data.filename or "",
        form=form.form.data,
        language=form.language.data,
        course=get_course(course),
        topic=topic,
        by=current_scope(),
    )


@blueprint.get("/bank/imports/<int:import_id>")
@access.duty(*WRITERS)
def show(import_id: int) -> ResponseReturnValue:
    """A file: how many questions it has, and what becomes of each; or what was made of it."""
    found = queries.get_import(import_id)
    job = found.job
    if job is not None and job.state in ("queued", "running"):
        return render_template("exchange/waiting.html", found=found, job=job)
    try:
        reading = actions.read_import(found)
    except UnreadableFile as refusal:
        return render_template("exchange/unreadable.html", found=found, sentence=refusal.sentence)
    status = request.args.get("status", "")
    rows = [item for item in reading.items if status in ("", item.status)]
    page, last = asked_page(len(rows), PAGE)
    drafts = queries.list_drafts(found.id) if found.state == ImportState.APPLIED else []
    return render_template(
        "exchange/show.html",
        found=found,
        format=get_format(found.form),
        counts=reading.count(),
        notes=reading.notes,
        statuses=list(Status),
        status=status,
        rows=[(item, _look(item, place)) for place, item in enumerate(rows[(page - 1) * PAGE : page * PAGE])],
        matching=len(rows),
        page=page,
        last=last,
        drafts=drafts,
        touched=queries.count_touched(drafts),
        earlier=queries.find_applied(found),
        failure=job.sentence if job is not None and job.state == "failed" else "",
    )


def _look(item: Read, place: int) -> Any:
    """The question as a learner would see it, in the language it has; None when it is left out."""
    raw = item.question
    if raw is None:
        return None
    body = {key: value for key, value in raw.items() if key not in ("id", "kind", "topic", "use", "source")}
    languages = [current_language(), *LANGUAGES]
    language = next((one for one in languages if raw["text"].get(one)), "kk")
    return see(raw["kind"], body, language, prefix=f"q{place}")


@blueprint.post("/bank/imports/<int:import_id>/apply")
@access.duty(*WRITERS)
def apply(import_id: int) -> ResponseReturnValue:
    """Make drafts of the questions, in the background."""
    return _ask(actions.APPLY, import_id)


@blueprint.post("/bank/imports/<int:import_id>/undo")
@access.duty(*WRITERS)
def undo(import_id: int) -> ResponseReturnValue:
    """Drop the drafts again, in the background; only while nobody worked on them."""
    return _ask(actions.UNDO, import_id)


def _ask(work: str, import_id: int) -> ResponseReturnValue:
    found = queries.get_import(import_id)
    try:
        actions.ask_to(work=work, one=found, by=current_scope())
    except Refused as refusal:
        flash(refusal.sentence, "today")
    return redirect(url_for("exchange.show", import_id=import_id))

"""Take questions out: first what the format cannot carry, then the file."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice

from lms.bank.permissions import WRITERS
from lms.bank.words import kind_words
from lms.commissions.identity import current_scope
from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.languages import LANGUAGES, NAMES, _, current_language
from lms.core.web.paging import asked_page
from lms.curriculum.queries import list_newest_versions, list_topics
from lms.curriculum.words import title_of
from lms.exchange import actions, queries
from lms.exchange.formats.registry import FORMATS, get_format
from lms.exchange.forms import ExportForm
from lms.exchange.giving_out import Weighed, export, weigh_all
from lms.questions.kinds.registry import KINDS

EVERY = "all"
"""Stands for all three languages."""
PAGE = 100


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/bank/take-out", view_func=take_out)
    blueprint.add_url_rule("/bank/take-out/file", view_func=download)


@access.duty(*WRITERS)
def take_out() -> ResponseReturnValue:
    """Choose questions, format and language, and see what the format cannot carry."""
    form = _form(request.args)
    weighed = _weighed(form) if form.course.data else []
    rows = [(one, each.language) for each in weighed for one in each.carried if one.losses]
    page, last = asked_page(len(rows), PAGE)
    return render_template(
        "exchange/take_out.html",
        form=form,
        asked={name: request.args[name] for name in form.data if name in request.args},
        weighed=weighed,
        total=len(weighed[0].carried) if weighed else 0,
        written=sum(len(one.written) for one in weighed),
        unwritten=[(one, each.language) for each in weighed for one in each.carried if one.remains is None],
        losses=Counter(loss for one, _language in rows if one.remains is not None for loss in one.losses).most_common(),
        rows=rows[(page - 1) * PAGE : page * PAGE],
        page=page,
        last=last,
        languages=len(weighed),
    )


@access.duty(*WRITERS)
def download() -> ResponseReturnValue:
    """The file."""
    form = _form(request.args)
    weighed = _weighed(form)
    if not any(one.written for one in weighed):
        raise NotFound(_("There is no question that this format could carry. Choose another one."))
    name = "-".join(part for part in (form.course.data, form.topic.data, form.form.data) if part)
    made = export(name, weighed)
    count = sum(len(one.written) for one in weighed)
    actions.note_export(course=form.course.data, form=form.form.data, count=count, by=current_scope())
    return send_file(BytesIO(made.content), mimetype=made.media_type, as_attachment=True, download_name=made.name)


def _form(asked: MultiDict[str, str]) -> ExportForm:
    versions = list_newest_versions()
    chosen = next((one for one in versions if one.course.code == asked.get("course")), None)
    form = ExportForm(asked)
    form.course.choices = [SelectChoice(one.course.code, title_of(one)) for one in versions]
    topics = list_topics(chosen.id) if chosen else []
    form.topic.choices = [SelectChoice("", _("all")), *(SelectChoice(one.code, title_of(one)) for one in topics)]
    form.kind.choices = [SelectChoice("", _("all")), *(SelectChoice(one, str(kind_words(one))) for one in KINDS)]
    form.form.choices = [SelectChoice(one.name, one.title) for one in FORMATS.values()]
    languages = [SelectChoice(code, NAMES[code]) for code in LANGUAGES]
    form.language.choices = [*languages, SelectChoice(EVERY, _("all three, a file for each"))]
    for field in (form.course, form.topic, form.kind, form.form, form.language):
        if field.data not in [choice.value for choice in field.choices]:
            field.data = field.choices[0].value if field is not form.course and field.choices else None
    form.language.data = form.language.data if "language" in asked else current_language()
    return form


def _weighed(form: ExportForm) -> list[Weighed]:
    if not form.course.data:
        raise NotFound
    chosen = get_format(form.form.data)
    questions = queries.list_questions(form.course.data, topic=form.topic.data or "", kind=form.kind.data or "")
    every = form.language.data == EVERY and chosen.has_language
    languages = LANGUAGES if every else [form.language.data if form.language.data in LANGUAGES else current_language()]
    return [weigh_all(questions, form=chosen, language=language) for language in languages]

"""Pages of rosters: send a file, look at what it would do, apply it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from lms.commissions.identity import current_scope
from lms.commissions.names import name_of
from lms.commissions.permissions import INSPECTORS, OVERSEERS, get_commission
from lms.core.errors import NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _
from lms.core.web.paging import asked_page
from lms.rosters import actions, export, queries, views_columns, views_export, views_undoing
from lms.rosters.errors import ManyLeaving
from lms.rosters.findings import Note, NoteKind, Outcome
from lms.rosters.forms import FULL, ApplyForm, ExportForm, UploadForm
from lms.rosters.messages import fault_sentence, note_sentence, outcome_name, outcome_words
from lms.rosters.models import RosterImport
from lms.rosters.permissions import get_import
from lms.rosters.reading.faults import FileFault
from lms.rosters.states import ImportState
from lms.rosters.telling import find_headings
from lms.rosters.words import (
    kind_name,
    leaving_with_role,
    list_new_places,
    many_leave,
    shown,
    state_words,
    what_follows,
    what_the_file_lists,
)

blueprint = Blueprint("rosters", __name__, template_folder="templates")
views_undoing.add_to(blueprint)
views_export.add_to(blueprint)
views_columns.add_to(blueprint)
OFFICERS = OVERSEERS
PAGE = 100
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/rosters")
@access.duty(*INSPECTORS)
def imports() -> ResponseReturnValue:
    """The rosters that were sent for the reader's branches."""
    scope = current_scope()
    return render_template(
        "rosters/imports.html",
        imports=queries.list_imports(scope),
        may_upload=scope.holds(*OVERSEERS),
        state_words=state_words,
    )


@blueprint.route("/rosters/new", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def upload() -> ResponseReturnValue:
    """Choose a file; it is read in the background and then shown."""
    scope = current_scope()
    form = UploadForm()
    form.commission.choices = [SelectChoice(one.id, name_of(one)) for one in queries.list_bases(scope)]
    if form.validate_on_submit():
        commission = get_commission(scope, form.commission.data, *OVERSEERS)
        full = form.lists.data == FULL
        try:
            made, refused = actions.upload_all(files=_contents(form), commission=commission, full=full, by=scope)
        except Refused as refusal:
            form.file.errors = [refusal.sentence]
        else:
            for sentence in refused:
                flash(sentence, "today")
            return redirect(_where_shown(made))
    return render_template("rosters/upload.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/rosters/take-out", methods=["GET", "POST"])
@access.duty(*OFFICERS)
def take_out() -> ResponseReturnValue:
    """Say what the list is needed for; on sending, the present roster of a branch with identity numbers in full."""
    scope, form = current_scope(), ExportForm()
    form.commission.choices = [SelectChoice(one.id, name_of(one)) for one in queries.list_bases(scope)]
    if form.validate_on_submit():
        commission = get_commission(scope, form.commission.data, *OVERSEERS)
        return views_export.send_present(commission, form.reason.data, scope)
    return render_template("rosters/take_out.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/rosters/sent")
@access.duty(*OFFICERS)
def sent() -> ResponseReturnValue:
    """Several files that were sent at once: how each stands."""
    numbers = request.args.getlist("number", type=int)[: actions.MOST_FILES]
    found = queries.list_named_imports(current_scope(), numbers)
    if not found:
        raise NotFound
    waiting = any(one.job is not None and one.job.state in ("queued", "running") for one in found)
    return render_template("rosters/sent.html", imports=found, waiting=waiting, state_words=state_words)


@blueprint.get("/rosters/<int:import_id>")
@access.duty(*INSPECTORS)
def show(import_id: int) -> ResponseReturnValue:
    """How an import stands: what the file would do, row by row, or what was done."""
    found = get_import(current_scope(), import_id)
    return _page(found, ApplyForm())


@blueprint.post("/rosters/<int:import_id>/read")
@access.duty(*OFFICERS)
def read_again(import_id: int) -> ResponseReturnValue:
    """Compare the file once more with how the commissions are now."""
    scope = current_scope()
    found = get_import(scope, import_id)
    actions.ask_to_read(roster_import=found, by=scope)
    return redirect(url_for("rosters.show", import_id=found.id))


@blueprint.post("/rosters/<int:import_id>/discard")
@access.duty(*OFFICERS)
def discard(import_id: int) -> ResponseReturnValue:
    """Set a list aside that is not to be applied."""
    scope = current_scope()
    found = get_import(scope, import_id)
    actions.discard(roster_import=found, by=scope)
    flash(_("The list is discarded. The commissions are as they were."))
    return redirect(url_for("rosters.imports"))


@blueprint.post("/rosters/<int:import_id>/apply")
@access.duty(*OFFICERS)
def apply(import_id: int) -> ResponseReturnValue:
    """Do what the file says, in the background; problem rows are left out only if the box is ticked."""
    scope = current_scope()
    found = get_import(scope, import_id)
    form = ApplyForm()
    if found.state == ImportState.READ and not _all_is_said(found, form):
        return _page(found, form), 422
    leave_out, let_leave = bool(form.leave_out_problems.data), bool(form.let_leave.data)
    actions.ask_to_apply(roster_import=found, leave_out_problems=leave_out, let_leave=let_leave, by=scope)
    return redirect(url_for("rosters.show", import_id=found.id))


@blueprint.get("/rosters/<int:import_id>/problems.xlsx")
@access.duty(*INSPECTORS)
def problems_workbook(import_id: int) -> ResponseReturnValue:
    """The rows with problems, with their reasons, to mend in a spreadsheet."""
    scope = current_scope()
    found = get_import(scope, import_id)
    actions.note_download(roster_import=found, by=scope)
    content = export.problems_as_workbook(found)
    return send_file(BytesIO(content), mimetype=WORKBOOK, as_attachment=True, download_name=_file_name(found, "xlsx"))


@blueprint.get("/rosters/<int:import_id>/problems.csv")
@access.duty(*INSPECTORS)
def problems_text(import_id: int) -> ResponseReturnValue:
    """The same rows as CSV."""
    scope = current_scope()
    found = get_import(scope, import_id)
    actions.note_download(roster_import=found, by=scope)
    content = export.problems_as_text(found).encode()
    return send_file(BytesIO(content), mimetype="text/csv", as_attachment=True, download_name=_file_name(found, "csv"))


def _contents(form: UploadForm) -> list[tuple[str, bytes]]:
    """Name and content of each file that was sent."""
    files = []
    for file in form.file.data:
        with file.stream:
            files.append((file.filename or "", file.read()))
    return files


def _where_shown(made: Sequence[RosterImport]) -> str:
    if len(made) == 1:
        return url_for("rosters.show", import_id=made[0].id)
    return url_for("rosters.sent", number=[one.id for one in made])


def _page(found: RosterImport, form: ApplyForm) -> str:
    job = found.job
    if job is not None and job.state in ("queued", "running"):
        return render_template("rosters/waiting.html", found=found, job=job)
    if found.state == ImportState.DISCARDED:
        return render_template("rosters/discarded.html", found=found)
    if found.state == ImportState.FAILED:
        sentence = fault_sentence(FileFault(found.fault), found.fault_params)
        headings = find_headings(found)
        return render_template("rosters/failed.html", found=found, sentence=sentence, headings=headings)
    if found.state == ImportState.UPLOADED:
        sentence = job.sentence if job else ""
        return render_template("rosters/failed.html", found=found, sentence=sentence, headings=[])
    outcome, kind = request.args.get("outcome", ""), request.args.get("kind", "")
    departures = queries.count_departures(found) if found.state == ImportState.READ else None
    if departures:
        form.let_leave.label.text = many_leave(departures)
    matching = queries.count_rows(found.id, outcome, kind)
    page, last = asked_page(matching, PAGE)
    rows = queries.list_rows(found.id, outcome, kind, offset=(page - 1) * PAGE, limit=PAGE)
    return render_template(
        "rosters/show.html",
        found=found,
        headings=find_headings(found),
        form=form,
        failure=job.sentence if job is not None and job.state == "failed" else "",
        state=state_words(found),
        notes=[note_sentence(Note(NoteKind(name), params)) for name, params in found.notes],
        follows=what_follows(found.counts),
        new_places=list_new_places(found) if found.state == ImportState.READ else [],
        lists=what_the_file_lists(full=found.full),
        departures=departures,
        with_role=leaving_with_role(departures) if departures else "",
        earlier=queries.find_earlier(found),
        territorial=queries.list_territorial(found) if found.state == ImportState.APPLIED else [],
        rows=[shown(row) for row in rows],
        matching=matching,
        outcome=outcome,
        kind=kind,
        page=page,
        last=last,
        outcome_name=outcome_name,
        outcome_words=outcome_words,
        kind_name=kind_name,
    )


def _all_is_said(found: RosterImport, form: ApplyForm) -> bool:
    """Whether each box that this import needs is ticked; the form's fields tell which are not."""
    if found.counts["outcomes"][Outcome.PROBLEM] and not form.leave_out_problems.data:
        sentence = _("Tick this to leave the rows with problems out, or mend them and send them again.")
        form.leave_out_problems.errors = [sentence]
    departures = queries.count_departures(found)
    if departures.are_many and not form.let_leave.data:
        form.let_leave.errors = [ManyLeaving(departures.leaving, departures.members).sentence]
    return not form.leave_out_problems.errors and not form.let_leave.errors


def _file_name(found: RosterImport, ending: str) -> str:
    return _("Roster %(number)s, rows to mend", number=found.id) + f".{ending}"

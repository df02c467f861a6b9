"""Pages of fairness: how tests did, their questions; disputes, rulings and signs are in the parts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.commissions.identity import current_scope
from lms.core.errors import NotFound
from lms.core.web import access
from lms.core.web.languages import _
from lms.fairness import (
    actions,
    export,
    pages,
    queries,
    views_disputes,
    views_own,
    views_rulings,
    views_signs,
    words,
)
from lms.fairness.models import Analysis
from lms.fairness.permissions import READERS, RULERS, check_may_read, may_rule

blueprint = Blueprint("fairness", __name__, template_folder="templates")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
for part in (views_disputes, views_own, views_rulings, views_signs):
    part.add_to(blueprint)


@blueprint.app_context_processor
def fairness_words() -> dict[str, Any]:
    """What templates say of fairness."""
    return {"fair": words, "ruled_words": pages.ruled_words}


@blueprint.get("/fairness")
@access.duty(*READERS)
def start() -> ResponseReturnValue:
    """Every test that was sat, with its newest analysis; what waits of disputes and signs."""
    scope = current_scope()
    check_may_read(scope)
    return render_template(
        "fairness/start.html",
        sat=queries.list_sat(),
        waiting=queries.count_waiting_disputes(),
        signs=queries.count_open_signs(),
        may_rule=may_rule(scope),
    )


@blueprint.post("/fairness/versions/<int:version_id>/analyses")
@access.duty(*RULERS)
def analyse(version_id: int) -> ResponseReturnValue:
    """Have the worker count how the test of a course version did."""
    analysis = actions.ask_for_analysis(version_id=version_id, by=current_scope())
    return redirect(url_for("fairness.analysis", analysis_id=analysis.id))


@blueprint.get("/fairness/analyses/<int:analysis_id>")
@access.duty(*READERS)
def analysis(analysis_id: int) -> ResponseReturnValue:
    """What came of an analysis, or how far it is."""
    scope = current_scope()
    found = get_analysis(analysis_id)
    return render_template(
        "fairness/analysis.html",
        analysis=found,
        version=queries.get_sat_version(found.version_id),
        rows=pages.list_rows(found),
        may_rule=may_rule(scope),
    )


@blueprint.get("/fairness/analyses/<int:analysis_id>/table.csv")
@access.duty(*READERS)
def table_text(analysis_id: int) -> ResponseReturnValue:
    """The table of an analysis as CSV."""
    response = Response(export.as_text(get_made(analysis_id)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"questions-{analysis_id}.csv")
    return response


@blueprint.get("/fairness/analyses/<int:analysis_id>/table.xlsx")
@access.duty(*READERS)
def table_workbook(analysis_id: int) -> ResponseReturnValue:
    """The table of an analysis as XLSX."""
    content = export.as_workbook(get_made(analysis_id))
    name = f"questions-{analysis_id}.xlsx"
    return send_file(BytesIO(content), mimetype=WORKBOOK, as_attachment=True, download_name=name)


@blueprint.post("/fairness/analyses/<int:analysis_id>/again")
@access.duty(*RULERS)
def analyse_again(analysis_id: int) -> ResponseReturnValue:
    """Count the same test once more."""
    made = actions.ask_for_analysis(version_id=get_analysis(analysis_id).version_id, by=current_scope())
    flash(_("The worker counts it again."))
    return redirect(url_for("fairness.analysis", analysis_id=made.id))


def get_analysis(analysis_id: int) -> Analysis:
    """The analysis, if the reader sees how tests did; NotFound otherwise."""
    check_may_read(current_scope())
    return queries.get_analysis(analysis_id)


def get_made(analysis_id: int) -> Analysis:
    """The same, once it is counted."""
    found = get_analysis(analysis_id)
    if found.made_at is None:
        raise NotFound
    return found

"""Pages of certificates: the holder's download, the public check, the officer's list and prints."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.certificates import actions, printing, queries, rules, words
from lms.certificates.forms import CodeForm, WithdrawForm
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission
from lms.commissions.permissions import INSPECTORS, OVERSEERS, get_commission, may_reach
from lms.core import clock
from lms.core.documents import storage
from lms.core.errors import NotFound, Refused
from lms.core.web import access
from lms.core.web.languages import _

blueprint = Blueprint("certificates", __name__, template_folder="templates")
AT_ONCE = 30
"""So many certificates are printed while the officer waits; more are the worker's."""


@blueprint.get("/certificates/<int:certificate_id>")
@access.signed_in
def download(certificate_id: int) -> ResponseReturnValue:
    """The holder's own certificate; while it is being rendered, a page that asks again by itself."""
    scope = current_scope()
    certificate = queries.get_own(scope.person_id or 0, certificate_id)
    if certificate.withdrawn_at is not None or certificate.document_id is None:
        return render_template("certificates/own.html", certificate=certificate)
    actions.note_taken(certificate=certificate, by=scope)
    return _send_stored(certificate.document_id)


@blueprint.post("/certificates/<int:certificate_id>/prepare")
@access.signed_in
def prepare(certificate_id: int) -> ResponseReturnValue:
    """Ask once more for a certificate that was not rendered."""
    scope = current_scope()
    certificate = queries.get_own(scope.person_id or 0, certificate_id)
    actions.ask_to_render(certificate=certificate, by=scope)
    return redirect(url_for("certificates.download", certificate_id=certificate.id))


@blueprint.get("/verify", defaults={"code": ""})
@blueprint.get("/verify/<string:code>")
@access.public
def verify(code: str) -> ResponseReturnValue:
    """What anyone may know of a certificate by its code; the same page, with 404, for a code that nobody has."""
    form = CodeForm(request.args)
    if not code and form.code.data and rules.is_number(form.code.data):
        return render_template("certificates/verify.html", form=form, code="", shown=None, number=True), 422
    if not code and form.code.data:
        return redirect(url_for("certificates.verify", code=rules.read_code(form.code.data) or "0"))
    certificate = queries.find_by_code(rules.read_code(code)) if code else None
    shown = words.shown_of(certificate, clock.today()) if certificate else None
    page = render_template("certificates/verify.html", form=form, code=code, shown=shown, number=False)
    response: Response = make_response(page, 200 if shown or not code else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/commissions/<int:commission_id>/certificates", methods=["GET", "POST"])
@access.duty(*INSPECTORS)
def print_commission(commission_id: int) -> ResponseReturnValue:
    """The certificates of a commission and of those below it; on sending, all of them as one document to print."""
    scope = current_scope()
    commission = get_commission(scope, commission_id, *(INSPECTORS if request.method == "GET" else OVERSEERS))
    printable = queries.count_of_commission(commission.id, printable=True)
    if request.method == "POST":
        if 0 < printable <= AT_ONCE:
            actions.note_printed(commission=commission, count=printable, by=scope)
            return _print_now(commission)
        asked = actions.ask_to_print(commission=commission, by=scope)
        return redirect(url_for("certificates.show_print", print_id=asked.id))
    page = max(1, request.args.get("page", 1, type=int))
    total = queries.count_of_commission(commission.id)
    return render_template(
        "certificates/commission.html",
        commission=commission,
        rows=queries.list_of_commission(commission.id, page=page),
        total=total,
        printable=printable,
        at_once=AT_ONCE,
        page=page,
        last=-(-total // queries.PAGE),
        address=lambda n: url_for("certificates.print_commission", commission_id=commission.id, page=n),
        oversees=may_reach(scope, commission.id, *OVERSEERS),
        prints=queries.list_prints(commission.id),
        status_of=lambda one: rules.status_of(one.withdrawn_at, one.valid_until, clock.today()).value,
        status_name=words.status_name,
    )


@blueprint.get("/certificate-prints/<int:print_id>")
@access.duty(*INSPECTORS)
def show_print(print_id: int) -> ResponseReturnValue:
    """How far a print is; it may be left and found again at the commission's certificates."""
    asked = queries.get_print(current_scope(), print_id)
    return render_template("certificates/print_page.html", asked=asked, job=asked.job)


@blueprint.get("/certificate-prints/<int:print_id>/file")
@access.duty(*INSPECTORS)
def print_file(print_id: int) -> ResponseReturnValue:
    """The document of a print."""
    asked = queries.get_print(current_scope(), print_id)
    if asked.document_id is None:
        raise NotFound
    return _send_stored(asked.document_id)


@blueprint.route("/certificates/<int:certificate_id>/withdraw", methods=["GET", "POST"])
@access.duty(*OVERSEERS)
def withdraw(certificate_id: int) -> ResponseReturnValue:
    """Declare a certificate void."""
    scope = current_scope()
    certificate = queries.get_looked_after(scope, certificate_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            actions.withdraw_certificate(certificate=certificate, reason=form.reason.data, by=scope)
        except Refused as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The certificate is withdrawn. Whoever checks it sees this at once."))
            return redirect(url_for("certificates.print_commission", commission_id=certificate.commission_id))
    page = render_template("certificates/withdraw.html", form=form, certificate=certificate)
    return page, 422 if form.is_submitted() else 200


def _print_now(commission: Commission) -> ResponseReturnValue:
    sheets = [printing.sheet_of(one) for one in queries.list_to_print(commission.id)]
    content = printing.render_sheets(sheets, title=f"Сертификаттар / Сертификаты {commission.code}")
    return _send(content, f"certificates-{commission.code}.pdf")


def _send_stored(document_id: int) -> ResponseReturnValue:
    row, content = storage.read(document_id)
    return _send(content, row.name)


def _send(content: bytes, name: str) -> ResponseReturnValue:
    response = send_file(BytesIO(content), mimetype="application/pdf", download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response

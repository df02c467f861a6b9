"""Manuals for everyone to take."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from lms.core.documents import storage
from lms.core.documents.booklet import ON_A_SHEET, SIGNATURE
from lms.core.web import access
from lms.manuals import queries
from lms.manuals.models import ManualFile

blueprint = Blueprint("manuals", __name__, template_folder="templates")


@blueprint.get("/manuals")
@access.public
def start() -> ResponseReturnValue:
    """Every manual, in every language and format."""
    fold = {"sheets": SIGNATURE // ON_A_SHEET, "pages": SIGNATURE}
    return render_template("manuals/start.html", manuals=queries.list_manuals(), fold=fold)


@blueprint.get("/manuals/<string:name>")
@access.public
def earlier(name: str) -> ResponseReturnValue:
    """The manuals of earlier versions of a course."""
    newest, manuals = queries.get_newest(name), queries.list_earlier(name)
    return render_template("manuals/earlier.html", newest=newest, manuals=manuals)


@blueprint.get("/manuals/<string:name>/<string:language>")
@access.public
def newest(name: str, language: str) -> ResponseReturnValue:
    """The newest manual of a course on A4, as a file: an address that stays the same."""
    return _send(queries.get_file(name, language))


@blueprint.get("/manuals/<string:name>/<int:number>/<string:language>/<string:form>")
@access.public
def download(name: str, number: int, language: str, form: str) -> ResponseReturnValue:
    """The manual of one version in one format (a4, a5, booklet, epub), as a file."""
    return _send(queries.get_file(name, language, form, number))


def _send(manual: ManualFile) -> ResponseReturnValue:
    found, content = storage.read(manual.file_id)
    return send_file(BytesIO(content), mimetype=found.media_type, download_name=found.name, etag=found.sha256)

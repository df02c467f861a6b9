"""Manuals for everyone to take."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from lms.core.documents import storage
from lms.core.web import access
from lms.manuals import queries

blueprint = Blueprint("manuals", __name__, template_folder="templates")


@blueprint.get("/manuals")
@access.public
def start() -> ResponseReturnValue:
    """Every manual, in every language."""
    return render_template("manuals/start.html", manuals=queries.list_manuals())


@blueprint.get("/manuals/<string:name>/<string:language>")
@access.public
def download(name: str, language: str) -> ResponseReturnValue:
    """One manual as a file."""
    found, content = storage.read(queries.get_file(name, language).file_id)
    return send_file(BytesIO(content), mimetype=found.media_type, download_name=found.name, etag=found.sha256)

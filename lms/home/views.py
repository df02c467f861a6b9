"""The first page of everyone, and the health check."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core.web import access

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@access.signed_in
def start() -> ResponseReturnValue:
    """What to do next."""
    return render_template("home/start.html")

"""The page that says the database does not serve just now. It asks the database nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lms.core.database.base import db
from lms.core.database.trouble import Trouble, trouble_of
from lms.core.web import languages, metrics

STATUS = {Trouble.AWAY: 503, Trouble.READ_ONLY: 503, Trouble.BUSY: 503, Trouble.FULL: 507,
          Trouble.DAMAGED: 503}  # fmt: skip
AGAIN_AFTER = 5
"""Seconds after which trying again makes sense."""
KEPT_OUT = {"csrf_token", "password", "password_again", "secret", "code"}
"""Fields whose typed value is never shown again."""
log = structlog.get_logger(__name__)


def install(app: Flask, *, otherwise: Callable[[Exception], ResponseReturnValue]) -> None:
    """Tell troubles of the database from faults of our own, which `otherwise` shows."""

    def show(error: SQLAlchemyError) -> ResponseReturnValue:
        trouble = trouble_of(error)
        return otherwise(error) if trouble is None else show_trouble(trouble)

    app.register_error_handler(SQLAlchemyError, show)


def show_trouble(trouble: Trouble) -> Response:
    """503 (507 when the disk is full) with a sentence and, after a form, a button that sends it again."""
    metrics.count_trouble(trouble.value)
    log.error("database_trouble", trouble=trouble.value, endpoint=request.endpoint)
    with suppress(SQLAlchemyError):
        db.session.rollback()
    _ = languages._
    away = _("The database cannot be reached just now. Nothing was half done. Try again in a minute.")
    sentence = {
        Trouble.AWAY: away,
        Trouble.DAMAGED: away,
        Trouble.READ_ONLY: _("Nothing can be saved just now, only read. Nothing was half done. Try again in a minute."),
        Trouble.BUSY: _("Too many people are saving at once. Nothing was half done. Try again in a minute."),
        Trouble.FULL: _("The server's disk is full, so nothing was saved. Tell whoever runs it, and try again later."),
    }[trouble]
    is_form = request.method == "POST" and request.mimetype in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    )
    page = render_template("trouble.html", sentence=sentence, fields=typed_fields() if is_form else None)
    response = make_response(page, STATUS[trouble])
    response.headers["Retry-After"] = str(AGAIN_AFTER)
    return response


def typed_fields() -> list[tuple[str, str]]:
    """What was typed into the form of this request; no secrets."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in KEPT_OUT]

"""The web layer bound to the app: one transaction per request, headers, tokens, error pages, template words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from jinja2 import StrictUndefined
from markupsafe import Markup
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.core import clock
from lms.core.config import Settings
from lms.core.database import engine
from lms.core.database.base import db
from lms.core.database.trouble import trouble_of
from lms.core.errors import CascadeError, Unrecorded
from lms.core.jobs import queue
from lms.core.web import access, assets, downloads, hosts, languages, metrics, retyping, trouble
from lms.core.web.cleaning import CleanAddress, CleanRequest
from lms.core.web.identity import current_identity

csrf = CSRFProtect()
log = structlog.get_logger(__name__)
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PICTURE, PICTURE_POLICY = "image/svg+xml", "default-src 'none'; sandbox"
"""A picture that somebody opens by itself runs and fetches nothing."""


def install(app: Flask, settings: Settings) -> None:
    """Everything a request passes through, in order."""
    app.config.update(
        SECRET_KEY=settings.secrets.session,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=60 * 1024 * 1024,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIN_SIZE=600,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=14 * 86400,
        SESSION_REFRESH_EACH_REQUEST=False,  # a late answer must not bring back the session of before a new sign-in
    )
    app.request_class = CleanRequest
    metrics.install(app)
    app.before_request(begin_request)
    csrf.init_app(app)
    app.before_request(access.guard)
    app.after_request(end_request)
    app.after_request(languages.keep_language)
    app.after_request(keep_private)
    app.after_request(keep_still)
    app.after_request(downloads.name_in_latin)
    Talisman(
        app,
        force_https=False,
        strict_transport_security=settings.is_https,
        session_cookie_secure=settings.is_https,
        session_cookie_samesite="Lax",
        content_security_policy=POLICY,
        referrer_policy="same-origin",
    )
    Compress(app)
    install_words(app)
    app.register_error_handler(CascadeError, show_refusal)
    app.register_error_handler(Unrecorded, show_unrecorded)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_fault)
    for kind in (DataError, OverflowError):
        app.register_error_handler(kind, show_unfitting)
    trouble.install(app, otherwise=show_fault)
    assets.install(app, settings.instance / "static")
    app.wsgi_app = CleanAddress(languages.LanguagePrefix(app.wsgi_app))  # type: ignore[method-assign]
    if settings.behind_proxy:
        app.wsgi_app = hosts.OurNamesOnly(app.wsgi_app, settings.public_url)  # type: ignore[method-assign]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


def install_words(app: Flask) -> None:
    """What every template can say."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=languages._,
        _n=languages._n,
        pick=languages.pick,
        number=languages.number,
        percent=languages.percent,
        decimal=languages.decimal,
        day=languages.day,
        day_of_any_year=languages.day_of_any_year,
        date_in_full=languages.date_in_full,
        clock_time=languages.clock_time,
        clock_seconds=languages.clock_seconds,
        day_and_time=languages.day_and_time,
        standing_day=clock.standing_day,
        LANGUAGES=languages.LANGUAGES,
        LANGUAGE_NAMES=languages.NAMES,
        place_of_zone=languages.place_of_zone,
        current_language=languages.current_language,
        identity=current_identity,
        csrf=lambda: Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf()),
        in_language=in_language,
        own_address=lambda: app.extensions["settings"].own_address,
        has_endpoint=lambda name: name in app.view_functions,
    )


def in_language(language: str) -> str:
    """The address of this page in another language."""
    query = request.query_string.decode()
    return f"/{language}{request.path}" + (f"?{query}" if query else "")


def begin_request() -> None:
    """A request that only reads takes no write lock."""
    engine.reading.set(request.method in ("GET", "HEAD", "OPTIONS"))


def keep_changes() -> None:
    """Commit even though the answer is a refusal (a failed sign-in is counted)."""
    g.keep_changes = True


def end_request(response: Response) -> Response:
    """The one commit of the request, after a good response; otherwise nothing has happened."""
    if response.status_code < 400 or g.get("keep_changes", False):
        if db.session.registry.has():  # the save of an answer has a transaction of its own
            db.session.commit()
            queue.call_worker()
    else:
        db.session.rollback()
    return response


def keep_private(response: Response) -> Response:
    """Pages made for one person are kept by no shared or disk cache."""
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if current_identity_known() else "no-cache"
    return response


def keep_still(response: Response) -> Response:
    """Drawings act even less than pages."""
    if response.mimetype == PICTURE:
        response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


def current_identity_known() -> bool:
    """Whether somebody is signed in, without asking the database."""
    return bool(request.cookies.get("session"))


def show_refusal(refusal: CascadeError) -> ResponseReturnValue:
    """A plain page with the sentence and the right status."""
    return _page(refusal.status, refusal.sentence)


def show_unrecorded(_refusal: Unrecorded) -> ResponseReturnValue:
    """What cannot be recorded is not done; saying so, in the reader's language."""
    db.session.rollback()
    return _page(
        503,
        languages._(
            "What you did could not be recorded, so it was not done. Nothing has changed. Tell whoever runs the "
            "server, and try again later."
        ),
    )


def show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    """The form is too old: what was typed is shown again with a fresh token. A post from elsewhere gets no offer."""
    if comes_from_elsewhere():
        return _page(400, languages._("This form was sent from another site. Open the page here and try again."))
    return _typed_again(400)


def comes_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this request; older ones say it by `Origin` only."""
    origin = urlsplit(request.headers.get("Origin") or request.host_url).netloc
    said = request.headers.get("Sec-Fetch-Site", "same-origin")
    return said not in ("same-origin", "none") or origin != request.host


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """A plain page for any HTTP error; a signed-out person keeps what they typed."""
    if error.code is not None and error.code < 400:
        return error.get_response()
    found = trouble_of(getattr(error, "original_exception", None))
    if found is not None:  # the commit itself failed
        return trouble.show_trouble(found)
    if error.code == 401 and request.method == "POST":
        return _typed_again(401)
    return _page(error.code or 500, "")


def show_unfitting(error: Exception) -> ResponseReturnValue:
    """Something that no column holds, such as a number of thirty digits: there is no such thing, and none is made."""
    log.warning("does_not_fit", path=request.path, exc_info=error)
    db.session.rollback()
    if request.method in ("GET", "HEAD"):
        return _page(404, "")
    return _page(422, languages._("A number that was sent is too large to be kept. Nothing has changed. Correct it."))


def show_fault(error: Exception) -> ResponseReturnValue:
    """Our own fault: logged whole, told without detail."""
    log.error("fault", path=request.path, exc_info=error)
    db.session.rollback()
    return _page(500, "")


def _page(status: int, sentence: str) -> Response:
    headline, advice = _words_for(status)
    page = render_template(
        "error.html", status=status, headline=headline, sentence=sentence or advice, back=_page_of_form()
    )
    return make_response(page, status)


def _page_of_form() -> str:
    """The page on which the refused form stands, as far as the browser says it and it is ours; else empty."""
    came = urlsplit(request.referrer or "")
    if request.method != "POST" or came.netloc != request.host or came.path == request.path:
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path


def _typed_again(status: int) -> Response:
    page = render_template("typed_again.html", status=status, fields=retyping.list_typed())
    return make_response(page, status)


def _words_for(status: int) -> tuple[str, str]:
    _: Any = languages._
    return {
        400: (_("That did not work"), _("What was sent could not be read. Go back and try again.")),
        401: (_("Please sign in"), _("Sign in and try again.")),
        403: (_("This is not yours to do"), _("Ask the person who looks after your commission.")),
        404: (_("There is no such page"), _("Check the address, or start from the first page.")),
        405: (_("That did not work"), _("Go back and try again.")),
        409: (_("Someone was quicker"), _("Open the page again to see how it stands now.")),
        410: (_("This is over"), _("Start from the first page.")),
        413: (_("The file is too large"), _("Send a file of at most 50 MB.")),
        422: (_("That cannot be done"), ""),
        429: (_("Too many tries"), _("Wait a quarter of an hour and try again.")),
        503: (_("Not now"), _("Try again in a minute.")),
    }.get(status, (_("Something went wrong on our side"), _("Nothing you sent was half done. Try again in a minute.")))

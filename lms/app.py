"""The application: settings, extensions, rooms, and the check that every endpoint says who may enter."""

from __future__ import annotations

import gc
import importlib
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.local import LocalProxy

from lms.campaigns.queries import find_home_zone, find_own_words, find_standing_day, is_demo
from lms.commissions.identity import load_identity
from lms.core import clock, events
from lms.core.config import ROOT, Settings, load_settings
from lms.core.database.base import db
from lms.core.database.engine import engine_options, plan_anew, prepare_engine
from lms.core.jobs import queue
from lms.core.logging import set_up_logging
from lms.core.web import access, languages, setup
from lms.core.web.addresses import RowNumber
from lms.core.web.served import Served
from lms.demo.words import demo_note, demo_second_factor
from lms.home.menu import menu_of, searches
from lms.wiring import SUBSCRIPTIONS

if TYPE_CHECKING:
    from huey import Huey

ROOMS = (
    "accounts",
    "commissions",
    "campaigns",
    "questions",
    "curriculum",
    "learning",
    "cascade",
    "assessment",
    "bank",
    "workshops",
    "certificates",
    "manuals",
    "rosters",
    "exchange",
    "packs",
    "fairness",
    "sittings",
    "papertests",
    "reporting",
    "home",
    "retention",
    "demo",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Raises RuntimeError when an endpoint has no access mark."""
    set_up_logging()
    settings = settings or load_settings()
    app = Served("lms", static_folder=None, root_path=str(ROOT / "lms"), template_folder="core/web/templates")
    app.url_map.converters["int"] = RowNumber
    app.extensions["settings"] = settings
    app.extensions["load_identity"] = load_identity
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    clock.ask_once(find_standing_day)
    clock.ask_home_zone(find_home_zone)
    languages.ask_own_words(find_own_words)
    bind_migrations(app)
    events.subscribe(SUBSCRIPTIONS)
    load_rooms(app)
    queue.install(app, lambda: make_queue(settings))
    setup.install(app, settings)
    app.jinja_env.globals.update(
        menu_of=menu_of, searches=searches, is_demo=is_demo, demo_note=demo_note, demo_second_factor=demo_second_factor
    )
    app.jinja_env.loader = room_templates()
    access.refuse_unmarked(app)
    gc.freeze()  # what is here now stays for good: looking through it for garbage would hold requests up
    return app


def create_server() -> Flask:
    """The application as the web server runs it."""
    app = create_app()
    with app.app_context():
        plan_anew(db.engine)
    return app


def make_queue(settings: Settings) -> Huey:
    """Where calls of the worker wait. Loaded when somebody calls: most commands do without."""
    from lms.core.jobs.storage import make_huey

    return make_huey(settings)


def bind_migrations(app: Flask) -> None:
    """Have the migrations at hand. Alembic is loaded when they are asked for: commands and the server do without."""

    def load() -> Any:
        from flask_migrate import Migrate

        Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
        return app.extensions["migrate"]  # now its own: it stands there from now on

    app.extensions["migrate"] = LocalProxy(load)


def load_rooms(app: Flask) -> None:
    """Import every room's tables and tasks, and register the blueprints of its views."""
    for part in ("audit.models", "documents.models", "jobs.models", "jobs.tasks"):
        importlib.import_module(f"lms.core.{part}")
    for room in ROOMS:
        present = {found.name for found in iter_modules(importlib.import_module(f"lms.{room}").__path__)}
        for part in ("models", "tasks"):
            if part in present:
                importlib.import_module(f"lms.{room}.{part}")
        if "views" in present:
            views = importlib.import_module(f"lms.{room}.views")
            app.register_blueprint(views.blueprint)


def room_templates() -> ChoiceLoader:
    """Templates of every room, each in a folder of the room's name."""
    folders = [ROOT / "lms" / "core" / "web", *(ROOT / "lms" / room for room in ROOMS)]
    return ChoiceLoader([FileSystemLoader(folder / "templates") for folder in folders])

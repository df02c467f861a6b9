"""The templates of manuals: they need no request and no app, so that a manual can be built anywhere."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from lms.core.web.languages import NAMES, _, _n, date_in_full


def fill(template: str, **words: Any) -> str:
    """A template of this room, in the language that is spoken."""
    return open_template(template).render(**words)


def open_template(name: str) -> Template:
    """A template of this room."""
    return _environment().get_template(f"manuals/{name}")


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("lms.manuals"),
        autoescape=select_autoescape(("html", "svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=_, _n=_n, date_in_full=date_in_full, LANGUAGE_NAMES=NAMES)
    return made

"""Write docs/routes.md, the list of all pages with who may enter: `python -m tools.routes`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from lms.app import create_app
from lms.core.config import ROOT
from lms.core.web.access import mark_of
from tools.migrations import scratch_settings

PAGE = ROOT / "docs" / "routes.md"
HEAD = """# Every route, and who may enter

Written by `python -m tools.routes` from the access marks in the code; a test fails when it is out of date. The app
does not start while an endpoint has no mark. A duty opens the door; the view then asks about the place: what lies
outside the reader's branch answers 404, like what does not exist. Every address is also read as `/kk/...`, `/ru/...`
and `/en/...`.

| Route | Methods | Who may enter | Endpoint |
|---|---|---|---|
"""


def routes_page(app: Flask) -> str:
    """The whole page."""
    return HEAD + "".join(sorted(_row(app, rule) for rule in app.url_map.iter_rules()))


def _row(app: Flask, rule: Rule) -> str:
    methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    mark = mark_of(app.view_functions[rule.endpoint])
    return f"| `{rule}` | {methods} | {mark.words if mark else 'nobody'} | `{rule.endpoint}` |\n"


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(scratch_settings(Path(folder)))
        PAGE.write_text(routes_page(app), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

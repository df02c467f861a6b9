"""What files are called that somebody takes home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response
from werkzeug.http import parse_options_header

from lms.core.text import in_latin

DISPOSITION = "Content-Disposition"


def private_file(kept: Mapping[str, Any], name: str) -> Response:
    """What is kept of somebody as a file (JSON) that no browser keeps."""
    response = Response(json.dumps(kept, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers[DISPOSITION] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response


def name_in_latin(response: Response) -> Response:
    """A file with a name in other letters says it in Latin ones too, for programs that read no others."""
    said = response.headers.get(DISPOSITION, "")
    if "filename*=" in said:
        kind, options = parse_options_header(said)
        name = options.get("filename", "")
        names = {"filename": in_latin(name), "filename*": f"UTF-8''{quote(name, safe='')}"}
        response.headers.set(DISPOSITION, kind, **names)
    return response

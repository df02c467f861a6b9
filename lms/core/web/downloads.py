"""What files are called that somebody takes home."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response
from werkzeug.http import parse_options_header

from lms.core.text import in_latin

DISPOSITION = "Content-Disposition"


def name_in_latin(response: Response) -> Response:
    """A file with a name in other letters says it in Latin ones too, for programs that read no others."""
    said = response.headers.get(DISPOSITION, "")
    if "filename*=" in said:
        kind, options = parse_options_header(said)
        name = options.get("filename", "")
        names = {"filename": in_latin(name), "filename*": f"UTF-8''{quote(name, safe='')}"}
        response.headers.set(DISPOSITION, kind, **names)
    return response

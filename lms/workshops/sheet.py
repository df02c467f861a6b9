"""The sign-in sheet of a workshop, on paper."""

from __future__ import annotations

from datetime import datetime

from flask import render_template

from lms.campaigns.queries import is_demo
from lms.commissions.models import Commission
from lms.commissions.names import level_abbreviations
from lms.core.documents.pdf import render_pdf
from lms.core.web.languages import in_own_words, speaking
from lms.workshops import listing, queries, rules
from lms.workshops.models import Workshop

SPARE_LINES = 5
"""Empty lines at least, for people who come uninvited."""


def render_sheet(workshop: Workshop, now: datetime) -> bytes:
    """The PDF: A4 landscape, Kazakh and Russian, a line for each person expected, lines for others, pages numbered."""
    rows = listing.list_rows(workshop)
    with speaking("kk"):
        html = render_template(
            "workshops/sheet_print.html",
            workshop=workshop,
            title=queries.title_of(workshop),
            starts=rules.to_local(workshop.starts_at, workshop.time_zone),
            ends=rules.to_local(workshop.ends_at, workshop.time_zone),
            offset=rules.utc_offset(workshop.starts_at, workshop.time_zone),
            rows=rows,
            spare=range(len(rows) + 1, len(rows) + 1 + max(SPARE_LINES, len(rows) // 10)),
            printed=rules.to_local(now, workshop.time_zone),
            names_of=names_of,
            category_of=category_of,
            in_own_words=in_own_words,
            demo=is_demo(),
        )
        css = render_template("workshops/sheet_print.css")
    return render_pdf(html, css)


def category_of(category: str) -> str:
    """What a person was, in Kazakh and in Russian."""
    short = level_abbreviations(category)
    return f"{short['kk'] or 'басқа'} / {short['ru'] or 'иное'}"


def names_of(commission: Commission | None) -> list[str]:
    """A commission's name in Kazakh and in Russian; once when both are the same."""
    if commission is None:
        return []
    names = {row.language: row.name for row in commission.names}
    return list(dict.fromkeys(names[language] for language in ("kk", "ru") if names.get(language)))

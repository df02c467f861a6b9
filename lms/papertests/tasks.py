"""What the worker does about papers. Nothing is held in the database while pages are laid out: nobody waits."""

from __future__ import annotations

from typing import Any

from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.jobs.queue import Progress, work
from lms.papertests import actions, printing
from lms.papertests.models import PaperPrint


@work(actions.PRINT)
def print_papers(progress: Progress, params: dict[str, Any]) -> None:
    """Lay papers out as one document; nothing to do when it is there."""
    paper_print_id = int(params["paper_print_id"])
    with only_reading():
        asked = db.session.get_one(PaperPrint, paper_print_id)
        if asked.document_id is not None:
            return
        bundle = printing.read_bundle(asked, params["language"])
        db.session.rollback()
    content = printing.render_bundle(bundle, progress)
    actions.keep_print(paper_print_id=paper_print_id, content=content)

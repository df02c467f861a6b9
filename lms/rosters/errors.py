"""What is refused about an import, each with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lms.core.errors import Refused
from lms.core.web.languages import _, _n, date_in_full, number


class ProblemsRemain(Refused):
    """Applying while rows have problems, without leaving them out."""

    def __init__(self, count: int) -> None:
        super().__init__(
            _n(
                "%(n)s row has a problem. Mend it and send it again, or say that it is to be left out. "
                "Nothing has changed.",
                "%(n)s rows have problems. Mend them and send them again, or say that they are to be left out. "
                "Nothing has changed.",
                count,
            )
        )


class ManyLeaving(Refused):
    """Applying while many members would leave, without saying that they are to."""

    def __init__(self, leaving: int, members: int) -> None:
        super().__init__(
            _n(
                "%(n)s of %(members)s members leaves the seat. Say that this is meant, or send the file as one that "
                "only adds and changes. Nothing has changed.",
                "%(n)s of %(members)s members leave their seats. Say that this is meant, or send the file as one that "
                "only adds and changes. Nothing has changed.",
                leaving,
                members=number(members),
            )
        )


class NotReady(Refused):
    """Applying an import that is not read, or was applied already."""

    def __init__(self) -> None:
        super().__init__(_("This import is not waiting to be applied. Open it again to see how it stands."))


class Outdated(Refused):
    """The commissions changed after the file was compared with them."""

    def __init__(self) -> None:
        super().__init__(
            _("The commissions have changed since this file was read. Have it read again and look once more.")
        )


class Erased(Refused):
    """Reading or undoing an import of which file and rows were erased."""

    def __init__(self, on: datetime | None) -> None:
        said = date_in_full(on) if on else ""
        super().__init__(
            _(
                "The file and the rows of this roster were erased on %(day)s, as the terms for personal data ask. It "
                "can neither be read again nor undone. Nothing has changed.",
                day=said,
            )
        )


class CannotUndo(Refused):
    """Undoing an import on which later changes stand: each is named."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(_("This roster cannot be undone.") + " " + " ".join(reasons) + " " + _("Nothing has changed."))


class NotKept(Refused):
    """Undoing an import that was applied before it was kept what applying does."""

    def __init__(self) -> None:
        super().__init__(
            _("This roster was applied before Cascade could undo one. Send the commissions' earlier rosters instead.")
        )

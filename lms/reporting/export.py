"""The completion list as a table: one row a member, written while it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from lms.commissions.models import Commission, CommissionName
from lms.commissions.names import office_name
from lms.commissions.permissions import Scope, may_see_nomination
from lms.commissions.rules import Office
from lms.core.audit.actions import Actor, record
from lms.core.database.base import db
from lms.core.database.engine import only_reading
from lms.core.documents.tables import Words, csv_parts, words
from lms.core.web.languages import NAMES, _, current_language
from lms.learning.rules import State
from lms.reporting.everyone import branch
from lms.reporting.members import stream_rows
from lms.reporting.pages import Line
from lms.reporting.rules import Missing, state_of
from lms.reporting.words import outlook_words, readiness_words, state_words

Cells = list[object]


class Place(NamedTuple):
    """What a row says of its commission."""

    code: str
    name: str
    zone: ZoneInfo


def stream_csv(scope: Scope, commission_id: int, campaign_id: int) -> Iterator[str]:
    """The CSV of a branch in parts, in the reader's language. Nominations only for those who look after the branch."""
    language = current_language()
    nominations = may_see_nomination(scope, commission_id)

    def rows() -> Iterator[Cells]:
        yield _headings(nominations=nominations)
        places = _places(commission_id, language)
        phrases = Phrases(nominations)
        for row, missing in stream_rows(scope, commission_id, campaign_id):
            yield phrases.cells(row, missing, places[row.commission_id])

    return csv_parts(rows(), language=language)


def in_one_reading(parts: Callable[[], Iterator[str]]) -> Iterator[str]:
    """The same parts, read while nobody who writes waits for it: also after a request that wrote something."""
    with only_reading():
        yield from parts()


def table_csv(lines: Sequence[Line]) -> Iterator[str]:
    """The table of a branch as CSV, its rows as the page has them, in the reader's language."""
    return csv_parts([_table_headings(), *map(_table_cells, lines)], language=current_language())


class Phrases:
    """The cells of one list; what many rows say is said once."""

    def __init__(self, nominations: bool) -> None:
        self.nominations = nominations
        self.yes_or_no = (words(_("no")), words(_("yes")))
        self.offices = {office.value: words(office_name(office.value)) for office in Office}
        self.states = {state: words(state_words(state)) for state in State}
        self.languages = {language: words(name) for language, name in NAMES.items()}

    def cells(self, row: Row[Any], left: Missing, place: Place) -> Cells:
        """The cells of one member."""
        (
            _person,
            last4,
            surname,
            given_name,
            patronymic,
            phone,
            language,
            _place,
            office,
            nominated_by,
            login,
            has_signed_in,
            _level,
            finished,
            begun,
            finished_at,
            imported,
        ) = row  # at once: there are seventy thousand rows
        state = state_of(finished=bool(finished), begun=bool(begun))
        return [
            place.code, place.name, surname, given_name, patronymic,
            Words(f"•••• •••• {last4}") if last4 else "", self.offices[office],
            *((nominated_by,) if self.nominations else ()),
            phone_cell(phone), self.languages.get(language, language), login,
            self.yes_or_no[bool(has_signed_in)], self.states[state],
            finished_at.astimezone(place.zone).date() if finished else None,
            len(left.modules), self.yes_or_no[left.test], self.yes_or_no[left.workshop],
            self.yes_or_no[bool(imported)],
        ]  # fmt: skip


def phone_cell(phone: str) -> str:
    """A phone as people here write it: 8 701 123 45 67. The + in front of it would be taken for a formula."""
    if phone[:2] != "+7" or len(phone) != 12:
        return phone
    return f"8 {phone[2:5]} {phone[5:8]} {phone[8:10]} {phone[10:]}"


def _table_headings() -> Cells:
    return [
        _("Code"), _("Commission"), _("Precincts"), _("Precincts ready"), _("Must"), _("Finished"), _("Begun"),
        _("Not begun"), _("Missing"), _("By election day"), _("Last finishes on"),
    ]  # fmt: skip


def _table_cells(line: Line) -> Cells:
    figures, few = line.figures, line.is_precinct
    name = _("The commission itself") if line.own else line.place.name
    return [
        line.place.code, name, None if few else figures.precincts, None if few else figures.ready,
        figures.must, figures.finished, figures.begun, figures.not_begun, figures.missing,
        readiness_words(figures) if few else outlook_words(line.forecast),
        None if few else line.forecast.finished_on,
    ]  # fmt: skip


def note_export(*, commission_id: int, reason: str, by: Actor) -> None:
    """Record that a list of people left the house, and what for."""
    values = {"reason": ("", reason)} if reason else None
    record("reporting.exported", by=by, subject=f"commission:{commission_id}", values=values)


def _headings(*, nominations: bool) -> Cells:
    return [
        _("Code"), _("Commission"), _("Surname"), _("Given name"), _("Patronymic"), _("Identity number"), _("Office"),
        *([_("Nominated by")] if nominations else []),
        _("Phone"), _("Language of learning"), _("Login"), _("Has signed in"), _("State"), _("Finished on"),
        _("Modules left"), _("Test left"), _("Workshop left"), _("Imported history"),
    ]  # fmt: skip


def _places(commission_id: int, language: str) -> dict[int, Place]:
    rows = db.session.execute(
        select(Commission.id, Commission.code, CommissionName.name, Commission.time_zone)
        .outerjoin(
            CommissionName, (CommissionName.commission_id == Commission.id) & (CommissionName.language == language)
        )
        .where(Commission.id.in_(branch(commission_id)))
    )
    return {found: Place(words(code), words(name or code), ZoneInfo(zone)) for found, code, name, zone in rows}

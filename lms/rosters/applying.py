"""Apply an import: all of it or nothing, in one transaction, in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select, update

from lms.commissions.actions import NewAppointment, appoint, end_appointments
from lms.commissions.corrections import correct_nomination, set_time_zone
from lms.commissions.founding import found_commissions
from lms.commissions.models import Appointment, Commission
from lms.commissions.permissions import Scope
from lms.commissions.rules import Office, level_of
from lms.core import clock
from lms.core.audit.actions import record
from lms.core.database.base import Model, db
from lms.core.database.bulk import look_over
from lms.core.jobs.queue import Progress, unseen
from lms.learning.models import Enrolment
from lms.people.actions import NewPerson, add_people, correct_people
from lms.people.models import Person
from lms.rosters import queries
from lms.rosters.comparing import mark_now
from lms.rosters.errors import ManyLeaving, NotReady, Outdated, ProblemsRemain
from lms.rosters.findings import Outcome
from lms.rosters.keeping import Kept, in_words, list_enrolments
from lms.rosters.models import RosterImport
from lms.rosters.packing import pack_kept, unpack, unpack_place
from lms.rosters.permissions import check_may_import
from lms.rosters.planning import plan_commissions
from lms.rosters.rules import PERSON_FIELDS
from lms.rosters.states import ImportState

BATCH = 500
PART = 5_000
"""Rows dealt with at once."""
MANY = 5_000
"""So many people seated at once change how the database has to go about counting them."""
Data = dict[str, Any]
Item = TypeVar("Item")
Record = TypeVar("Record", bound=Model)


def apply_import(
    *,
    roster_import: RosterImport,
    leave_out_problems: bool,
    let_leave: bool = False,
    by: Scope,
    progress: Progress = unseen,
) -> None:
    """Make the commissions what the file says. Raises Refused when problems remain and are not to be left out, when
    many would leave and it was not said that they may (`let_leave`), when the import is not waiting, or when the
    commissions have changed since it was read."""
    check_may_import(by, roster_import.commission_id)
    _claim(roster_import)
    problems = roster_import.counts["outcomes"][Outcome.PROBLEM]
    if problems and not leave_out_problems:
        raise ProblemsRemain(problems)
    if mark_now(roster_import) != roster_import.mark:
        raise Outdated
    departures = queries.count_departures(roster_import)
    if departures.are_many and not let_leave:
        raise ManyLeaving(departures.leaving, departures.members)
    _Application(roster_import, by).run(progress)
    roster_import.left_out, roster_import.keeps_changes = problems, True
    counts = {"outcomes": roster_import.counts["outcomes"], "commissions": roster_import.counts["commissions"]}
    record("rosters.applied", by=by, subject=f"roster_import:{roster_import.id}", left_out=problems, **counts)


def _claim(roster_import: RosterImport) -> None:
    """Take the import, so that it is applied once however many ask."""
    claimed = db.session.execute(
        update(RosterImport)
        .where(RosterImport.id == roster_import.id, RosterImport.state == ImportState.READ)
        .values(state=ImportState.APPLIED, applied_at=clock.now())
        .returning(RosterImport.id)
    ).scalar_one_or_none()
    if claimed is None:
        raise NotReady
    db.session.refresh(roster_import)


class _Application:
    """The steps of applying one import."""

    def __init__(self, roster_import: RosterImport, by: Scope) -> None:
        self.roster_import = roster_import
        self.by = by
        self.today = clock.today()
        self.places = [unpack_place(values) for values in roster_import.places]
        self.commission_ids: dict[int, int] = {}
        self.appointments: list[NewAppointment] = []
        self.kept = Kept()

    def run(self, progress: Progress) -> None:
        outcomes = self.roster_import.counts["outcomes"]
        total, done = outcomes[Outcome.CHANGED] + outcomes[Outcome.NEW], 0
        self._make_commissions()
        self._set_time_zones()
        self._end(_load(Appointment, (data["appointment"] for data in self._rows(Outcome.LEAVING))))
        for part in _batches(self._rows(Outcome.CHANGED), PART):
            self._change(part)
            progress(done := done + len(part), total)
        for part in _batches(self._rows(Outcome.NEW), PART):
            self._add(part)
            progress(done := done + len(part), total)
        if self.appointments:
            self._appoint()
        if len(self.appointments) >= MANY:
            look_over(Commission, Person, Appointment, Enrolment)
        self.kept.write(self.roster_import.id)

    def _rows(self, outcome: Outcome) -> Iterator[Data]:
        return (unpack(row.payload) for row in queries.iterate_rows(self.roster_import.id, outcome))

    def _make_commissions(self) -> None:
        present = {place.index: place.present_id for place in self.places if place.present_id}
        plans = plan_commissions(self.places, queries.list_numbers_below(self.roster_import.commission_id), self.today)
        made = found_commissions(plans=plans, present=present, since=self.today, by=self.by)
        self.kept.made(Commission, made.values())
        self.commission_ids = {**present, **made}
        settled = [replace(place, present_id=self.commission_ids.get(place.index)) for place in self.places]
        self.roster_import.places = [pack_kept(place) for place in settled]

    def _set_time_zones(self) -> None:
        said = {place.present_id: place.time_zone for place in self.places if place.present_id and place.time_zone}
        for commission in _load(Commission, said):
            if commission.time_zone != said[commission.id]:
                self.kept.changed(Commission, commission.id, {"time_zone": (commission.time_zone, said[commission.id])})
                set_time_zone(commission=commission, time_zone=said[commission.id], by=self.by)

    def _end(self, appointments: list[Appointment]) -> None:
        if appointments:
            end_appointments(appointments=appointments, on=self.today, by=self.by)
        for one in appointments:
            self.kept.changed(Appointment, one.id, {"ends_on": ("", in_words(one.ends_on))})

    def _change(self, part: list[Data]) -> None:
        people = {person.id: person for person in _load(Person, (data["person"] for data in part))}
        seats = {seat.id: seat for seat in _load(Appointment, (data["appointment"] for data in part))}
        self._correct((people[data["person"]], _person_fields(data)) for data in part)
        new_offices: list[Appointment] = []
        for data in part:
            seat = seats[data["appointment"]]
            nominated_by = data.get("nominated_by") or seat.nominated_by
            if "office" in data["changed"]:
                new_offices.append(seat)
                self._seat(data, seat.person_id, nominated_by, seat.act)
            elif nominated_by != seat.nominated_by:
                self.kept.changed(Appointment, seat.id, {"nominated_by": (seat.nominated_by, nominated_by)})
                correct_nomination(appointment=seat, nominated_by=nominated_by, by=self.by)
        self._end(new_offices)

    def _add(self, part: list[Data]) -> None:
        known = {person.id: person for person in _load(Person, (data["person"] for data in part if "person" in data))}
        strangers = [data for data in part if "person" not in data]
        ids = add_people(people=[_new_person(data) for data in strangers], by=self.by)
        for data, person_id in zip(strangers, ids, strict=True):
            data["person"] = person_id
        self.kept.made(Person, ids)
        self._correct((known[data["person"]], _person_fields(data)) for data in part if data["person"] in known)
        for data in part:
            self._seat(data, data["person"], data.get("nominated_by", ""))

    def _correct(self, corrections: Iterable[tuple[Person, Mapping[str, str]]]) -> None:
        for person_id, changed in correct_people(corrections=corrections, by=self.by):
            self.kept.changed(Person, person_id, changed)

    def _appoint(self) -> None:
        """Seat everyone; of those who were known before, note what they were enrolled in by that."""
        known = {one.person_id for one in self.appointments} - self.kept.has_made(Person)
        before = list_enrolments(known)
        self.kept.seated(appoint(appointments=self.appointments, since=self.today, by=self.by))
        self.kept.made(Enrolment, list_enrolments(known) - before)

    def _seat(self, data: Data, person_id: int, nominated_by: str, act: str = "") -> None:
        place = self.places[data["place"]]
        self.appointments.append(
            NewAppointment(
                person_id=person_id,
                commission_id=self.commission_ids[place.index],
                level=level_of(place.territory),
                office=Office(data["office"]),
                nominated_by=nominated_by,
                act=act,
            )
        )


def _new_person(data: Mapping[str, Any]) -> NewPerson:
    return NewPerson(number=data["number"], **{"given_name": "", **_person_fields(data)})


def _person_fields(data: Mapping[str, Any]) -> dict[str, str]:
    """What the row says of the person; an empty cell says nothing."""
    return {name: data[name] for name in PERSON_FIELDS if data.get(name)}


def _load(kind: type[Record], ids: Iterable[int]) -> list[Record]:
    found: list[Record] = []
    for part in _batches(ids):
        found.extend(db.session.scalars(select(kind).where(kind.id.in_(part))))  # type: ignore[attr-defined]
    return found


def _batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    waiting = iter(items)
    while part := list(islice(waiting, size)):
        yield part

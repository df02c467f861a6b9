"""Pages of seats: replace a member, fill a free seat, leave, change an office; who sat when."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from lms.accounts.queries import find_account_of
from lms.commissions import leave_back, permissions, queries, reserve, seating, staff
from lms.commissions.errors import NoLongerSeated, NotSeated, NumberTaken
from lms.commissions.forms import (
    ActForm,
    CorrectionForm,
    EnterNumberForm,
    NewcomerForm,
    OfficeForm,
    ReasonForm,
    RenumberForm,
    take_refusal,
)
from lms.commissions.identity import current_scope
from lms.commissions.models import Commission, ReserveEntry
from lms.commissions.names import kind_name, name_of, office_name, role_name
from lms.commissions.paths import way_to
from lms.commissions.permissions import INSPECTORS, OVERSEERS, WATCHERS, Scope
from lms.commissions.renumbering import WrongNumber, came_by_number, renumber_person
from lms.commissions.rules import Office, Role, SeatFault
from lms.commissions.slips import find_slip_time
from lms.core import clock
from lms.core.errors import Forbidden, Refused
from lms.core.web import access
from lms.core.web.languages import _, date_in_full
from lms.core.web.paging import asked_page
from lms.people.actions import correct_person, reveal_number
from lms.people.models import Person
from lms.people.queries import list_entries_of
from lms.people.words import odd_number_sentence

OFFICERS = OVERSEERS
STAFF = WATCHERS
PAGE = 100


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/people/<int:person_id>/replace", view_func=replace, methods=["GET", "POST"])
    blueprint.add_url_rule("/commissions/<int:commission_id>/seat", view_func=fill, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>/leave", view_func=leave, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>/take-back", view_func=take_back, methods=["GET", "POST"])
    blueprint.add_url_rule(
        "/people/<int:person_id>/leave/take-back", view_func=take_leave_back, methods=["GET", "POST"]
    )
    blueprint.add_url_rule("/people/<int:person_id>/office", view_func=office, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>/correct", view_func=correct, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>/number", view_func=number, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>/number/correct", view_func=renumber, methods=["GET", "POST"])
    blueprint.add_url_rule("/commissions/<int:commission_id>/composition", view_func=composition)
    blueprint.add_url_rule("/people/<int:person_id>/seats", view_func=history)
    blueprint.add_url_rule("/commissions/<int:commission_id>/vacancies", view_func=vacancies)


@access.duty(*OFFICERS)
def replace(person_id: int) -> ResponseReturnValue:
    """Who leaves, who comes, by which decision, from which day: one screen."""
    scope = current_scope()
    try:
        seat = permissions.get_seat_in_care(scope, person_id)
    except NoLongerSeated:
        if request.method == "GET":
            raise
        return _too_late(scope, person_id)
    person = seat.person
    since = clock.today(seat.commission.time_zone)
    entry = _chosen(seat.commission)
    form = NewcomerForm(entry=entry, office=seat.office, since=since, act_on=since)
    if form.validate_on_submit():
        try:
            _check_chosen(entry)
            made = seating.replace_member(
                leaving=seat, coming=form.coming(), terms=form.seat_terms(), rename=form.renames, by=scope
            )
        except (Refused, Forbidden) as refusal:
            take_refusal(form, refusal)
        else:
            flash(_("%(name)s comes in place of %(left)s.", name=made.person.full_name, left=person.full_name))
            _flash_odd(form)
            return redirect(url_for("home.arrival", person_id=made.person_id))
    waits = reserve.find_next(seat.commission, leaving=seat)
    return _page(
        "commissions/replace.html", scope, seat.commission, form, person=person, seat=seat, came=None, waits=waits
    )


def _too_late(scope: Scope, person_id: int) -> ResponseReturnValue:
    """The form as it was sent, when whoever was to be replaced has left meanwhile: who came stands there."""
    held = (one for one in queries.list_appointments(person_id) if one.ends_on is not None)
    left = next((one for one in held if permissions.may_reach(scope, one.commission_id, *OVERSEERS)), None)
    if left is None:
        raise NoLongerSeated(person_id)
    form, came = NewcomerForm(entry=_chosen(left.commission)), queries.map_successors([left.id]).get(left.id)
    name = left.person.full_name
    if came is None:
        sentence = _("Nothing was saved: %(name)s has left the seat meanwhile.", name=name)
    else:
        sentence = _(
            "Nothing was saved: %(name)s was replaced meanwhile, and %(came)s has come to the seat.",
            name=name,
            came=came.person.full_name,
        )
    form.form_errors.append(sentence)
    return _page(
        "commissions/replace.html", scope, left.commission, form, person=left.person, seat=left, came=came, waits=None
    )


@access.duty(*OFFICERS)
def fill(commission_id: int) -> ResponseReturnValue:
    """Seat somebody in a free seat."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *OVERSEERS)
    if commission.closed_on is not None:
        raise NotSeated(SeatFault.CLOSED)
    vacancy = queries.find_vacancy(commission.id)
    since = clock.today(commission.time_zone)
    entry = _chosen(commission)
    form = NewcomerForm(entry=entry, office=Office.MEMBER.value, since=since, act_on=since)
    if form.validate_on_submit():
        try:
            _check_chosen(entry)
            made = seating.fill_seat(
                commission=commission, coming=form.coming(), terms=form.seat_terms(), rename=form.renames, by=scope
            )
        except (Refused, Forbidden) as refusal:
            take_refusal(form, refusal)
        else:
            flash(_("%(name)s has a seat here now.", name=made.person.full_name))
            _flash_odd(form)
            return redirect(url_for("home.arrival", person_id=made.person_id))
    waits = reserve.find_next(commission)
    return _page("commissions/fill.html", scope, commission, form, vacancy=vacancy, waits=waits)


@access.duty(*OFFICERS)
def leave(person_id: int) -> ResponseReturnValue:
    """A member leaves and nobody comes as yet."""
    scope = current_scope()
    seat = permissions.get_seat_in_care(scope, person_id)
    person = seat.person
    form = ActForm(since=clock.today(seat.commission.time_zone))
    if form.validate_on_submit():
        try:
            seating.end_membership(appointment=seat, act=form.decision(), on=form.since.data, by=scope)
        except (Refused, Forbidden) as refusal:
            form.blame(getattr(refusal, "field", ""), refusal.sentence)
        else:
            flash(_("%(name)s has left the seat; it is free.", name=person.full_name))
            return redirect(url_for("commissions.show", commission_id=seat.commission_id))
    return _page("commissions/leave.html", scope, seat.commission, form, person=person, seat=seat)


@access.duty(*OFFICERS)
def take_back(person_id: int) -> ResponseReturnValue:
    """A replacement that was made by mistake is taken back: asked first, then done."""
    scope = current_scope()
    seat = permissions.get_seat_in_care(scope, person_id)
    left = seating.find_taken_back(seat)
    if left is None:
        flash(_("Nobody was replaced here, or the seat has changed hands since. Nothing has changed."), "wait")
        return redirect(url_for("commissions.history", person_id=person_id))
    form, account = FlaskForm(), find_account_of(seat.person_id)
    slip_at = find_slip_time(account.id) if account else None
    if form.validate_on_submit():
        try:
            seating.take_back_replacement(appointment=seat, by=scope)
        except (Refused, Forbidden) as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("%(name)s holds the seat again, as if there had been no replacement.", name=left.person.full_name))
            _flash_shut_out(seat.person, had_slip=slip_at is not None)
            _flash_no_slip(left.person)
            return redirect(url_for("commissions.person", person_id=left.person_id))
    page = render_template(
        "commissions/take_back.html",
        form=form,
        seat=seat,
        left=left,
        account=account,
        way=way_to(scope, seat.commission),
        office_name=office_name,
    )
    return page, 422 if form.errors else 200


@access.duty(*OFFICERS)
def take_leave_back(person_id: int) -> ResponseReturnValue:
    """Somebody left by mistake and nobody came: asked first, then they hold the seat as before."""
    scope = current_scope()
    form = FlaskForm()
    try:
        left = leave_back.get_leave(person_id, scope, request.args.get("seat", type=int))
        leave_back.check_may_take_back(left, scope)
        if form.validate_on_submit():
            leave_back.take_back_leave(appointment=left, by=scope)
            flash(_("%(name)s holds the seat as before, as if they had never left it.", name=left.person.full_name))
            _flash_no_slip(left.person)
            return redirect(url_for("commissions.person", person_id=person_id))
    except (Refused, Forbidden) as refusal:
        flash(refusal.sentence, "wait")
        return redirect(url_for("commissions.history", person_id=person_id))
    page = render_template(
        "commissions/take_leave_back.html",
        form=form,
        left=left,
        way=way_to(scope, left.commission),
        office_name=office_name,
    )
    return page, 422 if form.errors else 200


@access.duty(*OFFICERS)
def office(person_id: int) -> ResponseReturnValue:
    """A member gets another office in the same seat."""
    scope = current_scope()
    seat = permissions.get_seat_in_care(scope, person_id)
    person = seat.person
    form = OfficeForm(office=seat.office, since=clock.today(seat.commission.time_zone))
    if form.validate_on_submit():
        try:
            terms = form.terms(nominated_by=seat.nominated_by)
            changed = seating.change_office(appointment=seat, terms=terms, by=scope)
        except (Refused, Forbidden) as refusal:
            form.blame(getattr(refusal, "field", ""), refusal.sentence)
        else:
            words = _("%(name)s is now: %(office)s.", name=person.full_name, office=office_name(changed.office))
            flash(words)
            return redirect(url_for("commissions.person", person_id=person.id))
    return _page("commissions/office.html", scope, seat.commission, form, person=person, seat=seat)


@access.duty(*OFFICERS)
def correct(person_id: int) -> ResponseReturnValue:
    """A name, a phone number or the language of a member, or of a holder of a role, is put right."""
    scope = current_scope()
    reached = permissions.get_person_in_care(scope, person_id)
    person, commission = reached.person, reached.commission
    form = CorrectionForm(obj=person)
    if form.validate_on_submit():
        correct_person(person=person, fields=form.known(), by=scope)
        flash(_("Kept. What stood there before is in the record."))
        return redirect(url_for("commissions.person", person_id=person.id))
    page = render_template(
        "commissions/correct.html",
        form=form,
        person=person,
        commission=commission,
        way=way_to(scope, commission),
    )
    return page, 422 if form.is_submitted() else 200


@access.duty(*OFFICERS)
def number(person_id: int) -> ResponseReturnValue:
    """The identity number in full, once a reason is given; who looked and why is recorded."""
    scope = current_scope()
    seat = permissions.get_seat_in_care(scope, person_id)
    person = seat.person
    form, shown = ReasonForm(), ""
    if form.validate_on_submit():
        try:
            shown = reveal_number(person=person, reason=form.reason.data, by=scope)
        except Refused as refusal:
            form.reason.errors = [refusal.sentence]
    page = render_template(
        "commissions/number.html",
        form=form,
        person=person,
        shown=shown,
        commission=seat.commission,
        way=way_to(scope, seat.commission),
    )
    headers = {"Cache-Control": "no-store"}
    return page, 422 if form.is_submitted() and not shown else 200, headers


@access.duty(*OFFICERS)
def renumber(person_id: int) -> ResponseReturnValue:
    """An identity number that was typed wrongly is put right, or one that was not known entered, for a reason that is
    recorded."""
    scope = current_scope()
    reached = permissions.get_person_in_care(scope, person_id)
    permissions.check_may_renumber(scope, person_id)
    person, taken = reached.person, None
    was_known = person.number_hash is not None
    form = RenumberForm() if was_known else EnterNumberForm()
    if form.validate_on_submit():
        try:
            renumber_person(person=person, number=form.number.data, reason=form.reason.data, by=scope)
        except NumberTaken as refusal:
            taken, form.number.errors = refusal, [refusal.sentence]
        except (Refused, Forbidden) as refusal:
            blamed = form.number if isinstance(refusal, WrongNumber) else form.reason
            blamed.errors = [refusal.sentence]
        else:
            _flash_renumbered(person, was_known=was_known, is_odd=form.number_is_odd)
            return redirect(url_for("commissions.person", person_id=person.id))
    page = render_template(
        "commissions/renumber.html",
        form=form,
        person=person,
        taken=taken,
        joined=[one for one in list_entries_of(person) if one.id != person.id and one.number_last4],
        commission=reached.commission,
        way=way_to(scope, reached.commission),
    )
    return page, 422 if form.is_submitted() else 200, {"Cache-Control": "no-store"}


def _flash_renumbered(person: Person, *, was_known: bool, is_odd: bool) -> None:
    if was_known:
        flash(_("%(name)s is known by the right identity number now.", name=person.full_name))
    else:
        flash(_("%(name)s is known by this identity number now.", name=person.full_name))
    if was_known and came_by_number(person.id) is not None:
        words = _(
            "Somebody has signed in to this account through the provider of identities. If that may have been whoever "
            "the wrong number is of, print a new slip below: it takes back password and sessions."
        )
        flash(words, "wait")
    if is_odd:
        flash(odd_number_sentence(), "wait")


@access.duty(*STAFF)
def composition(commission_id: int) -> ResponseReturnValue:
    """Who sat in a commission on a day."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *WATCHERS)
    today = clock.today(commission.time_zone)
    on, sentence = _day_asked(today)
    return render_template(
        "commissions/composition.html",
        commission=commission,
        way=way_to(scope, commission),
        on=on,
        today=today,
        sentence=sentence,
        said=date_in_full(on),
        members=queries.list_members_on(commission.id, on),
        office_name=office_name,
    ), 422 if sentence else 200


@access.duty(*STAFF)
def history(person_id: int) -> ResponseReturnValue:
    """Every seat that a person held or holds, as far as the reader looks after the commissions."""
    scope = current_scope()
    person = permissions.get_person_ever(scope, person_id, *WATCHERS)
    grants = permissions.list_roles_of(scope, person.id, *WATCHERS)
    entries = list_entries_of(person)
    held = [one for entry in entries for one in queries.list_appointments(entry.id)]
    held.sort(key=lambda one: (one.starts_on, one.id), reverse=True)
    seats = [one for one in held if permissions.may_reach(scope, one.commission_id)]
    now = queries.find_seat_of(person.id)
    oversees = now is not None and permissions.may_reach(scope, now.commission_id, *OVERSEERS)
    roles_held = staff.list_roles_held(scope, person.id)
    return render_template(
        "commissions/history.html",
        roles_held=roles_held,
        login=roles_held[0].grant.account.login if roles_held else "",
        role_name=role_name,
        person=person,
        seats=seats,
        entries=[one for one in entries if one.id == person.id or one.id in {seat.person_id for seat in seats}],
        now=now,
        successors=queries.map_successors([one.id for one in seats]),
        takes_back=now is not None and oversees and seating.find_taken_back(now) is not None,
        leaves=leave_back.list_leaves(person.id, scope),
        replacement=leave_back.find_replacement(person.id, scope),
        has_page=(now is not None and now in seats) or bool(grants),
        place=now.commission if now is not None else grants[0].commission if grants else None,
        inspects=bool(grants)
        or bool(roles_held)
        or any(permissions.may_reach(scope, one.commission_id, *INSPECTORS) for one in seats),
        administers=scope.holds(Role.CEC_ADMINISTRATOR),
        name_of=name_of,
        office_name=office_name,
        kind_name=kind_name,
        sees_nomination={one.id for one in seats if permissions.may_see_nomination(scope, one.commission_id)},
    )


@access.duty(*STAFF)
def vacancies(commission_id: int) -> ResponseReturnValue:
    """The free seats of a branch, commission by commission."""
    scope = current_scope()
    commission = permissions.get_commission(scope, commission_id, *WATCHERS)
    count = queries.count_free_seats(commission.id)
    page, last = asked_page(count.commissions, PAGE)
    rows = queries.list_with_free_seats(commission.id, offset=(page - 1) * PAGE, limit=PAGE)
    return render_template(
        "commissions/vacancies.html",
        commission=commission,
        way=way_to(scope, commission),
        count=count,
        rows=rows,
        above=queries.list_named(
            {place.parent_id for place, _free in rows if place.parent_id not in (None, commission.id)}
        ),
        page=page,
        last=last,
        fills=permissions.may_reach(scope, commission.id, *OVERSEERS),
    )


def _chosen(commission: Commission) -> ReserveEntry | None:
    """The entry of the reserve that the address names. On the way to the form it is refused when it no longer waits."""
    asked = request.args.get("reserve", type=int)
    if asked is None:
        return None
    reserve.check_kept()
    entry = reserve.get_entry(commission.id, asked)
    if request.method == "GET":
        reserve.check_waits(entry)
    return entry


def _check_chosen(entry: ReserveEntry | None) -> None:
    if entry is not None:
        reserve.check_waits(entry)


def _flash_shut_out(person: Person, *, had_slip: bool) -> None:
    account = find_account_of(person.id)
    if account is None or not seating.loses_access(account):
        return
    if had_slip:
        flash(_("The slip of %(name)s no longer works, and %(name)s is signed out everywhere.", name=person.full_name))
    else:
        flash(_("%(name)s is signed out everywhere.", name=person.full_name))


def _flash_no_slip(person: Person) -> None:
    """A slip that was given before the replacement does not come back to life: whoever has it would not get in."""
    account = find_account_of(person.id)
    if account is not None and account.password_hash is None and find_slip_time(account.id) is None:
        words = _("An earlier slip of %(name)s does not work any more. Print a new one below.", name=person.full_name)
        flash(words, "wait")


def _flash_odd(form: NewcomerForm) -> None:
    if form.number_is_odd:
        flash(odd_number_sentence(), "wait")


def _day_asked(today: date) -> tuple[date, str]:
    """The day in the address and nothing, or today and what is wrong with the one that was typed."""
    typed = request.args.get("on", "").strip()
    try:
        return (date.fromisoformat(typed) if typed else today), ""
    except ValueError:
        return today, _("This is no date. Choose one, or type it as 2026-11-20.")


def _here(**query: int) -> str:
    """The address of this very page with another query."""
    values: dict[str, Any] = {**(request.view_args or {}), **query}
    return url_for(request.endpoint or "", **values)


def _page(template: str, scope: Scope, commission: Commission, form: ActForm, **values: object) -> ResponseReturnValue:
    page = render_template(
        template,
        form=form,
        commission=commission,
        way=way_to(scope, commission),
        office_name=office_name,
        chair=queries.find_chair(commission.id),
        sees_nomination=permissions.may_see_nomination(scope, commission.id),
        here=_here,
        **{"came": None, **values},
    )
    return page, 422 if form.is_submitted() else 200

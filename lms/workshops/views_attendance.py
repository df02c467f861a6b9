"""Attendance: a plain form, and the same tick by tick for a page that keeps ticks while the link is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.commissions.identity import current_scope
from lms.commissions.names import name_of
from lms.core import clock
from lms.core.errors import CascadeError, Refused
from lms.core.web import access
from lms.core.web.languages import _, _n
from lms.workshops import listing, queries, rules, words
from lms.workshops.attendance import Outcome, record_attendance
from lms.workshops.closing import closed_sentence, is_closed
from lms.workshops.permissions import SCHEDULERS, check_may_manage

TRAINERS = tuple(role.value for role in SCHEDULERS)
MOST_MARKS = 1000


def add_to(blueprint: Blueprint) -> None:
    """Register these pages."""
    blueprint.add_url_rule("/workshops/<int:workshop_id>/attendance", view_func=attendance, methods=["GET", "POST"])
    blueprint.add_url_rule("/workshops/<int:workshop_id>/attendance/marks", view_func=marks, methods=["POST"])


@access.duty(*TRAINERS)
def attendance(workshop_id: int) -> ResponseReturnValue:
    """One line a person: was there, was not."""
    scope, now = current_scope(), clock.now()
    workshop = queries.get_workshop(scope, workshop_id)
    check_may_manage(scope, workshop)
    rows = listing.list_rows(workshop)
    if request.method == "POST":
        outcomes = record_attendance(workshop=workshop, marks=_marks_of_form(rows, now), by=scope)
        _say(outcomes)
        return redirect(url_for("workshops.attendance", workshop_id=workshop.id))
    find = request.args.get("find", "").strip()[:80]
    return render_template(
        "workshops/attendance.html",
        workshop=workshop,
        title=queries.title_of(workshop),
        rows=rows,
        here=sum(1 for row in rows if row.present),
        away=sum(1 for row in rows if row.present is False),
        closed=closed_sentence() if is_closed(workshop) else "",
        listed=rules.may_open_list(workshop.state, workshop.starts_at, now),
        opens=rules.may_take_attendance(workshop.state, workshop.starts_at, now),
        opens_at=workshop.starts_at - rules.ATTENDANCE_OPENS,
        opens_in=round((workshop.starts_at - rules.ATTENDANCE_OPENS - now).total_seconds()),
        category_name=words.category_name,
        find=find,
        found=listing.list_named(workshop, find),
        account_id=scope.account_id,
    )


@access.duty(*TRAINERS)
def marks(workshop_id: int) -> ResponseReturnValue:
    """Ticks from a device, perhaps kept there for hours: `{"sent_at": ISO, "marks": [{"person", "present", "at",
    "rest", "was"}]}`; `rest`: by the button for all others, `was`: what the page showed before. The answer says what
    stands for each of them; only that is saved. It also says who of the list is here, not here, not ticked yet."""
    scope = current_scope()
    try:
        workshop = queries.get_workshop(scope, workshop_id)
        check_may_manage(scope, workshop)
        sent = _marks_of_device(request.get_json(silent=True))
        outcomes = record_attendance(workshop=workshop, marks=sent, by=scope)
    except CascadeError as refusal:
        return jsonify({"sentence": refusal.sentence}), refusal.status
    told = [
        {
            "person": one.person_id,
            "present": one.present,
            "sentence": one.sentence,
            "note": one.note,
            "way": _way_on(one),
        }
        for one in outcomes
    ]
    return jsonify({"outcomes": told, "list": _standing(listing.list_rows(workshop))})


def _standing(rows: list[listing.Row]) -> dict[str, list[int]]:
    """The people of the list by what stands of them at the server."""
    kinds = {"here": True, "away": False, "open": None}
    return {name: [row.person.id for row in rows if row.present is present] for name, present in kinds.items()}


def _marks_of_form(rows: list[listing.Row], now: datetime) -> list[rules.Mark]:
    """Ticks that differ from what the page showed when it was opened; with "all present" everyone else who is not
    ticked yet, too."""
    found = []
    for name, value in request.form.items():
        kind, _dash, number = name.partition("-")
        if kind == "person" and number.isdigit() and value in ("1", "0") and request.form.get(f"was-{number}") != value:
            seen = _seen(request.form.get(f"was-{number}"))
            found.append(rules.Mark(int(number), value == "1", now, seen=seen))
    if "all" in request.form:
        named = {mark.person_id for mark in found}
        others = (row.person.id for row in rows if row.present is None)
        found += [rules.Mark(one, True, now, rest=True) for one in others if one not in named]
    return found


def _seen(was: Any) -> rules.Seen:
    return rules.Seen(was) if was in {"", "1", "0"} else rules.Seen.UNSAID


def _marks_of_device(sent: Any) -> list[rules.Mark]:
    now = clock.now()
    try:
        device_now = _moment(sent["sent_at"])
        found = [
            rules.Mark(
                int(mark["person"]),
                mark["present"] is True,
                rules.true_moment(_moment(mark["at"]), device_now, now),
                rest=mark.get("rest") is True,
                seen=_seen(mark.get("was")),
            )
            for mark in sent["marks"][:MOST_MARKS]
        ]
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as wrong:
        raise Refused(_("The ticks could not be read. Reload the page and tick again.")) from wrong
    return found


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


def _way_on(outcome: Outcome) -> dict[str, str] | None:
    """Where to go on when a tick was not taken because of a certificate."""
    if outcome.certificate_id is not None:
        address = url_for("certificates.withdraw", certificate_id=outcome.certificate_id)
        return {"address": address, "words": _("Withdraw the certificate")}
    if outcome.asked is not None:
        address = url_for("commissions.show", commission_id=outcome.asked.id)
        return {"address": address, "words": name_of(outcome.asked)}
    return None


def _with_link(outcome: Outcome) -> str:
    way = _way_on(outcome)
    if way is None:
        return outcome.sentence
    return Markup('{} <a href="{}">{}</a>').format(outcome.sentence, way["address"], way["words"])


def _say(outcomes: list[Outcome]) -> None:
    saved = sum(1 for one in outcomes if one.taken and not one.sentence)
    if saved:
        flash(_n("%(n)s tick is saved.", "%(n)s ticks are saved.", saved))
    for note in dict.fromkeys(one.note for one in outcomes if one.note):
        flash(note, "wait")
    for words_and_link in dict.fromkeys(_with_link(one) for one in outcomes if one.sentence):
        flash(words_and_link, "today")
    if not saved and not any(one.note or one.sentence for one in outcomes):
        flash(_("Nothing was changed, so there was nothing to save."), "wait")
